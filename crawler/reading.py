"""Reading without a network: a document in, the row a crawl would make of it out."""

import inspect
from collections.abc import Sequence
from typing import Any, Protocol

import msgspec
from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from crawler.identity import identify
from crawler.items import Article
from crawler.page import ArticlePage, Document, read_page
from crawler.rules import AgencyRules

_NO_TIME = "1970-01-01T00:00:00Z"


class Step(Protocol):
    """A pipeline that decides something about an article from the article alone."""

    def process_item(self, item: Any) -> Any:
        """Return the item with the decision made, or raise DropItem."""


def load_steps(settings: BaseSettings, rules: AgencyRules) -> list[Step]:
    """Return the pipelines of the settings, in order, that are built from an agency's rules.

    The others, which compare and store, have no part in reading.
    """
    orders = settings.getdict("ITEM_PIPELINES")
    paths = sorted((path for path in orders if orders[path] is not None), key=orders.__getitem__)
    classes = [load_object(path) for path in paths]
    return [step(rules) for step in classes if "rules" in inspect.signature(step).parameters]


def read_article(
    document: Document,
    layouts: Sequence[type[ArticlePage]],
    steps: Sequence[Step],
    *,
    fetched_at: str = _NO_TIME,
) -> Article:
    """Read an article as a crawl does; what only a run knows has its default.

    Raises UnreadablePage, identity's NotAnArticle, and DropItem if a step refuses the article.
    """
    page = read_page(document, layouts)
    draft = page.draft()
    identity = identify(document.url, page.rules.address, page.rules.name)
    draft.id, draft.url = identity.id, identity.url
    draft.first_seen_at = draft.fetched_at = fetched_at
    item: Any = draft
    for step in steps:
        item = step.process_item(item)
    fields = {name: getattr(item, name) for name in Article.__dataclass_fields__}
    return msgspec.convert(msgspec.to_builtins(fields), Article)

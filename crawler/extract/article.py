"""Reads articles without a network: makes the row that a crawl would make of a document.

Running the same code again right away takes three quarters of the time, because it and its data are
still in the processor's cache. So where many articles are read, each part is done for all of them
before the next part.
"""

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

import msgspec

from crawler.extract.document import Document
from crawler.extract.errors import AnotherArticle, BadBody, Shell, UnknownLayout, UnreadablePage
from crawler.extract.memento import Memento
from crawler.extract.normalise import NORMALISERS, count_nothing, validate
from crawler.extract.page import ArticlePage, draft_of, next_page, read_page
from crawler.extract.unknown_layout import UnknownPage, guess, speaks_of
from crawler.model.article import Article, Draft
from crawler.model.fields import Fields
from crawler.model.identity import Identity, identify
from crawler.model.link import Link
from crawler.model.rules import AgencyRules

T = TypeVar("T")
Steps = Generator[None, None, T]  # yields after each part, returns the result

_NO_TIME = "1970-01-01T00:00:00Z"


def finish(steps: Steps[T]) -> T:
    """Run all parts of one reading, and return its result."""
    (result,) = interleave([steps])
    return result


def interleave(several: Iterable[Steps[T]]) -> list[T]:
    """Run one part of each reading in turn until all are done. Return the results in order.

    An exception in one of them ends all.
    """
    results: dict[int, T] = {}
    waiting = list(enumerate(several))
    while waiting:
        still = []
        for number, steps in waiting:
            try:
                next(steps)
            except StopIteration as end:
                results[number] = end.value
            else:
                still.append((number, steps))
        waiting = still
    return [results[number] for number in sorted(results)]


class Normaliser(Protocol):
    """A pipeline that decides something about an article, from the article alone."""

    def process_item(self, item: Any) -> Any:
        """Return the item with the decision made. A pipeline raises ``DropItem`` to refuse it."""


@dataclass(frozen=True, slots=True)
class Normalise:
    """All steps of ``crawler.extract`` in one: what a crawl's pipelines do, without a run."""

    rules: AgencyRules

    def process_item(self, item: Draft) -> Article:
        """Return the article. Raises ``InvalidArticle`` if it is not a valid row."""
        fields = Fields(item)
        for normalise in NORMALISERS:
            normalise(fields, self.rules, count_nothing)
        return validate(fields, self.rules)


def read_article(
    document: Document,
    layouts: Sequence[type[ArticlePage]],
    normalisers: Sequence[Normaliser],
    *,
    identity: Identity | None = None,
    link: Link | None = None,
    fetched_at: str = _NO_TIME,
    guesses: bool = False,
) -> Article:
    """Read an article as a crawl does. Values that only a run knows have their defaults.

    ``identity``: of the requested article; the response must not name another one. ``guesses``:
    whether a page without a known layout is read as well, if it is certainly the article
    (``crawler.extract.unknown_layout``). Raises UnreadablePage, NotAnArticle of ``identity``, and
    what a step refuses the article with: InvalidArticle, or a pipeline's DropItem.
    """
    draft = read_draft(
        document, layouts, identity=identity, link=link, fetched_at=fetched_at, guesses=guesses
    )
    if draft.is_guess and not speaks_of(draft.title, draft.body):
        raise UnknownLayout(f"{document.url}: the text may be boilerplate")
    return finish(settle(draft, normalisers))


def read_draft(
    document: Document,
    layouts: Sequence[type[ArticlePage]],
    *,
    identity: Identity | None = None,
    link: Link | None = None,
    fetched_at: str = _NO_TIME,
    archived_as: Memento | None = None,
    guesses: bool = False,
    follow: Callable[[str], Document] | None = None,
) -> Draft:
    """Return the raw fields of a response. Raises UnreadablePage and NotAnArticle.

    ``guesses``: whether a page without a known layout is read as well, however sure it is.
    ``follow`` returns the other pages of an article that has several; without it, only the first is
    read.
    """
    try:
        page = read_page(document, layouts)
    except UnreadablePage as error:
        guessed = guess_page(document, layouts, identity, link, error) if guesses else None
        if guessed is None:
            raise
        page = guessed
    if identity and page.ids and identity.id not in page.ids:
        raise AnotherArticle(document.url)
    identity = identity or identify(document.url, page.rules.address, page.rules.name)
    pages = [page]
    while follow and (address := next_page(pages)):
        pages.append(read_page(follow(address), layouts))
    return draft_of(
        page, identity, link, fetched_at=fetched_at, archived_as=archived_as, more=pages[1:]
    )


def guess_page(
    document: Document,
    layouts: Sequence[type[ArticlePage]],
    identity: Identity | None,
    link: Link | None,
    error: UnreadablePage,
) -> UnknownPage | None:
    """Return the article on a page that no layout could read. None if it is not one.

    ``error``: why the layouts could not read it. Raises NotAnArticle.
    """
    if isinstance(error, (BadBody, Shell)) or document.is_json:
        return None
    rules = layouts[0].rules
    document = replace(document, charset=rules.charset)
    identity = identity or identify(document.url, rules.address, rules.name)
    return guess(document, rules, identity.id, link)


def settle(item: Any, normalisers: Sequence[Normaliser]) -> Steps[Article]:
    """Apply the normalisers, one per part. Raises what a normaliser refuses the article with."""
    for normaliser in normalisers:
        item = normaliser.process_item(item)
        yield
    if type(item) is Article:
        return item
    fields = {name: getattr(item, name) for name in Article.__dataclass_fields__}
    return msgspec.convert(msgspec.to_builtins(fields), Article)

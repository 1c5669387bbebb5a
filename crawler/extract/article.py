"""Reading without a network: a document in, the row a crawl would make of it out.

Code that has just run runs again in three quarters of the time: the processor still holds it, and
what it looks things up in. So where many articles are read, each part is done for all of them
before the next part.
"""

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Protocol, TypeVar

import msgspec

from crawler.extract.errors import AnotherArticle, BadBody, Shell, UnknownLayout, UnreadablePage
from crawler.extract.memento import Memento
from crawler.extract.normalise import NORMALISERS, count_nothing
from crawler.extract.page import ArticlePage, Document, read_page
from crawler.extract.rights import rights_of
from crawler.extract.unknown import UnknownPage, guess, speaks_of
from crawler.extract.validate import validate
from crawler.model.article import Article, Draft
from crawler.model.fields import Fields
from crawler.model.identity import Identity, identify
from crawler.model.link import Link
from crawler.model.rules import AgencyRules
from crawler.text.body import without_second_copy

T = TypeVar("T")
Steps = Generator[None, None, T]  # yields after each part, returns the result

MOST_PAGES = 20  # of an article
_NO_TIME = "1970-01-01T00:00:00Z"


def finish(steps: Steps[T]) -> T:
    """Do all parts of a work."""
    (result,) = interleave([steps])
    return result


def interleave(several: Iterable[Steps[T]]) -> list[T]:
    """Do one part of each work after the other until all are done; return their results in order.

    What a work raises ends it all.
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
    """A pipeline that decides something about an article from the article alone."""

    def process_item(self, item: Any) -> Any:
        """Return the item with the decision made, or refuse it: a pipeline by DropItem."""


@dataclass(frozen=True, slots=True)
class Normalise:
    """All steps of ``crawler.extract`` in one: what a crawl's pipelines do, without a run."""

    rules: AgencyRules

    def process_item(self, item: Draft) -> Article:
        """Return the article; raise ``InvalidArticle`` if it is no valid row."""
        fields = Fields(item)
        for normalise in NORMALISERS:
            normalise(fields, self.rules, count_nothing)
        return validate(fields, self.rules)


def draft_of(
    page: ArticlePage,
    identity: Identity,
    link: Link | None,
    *,
    fetched_at: str,
    archived_as: Memento | None = None,
    more: Sequence[ArticlePage] = (),
) -> Draft:
    """Return what a page says, with what is known of the article; ``more``: where it goes on.

    ``fetched_at``: when we had it; what a web archive captured was said when it was captured.
    """
    draft = _joined(page.draft(), more)
    draft.id, draft.url, draft.link = identity.id, identity.url, link
    draft.rights = rights_of(page.document)
    draft.first_seen_at = draft.fetched_at = fetched_at
    if archived_as:
        draft.fetched_at, draft.archive_url = archived_as.taken_at, archived_as.shown
    if link:
        draft.modified_at = draft.modified_at or link.modified_raw
    return draft


def _joined(draft: Draft, more: Sequence[ArticlePage]) -> Draft:
    """Add the text, the pictures and the videos of an article's other pages."""
    if not more:
        return draft
    texts = "\n\n".join([draft.body, *(page.body for page in more)]).split("\n\n")
    draft.body = "\n\n".join(without_second_copy(texts))
    images = chain(draft.images, *(page.images for page in more))
    draft.images = list({image.url: image for image in reversed(list(images))}.values())[::-1]
    videos = chain(draft.videos, *(page.videos for page in more))
    draft.videos = list({video.url: video for video in videos}.values())
    return draft


def next_page(pages: Sequence[ArticlePage]) -> str | None:
    """Return where an article goes on behind the pages that were read; None at its end.

    Raises ``BadBody`` if there is no end to it.
    """
    seen = {page.document.url for page in pages}
    address = next((one for one in pages[-1].further_pages if one not in seen), None)
    if address and len(pages) >= MOST_PAGES:
        raise BadBody(f"more than {MOST_PAGES} pages", address)
    return address


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
    """Read an article as a crawl does; what only a run knows has its default.

    ``identity``: of the article that was asked for; the answer must not say that it is another.
    ``guesses``: whether a page that no layout describes is read nevertheless, if that is sure
    (``crawler.extract.unknown``). Raises UnreadablePage, identity's NotAnArticle, and what a step
    refuses the article with: InvalidArticle, or a pipeline's DropItem.
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
    """Return what an answer says, raw; raises UnreadablePage and identity's NotAnArticle.

    ``guesses``: whether also what no layout describes, however sure it is. ``follow`` returns the
    other pages of an article that has several; else only its first one is read.
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
    """Return the article on a page that the layouts could not read, for an ``error``, if it is one.

    Raises identity's NotAnArticle.
    """
    if isinstance(error, (BadBody, Shell)) or document.is_json:
        return None
    rules = layouts[0].rules
    document = replace(document, charset=rules.charset)
    identity = identity or identify(document.url, rules.address, rules.name)
    return guess(document, rules, identity.id, link)


def settle(item: Any, normalisers: Sequence[Normaliser]) -> Steps[Article]:
    """Apply the normalisers, one at a time; raises what one refuses the article with."""
    for normaliser in normalisers:
        item = normaliser.process_item(item)
        yield
    if type(item) is Article:
        return item
    fields = {name: getattr(item, name) for name in Article.__dataclass_fields__}
    return msgspec.convert(msgspec.to_builtins(fields), Article)

"""Pages: a document in, the raw fields of an article out. No Scrapy here."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import chain
from typing import ClassVar, Literal
from urllib.parse import urlsplit

from crawler.extract.document import Document
from crawler.extract.errors import BadBody, UnknownLayout, UnreadablePage
from crawler.extract.memento import Memento
from crawler.extract.rights import rights_of
from crawler.extract.version import reading_code
from crawler.model.article import Draft, Extractor, Image, Label, Person, Translation, Video
from crawler.model.identity import Identity, NotAnArticle, identify
from crawler.model.link import Link, announces
from crawler.model.rules import AgencyRules
from crawler.text.body import without_second_copy
from crawler.text.dates import read_http_date

MOST_PAGES = 20  # of an article
_AT_ONCE = timedelta(seconds=5)  # between a request and what a server made for it


class ArticlePage:
    """An article in one layout. Every field has a default; a layout overrides those it has.

    Values are raw: ``body`` has every paragraph in the order of the page (separated by a blank
    line), with lead, byline and boilerplate; dates are as written. The pipelines do the rest. A
    layout is a subclass with ``layout``, ``matches`` and properties, its selectors named as
    constants above them.
    """

    rules: ClassVar[AgencyRules]
    layout: ClassVar[str]
    source: ClassVar[Literal["page", "api"]] = "page"

    def __init__(self, document: Document) -> None:
        self.document = document

    def matches(self) -> bool:
        """Return whether the document's content, not its address, is an article in this layout."""
        raise NotImplementedError

    def explain(self) -> UnreadablePage | None:
        """Return why a document matches no layout, if this layout knows its kind."""
        return None

    @cached_property
    def base(self) -> str:
        """The address that the page's relative links start from.

        Its host is the agency's own, or the page's if pages of that host are only there.
        """
        address, rules = urlsplit(self.document.url), self.rules.address
        is_apart = address.hostname in rules.apart
        site = f"{urlsplit(rules.site).scheme}://{address.hostname}" if is_apart else rules.site
        return self.document.base_of(f"{site}{address.path or '/'}")

    @property
    def ids(self) -> Collection[str]:
        """The article's ids in the response itself. Empty if there are none."""
        return ()

    @cached_property
    def own_ids(self) -> tuple[str, ...]:
        """The ids of articles whose addresses the page states as its own, rightly or not."""
        found = []
        for address in self.document.own_addresses:
            with suppress(NotAnArticle):
                found.append(identify(address, self.rules.address, self.rules.name).id)
        return tuple(dict.fromkeys(found))

    @property
    def title(self) -> str:
        """The headline, plain text on one line."""
        return ""

    @property
    def summary(self) -> str | None:
        """The lead, if the page marks it."""
        return None

    @property
    def body(self) -> str:
        """Every paragraph in the order of the page."""
        return ""

    @property
    def authors(self) -> Sequence[Person]:
        """The persons that the page names outside the text."""
        return ()

    @property
    def byline_raw(self) -> str | None:
        """The byline as written, if the page marks it."""
        return None

    @property
    def credit(self) -> str | None:
        """The organisations that the page names as authors outside the text."""
        return None

    @property
    def edition(self) -> str | None:
        """The edition, if the page's host has one."""
        return self.rules.address.apart.get(urlsplit(self.document.url).hostname or "")

    @property
    def published_raw(self) -> str | None:
        """The date of publication as written."""
        return None

    @property
    def modified_raw(self) -> str | None:
        """The date of the last change as written."""
        return None

    @property
    def category(self) -> Label | None:
        """The section."""
        return None

    @property
    def tags(self) -> Sequence[Label]:
        """The site's own tags."""
        return ()

    @property
    def images(self) -> Sequence[Image]:
        """The pictures, the lead picture first."""
        return ()

    @property
    def videos(self) -> Sequence[Video]:
        """The videos."""
        return ()

    @property
    def further_pages(self) -> Sequence[str]:
        """Addresses of other pages of the same article, in order; this one may be any of them."""
        return ()

    @property
    def translations(self) -> Sequence[Translation]:
        """The same story in other editions."""
        return ()

    def draft(self) -> Draft:
        """Return the raw fields, with the layout and code that read them."""
        return Draft(
            agency=self.rules.name,
            title=self.title,
            summary=self.summary,
            body=self.body,
            authors=list(self.authors),
            byline_raw=self.byline_raw,
            credit=self.credit,
            edition=self.edition,
            published_raw=self.published_raw,
            modified_at=self.modified_raw,
            category=self.category,
            tags=list(self.tags),
            images=list(self.images),
            videos=list(self.videos),
            translations=list(self.translations),
            extractor=Extractor(self.layout, self.source, reading_code(self.rules.name)),
            own_ids=self.own_ids,
        )


def read_page(document: Document, layouts: Sequence[type[ArticlePage]]) -> ArticlePage:
    """Return the page in the first layout that matches its content.

    Raises UnreadablePage: BadBody, EmptyPage (the API may have it), OtherPage or UnknownLayout.
    """
    charset = layouts[0].rules.charset
    if document.charset != charset:  # keeps what is decoded already
        document = replace(document, charset=charset)
    pages = [layout(document) for layout in layouts]
    for page in pages:
        if page.matches():
            return page
    for page in pages:
        if miss := page.explain():
            raise miss
    raise UnknownLayout(f"{document.url}: none of {len(layouts)} layouts matches this page")


def draft_of(
    page: ArticlePage,
    identity: Identity,
    link: Link | None,
    *,
    fetched_at: str,
    archived_as: Memento | None = None,
    more: Sequence[ArticlePage] = (),
) -> Draft:
    """Return the draft of a page, with what else is known of the article.

    ``fetched_at``: when we received it. For a capture of a web archive, the draft has the time of
    the capture instead. ``more``: the article's further pages.
    """
    draft = _joined(page.draft(), more)
    draft.id, draft.url, draft.link = identity.id, identity.url, link
    draft.rights = rights_of(page.document)
    draft.first_seen_at = draft.fetched_at = fetched_at
    if archived_as:
        draft.fetched_at, draft.archive_url = archived_as.taken_at, archived_as.shown
    if link:
        draft.modified_at = draft.modified_at or link.modified_raw
        if link.last_modified and page.source == "page" and not more:
            asked = datetime.fromisoformat(fetched_at)
            draft.announced = _announces(link.last_modified, page.document.headers, asked)
    return draft


def _announces(before: str, headers: Mapping[str, str], asked: datetime) -> bool | None:
    """Return whether ``Last-Modified`` announces a change since it was ``before``.

    It does not if it may be the time at which the server was ``asked``.
    """
    after = read_http_date(headers.get("last-modified"))
    asked = read_http_date(headers.get("date")) or asked
    is_of_request = after is not None and abs(after - asked) <= _AT_ONCE
    return None if is_of_request else announces(read_http_date(before), after)


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
    """Return the address of the article's next unread page. None if all are read.

    Raises ``BadBody`` after ``MOST_PAGES``.
    """
    seen = {page.document.url for page in pages}
    address = next((one for one in pages[-1].further_pages if one not in seen), None)
    if address and len(pages) >= MOST_PAGES:
        raise BadBody(f"more than {MOST_PAGES} pages", address)
    return address

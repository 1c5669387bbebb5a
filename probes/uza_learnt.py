"""What a probe of UzA has learnt so far, and how its answers are taken apart."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from unicodedata import normalize

from crawler.discovery.listing import Listing
from crawler.extract.errors import UnreadablePage
from crawler.extract.page import ArticlePage, Document, read_page
from crawler.model.identity import Identity, NotAnArticle, identify
from crawler.model.link import Found
from crawler.probe.finding import Fact, Finding
from crawler.probe.visit import Reply
from crawler.text.dates import Timestamp, UnreadableDate, read_timestamp
from pages.uza import LAYOUTS, RULES
from spiders.uza import UzaSpider

FIRST_EDITION = "en"  # small enough that its list ends soon
MISSING_ID = 999999999999  # the counter will not get there


@dataclass
class Learnt:
    """Grows while a probe asks; later questions come from earlier answers."""

    agency: UzaSpider
    home: Document | None = None
    feeds: dict[str, Sequence[Found]] = field(default_factory=dict)
    posts: list[dict[str, Any]] = field(default_factory=list)
    entries: Sequence[Found] = ()
    imported_slug: str | None = None
    article: Found | None = None
    detail: ArticlePage | None = None
    bodies: list[str] = field(default_factory=list)

    def listing(self, edition: str, road: str) -> Listing:
        """Return the listing that a crawl reads for an edition on a road."""
        listings = (one for chain in self.agency.roads(edition) for one in chain)
        return next(listing for listing in listings if listing.road == road)

    def identity(self, url: str) -> Identity | None:
        """Return whose address it is; None if it is no article's."""
        try:
            return identify(self.agency.site.public(url), RULES.address, RULES.name)
        except NotAnArticle:
            return None

    def number(self, url: str) -> int | None:
        """Return the number of the post at an address, if it has one."""
        identity = self.identity(url)
        name = identity.id.partition(":")[2] if identity else ""
        return int(name) if name.isdecimal() else None

    @property
    def slug(self) -> str:
        """The last part of the chosen article's address."""
        identity = self.identity(self.article.url) if self.article else None
        assert identity is not None
        return identity.url.rpartition("/")[2]

    @property
    def native_id(self) -> int | None:
        """The chosen article's number, if it has one."""
        return self.number(self.article.url) if self.article else None


def read_post(reply: Reply) -> ArticlePage | str:
    """Return the article an answer holds, or in words why there is none."""
    if reply.document is None or reply.status != 200:
        return reply.told
    try:
        return read_page(reply.document, LAYOUTS)
    except UnreadablePage as error:
        return f"HTTP 200, {error.reason}"


def json_of(reply: Reply) -> Any:
    """Return an answer's JSON, or None if it has none."""
    if reply.document is None or reply.status != 200:
        return None
    try:
        return reply.document.json
    except UnreadablePage:
        return None


def attributes(document: Document, selector: str, name: str) -> list[str]:
    """Return what an attribute says in the elements that a selector picks."""
    values = (node.attributes.get(name) for node in document.tree.css(selector))
    return [value for value in values if value]


def kind_of(reply: Reply) -> str:
    """Say what came back where JSON was expected."""
    if reply.document is None or reply.status != 200:
        return reply.told
    return f"HTTP 200, {reply.header('content-type') or 'no content type'}, no JSON of that form"


def whole(value: Any) -> int | None:
    """Return a whole number, which an API may write as text; None for anything else."""
    return int(str(value)) if re.fullmatch(r"[0-9]{1,9}", str(value)) else None


def moment(raw: str | None) -> Timestamp | None:
    """Read a time in any shape the agency's rules know; None if it has none of them."""
    try:
        return read_timestamp(raw, RULES.timestamp) if raw else None
    except UnreadableDate:
        return None


def unlike(fact: Fact, reply: Reply, seen: str) -> Finding:
    """Find something else than expected, or nothing at all if there was no answer."""
    return fact.differs(seen) if reply.document else fact.unclear(seen)


def same(one: str, other: str) -> bool:
    """Tell whether two texts are equal but for spaces and ways of writing a letter."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return " ".join(normalize("NFKC", text).split())

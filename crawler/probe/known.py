"""The facts that a probe knows about a site so far. Later questions depend on them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from unicodedata import normalize

from crawler.crawl.spider import AgencySpider
from crawler.discovery.listing import Listing, ListPage, NotAListing, joined
from crawler.extract.article import Normaliser
from crawler.extract.document import Document
from crawler.extract.errors import UnreadablePage
from crawler.extract.page import ArticlePage, read_page
from crawler.model.identity import Identity, NotAnArticle, identify
from crawler.model.link import Link
from crawler.model.rules import AgencyRules
from crawler.probe.visit import Reply, Visit
from crawler.store.frontier import PendingArticle
from crawler.text.dates import Timestamp, UnreadableDate, read_timestamp


@dataclass
class Known:
    """Grows while a probe runs. ``normalisers``: the pipelines that make a row of a draft.

    ``replies`` and ``entries``: by source, such as ``en/rss``. ``later``: sources that are checked
    last.
    """

    agency: AgencySpider
    visit: Visit
    normalisers: Sequence[Normaliser]
    replies: dict[str, Reply] = field(default_factory=dict)
    entries: dict[str, list[Link]] = field(default_factory=dict)
    pages: list[tuple[Link, Reply]] = field(default_factory=list)
    later: dict[str, Listing] = field(default_factory=dict)

    @property
    def rules(self) -> AgencyRules:
        """The agency's rules."""
        return self.agency.rules

    def chains(self) -> Iterator[Sequence[Listing]]:
        """Yield the sources of every edition: each with its alternatives."""
        for edition in self.rules.editions:
            yield from filter(None, self.agency.sources(edition))

    async def read(self, listing: Listing, number: int) -> tuple[Reply, ListPage | str]:
        """Request a page of a source. Return it parsed, or the reason why that failed."""
        reply = await self.follow(listing.address(number))
        if reply.document is None or reply.status != 200:
            return reply, reply.told
        try:
            page = listing.read(reply.document)
        except (NotAListing, UnreadablePage) as error:
            return reply, f"HTTP 200, {error}"
        links = [replace(one, url=joined(reply.document.url, one.url)) for one in page.entries]
        return reply, replace(page, entries=links)

    async def follow(self, url: str) -> Reply:
        """Request an address, and the target of its redirect on the site, as a crawl does."""
        site, reply = self.agency.site, await self.visit.ask(self.agency.site.local(url))
        if reply.goal and site.stays(reply.goal, reply.url):
            return await self.visit.ask(reply.goal)
        return reply

    def identity(self, url: str) -> Identity | None:
        """Return the identity of an address. None if it is no article's."""
        try:
            return identify(self.agency.site.public(url), self.rules.address, self.rules.name)
        except NotAnArticle:
            return None

    def moment(self, raw: str | None) -> Timestamp | None:
        """Return a time in any format that the agency's rules know. None otherwise."""
        try:
            return read_timestamp(raw, self.rules.timestamp) if raw else None
        except UnreadableDate:
            return None

    def links(self) -> Iterator[Link]:
        """Yield every listed article once: one of each source in turn, then the next of each."""
        places = range(max(map(len, self.entries.values()), default=0))
        turns = (links[place : place + 1] for place in places for links in self.entries.values())
        articles: dict[str, Link] = {}
        for link in chain.from_iterable(turns):
            if identity := self.identity(link.url):
                articles.setdefault(identity.id, link)
        yield from articles.values()

    @property
    def article(self) -> Link | None:
        """The listed article that other responses are checked with."""
        return next((link for link, _ in self.pages), None) or next(self.links(), None)

    def article_in(self, reply: Reply) -> ArticlePage | str:
        """Return the article in a response, or the reason why there is none."""
        if reply.document is None or reply.status != 200:
            return reply.told
        try:
            return read_page(reply.document, self.agency.layouts)
        except UnreadablePage as error:
            return f"HTTP 200, {error.reason}"

    def api_address(self, article: Identity) -> str | None:
        """Return the address of an article in the API, if the agency has one."""
        return self.agency.api_address(PendingArticle(article.id, article.url, "", Link("", "ids")))

    def spider(self, name: str) -> str:
        """Name an attribute of the agency's spider: ``Spider.name in spiders/agency.py``."""
        kind = type(self.agency)
        return f"{kind.__name__}.{name} in {kind.__module__.replace('.', '/')}.py"

    def rule(self, name: str) -> str:
        """Name one of the agency's rules: ``RULES.name in pages/agency.py``."""
        return f"RULES.{name} in pages/{self.rules.name}.py"


def attributes(document: Document, selector: str, name: str) -> list[str]:
    """Return an attribute of the elements that a selector finds."""
    values = (node.attributes.get(name) for node in document.tree.css(selector))
    return [value for value in values if value]


def alike(one: str, other: str) -> bool:
    """Return whether two texts share most of the words of the shorter one."""
    words, others = (set(normalize("NFKC", text).split()) for text in (one, other))
    return 2 * len(words & others) > min(len(words), len(others))

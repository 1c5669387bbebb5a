"""Finds again, in an archive's own captures, which source showed which article. No network."""

from array import array
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from crawler.discovery.listing import Listing, ListPage, NotAListing, joined
from crawler.errors import OutOfReach, StorageError
from crawler.extract.document import Document, Site
from crawler.extract.errors import UnreadablePage
from crawler.model.identity import NotAnArticle, absolute, identify
from crawler.model.link import Link, read_link
from crawler.model.rules import AgencyRules
from crawler.store.ledger import Ledger
from crawler.warc.index import CaptureRecord
from crawler.warc.record import Record
from crawler.warc.writer import Captures

PROGRESS = 10_000  # captures between two progress messages
GROUP = 1_000  # captures per commit

# Why an article was fetched, and which articles that are not stored a list has shown.
_TABLES = (
    "CREATE TEMP TABLE asked (article_id TEXT, road TEXT, found BLOB, "
    "PRIMARY KEY (article_id, road)) WITHOUT ROWID",
    "CREATE TEMP TABLE shown (article_id TEXT PRIMARY KEY) WITHOUT ROWID",
)
_LISTS = """
SELECT rowid FROM capture
WHERE article_id IS NULL AND kind IN ('response', 'revisit')
    AND status IN (200, 301, 302, 303, 307, 308)
ORDER BY taken_at, file, offset
"""
_KNOWN = "SELECT 1 FROM article WHERE id = ? AND state <> 'withdrawn'"
_ASKED = """
SELECT article_id, found FROM asked JOIN article ON id = article_id
WHERE state <> 'withdrawn' AND asked.road NOT IN ('wayback', 'warc')
    AND (article_id, asked.road) NOT IN (SELECT article_id, road FROM sighting)
"""
_ABSENT = """
SELECT article_id, found, max(status) FROM asked JOIN capture USING (article_id)
WHERE road IN ('ids', 'urls') AND article_id NOT IN (SELECT id FROM article)
GROUP BY article_id HAVING min(status IN (404, 410))
"""
# A capture in a web archive is not a list's statement, so only its source is recorded.
_OF_ARCHIVES = """
UPDATE article SET roads = roads | (SELECT bit FROM road_bit WHERE road = ?1)
WHERE id IN (SELECT article_id FROM asked WHERE road = ?1)
"""


@dataclass(frozen=True, slots=True)
class PageOfListing:
    """The listing that an address is a page of, at the agency's site or at a stand-in for it."""

    listing: Listing
    page: int
    site: Site


class Rediscovery:
    """Records again what each source showed of the articles in a rebuilt ledger.

    1. During the scan of captures, ``take`` records why an article without a listing was fetched:
       by its id or address, from an archive, or after a redirect.
    2. ``restore`` reads the captures of lists and feeds in order of time, each as the listing that
       has its address, and records them as a run does: the last statement counts.
    3. An article that was asked for by id or address, and only ever returned 404 or 410, is absent.
    4. An article that was shown but not stored does not become pending: it may be absent, or older
       than was wanted.

    ``site``: the configured one. Captures of a stand-in for the site have another host.
    """

    def __init__(self, listings: Sequence[Listing], site: Site, rules: AgencyRules) -> None:
        self.listings = listings
        self.site = site
        self.rules = rules
        self.lists = self.others = 0
        self._moved: dict[str, str] = {}  # a list's address, by its redirect's target
        self._last: dict[str, str] = {}  # digest of the last response of an address

    def begin(self, ledger: Ledger) -> None:
        """Prepare a new ledger."""
        self.ledger = ledger
        for table in _TABLES:
            ledger.database.execute(table)

    def take(self, record: Record) -> None:
        """Record why the article of a capture was fetched, if no list showed it."""
        article_id, told = map(record.fields.get, ("x-article-id", "x-found"))
        if not (article_id and told):
            return
        try:
            link = read_link(told)
        except msgspec.DecodeError:
            return
        if link and link.title is None and link.published_raw is None:
            self.ledger.database.execute(
                "INSERT OR IGNORE INTO asked VALUES (?, ?, ?)", (article_id, link.source, told)
            )

    def restore(self, folder: Path, say: Callable[[str], None]) -> None:
        """Record what the captures show, once all articles are known. ``folder``: the agency's."""
        index = self.ledger.captures
        captures = Captures(folder / "warc", index)
        numbers = array("q", (number for (number,) in self.ledger.database.execute(_LISTS)))
        for place, number in enumerate(numbers, 1):
            self._look_at(index.numbered(number), captures)
            if place % GROUP == 0:
                self.ledger.commit({})
            if place % PROGRESS == 0:
                say(f"{place} of {len(numbers)} captures of lists and feeds read again")
        self._take_asked()
        self._settle_absent()
        # It was not seen today, so no run treats it as listed now.
        self.ledger.database.execute(
            "UPDATE sighting SET seen_at = NULL, told_at = NULL, changed_at = NULL"
        )
        self._tell(say)

    def _look_at(self, capture: CaptureRecord, captures: Captures) -> None:
        source = self._source(self._moved.get(capture.uri, capture.uri))
        if source is None:
            self.others += 1
        elif capture.status != 200:
            self._follow(capture, captures)
        elif self._last.get(capture.uri) != capture.digest:  # its content has changed
            self._last[capture.uri] = capture.digest
            self._read(capture, source, captures)

    def _source(self, uri: str) -> PageOfListing | None:
        """Return what an address is. None if it is of no listing, or of several."""
        if found := self._at(uri, self.site):
            return found
        site = self._site_of(uri)
        if site is self.site:
            return None
        parts = urlsplit(uri)
        roots = {urlsplit(listing.address(1))[:2] for listing in self.listings}
        own = (parts._replace(scheme=scheme, netloc=host).geturl() for scheme, host in roots)
        fitting = [source for address in own if (source := self._at(address, site))]
        return fitting[0] if len(fitting) == 1 else None

    def _at(self, uri: str, site: Site) -> PageOfListing | None:
        for listing in self.listings:
            if (page := listing.page_at(uri)) is not None:
                return PageOfListing(listing, page, site)
        return None

    def _follow(self, capture: CaptureRecord, captures: Captures) -> None:
        """Record where a list was redirected to."""
        try:
            _, headers, _ = captures.read(capture.place).answer
        except OutOfReach:
            raise
        except (StorageError, ValueError):
            self.others += 1
            return
        target = joined(capture.uri, headers.get("location", ""))
        self._moved[target] = self._moved.get(capture.uri, capture.uri)

    def _read(self, capture: CaptureRecord, source: PageOfListing, captures: Captures) -> None:
        try:
            answer = captures.read(capture.place).answer
            source.listing.address(source.page)  # some listings find the page's number by it
            page = source.listing.read(Document(source.site.public(capture.uri), *answer))
        except OutOfReach:
            raise
        except (NotAListing, UnreadablePage, StorageError, ValueError):
            self.others += 1
        else:
            self.lists += 1
            self._note(page, capture.uri, source.site)

    def _note(self, page: ListPage, uri: str, site: Site) -> None:
        """Record the links of a page, as a run does."""
        database, rules = self.ledger.database, self.rules
        for entry in page.entries:
            url = joined(uri, entry.url)
            try:
                identity = identify(site.public(url), rules.address, rules.name)
            except NotAnArticle:
                continue
            if database.execute(_KNOWN, (identity.id,)).fetchone():
                address = absolute(self._to_note(url, site), rules.address)
                self.ledger.frontier.sight(identity.id, replace(entry, url=address))
            else:
                database.execute("INSERT OR IGNORE INTO shown VALUES (?)", (identity.id,))

    def _take_asked(self) -> None:
        database = self.ledger.database
        for archive in ("wayback", "warc"):
            database.execute(_OF_ARCHIVES, (archive,))
        for article_id, told in database.execute(_ASKED).fetchall():
            self.ledger.frontier.sight(article_id, self._asked(told))

    def _settle_absent(self) -> None:
        """Record which articles the site said it does not have."""
        rules, ledger = self.rules, self.ledger
        for article_id, told, status in ledger.database.execute(_ABSENT).fetchall():
            link = self._asked(told)
            with suppress(NotAnArticle):
                identity = identify(self.site.public(link.url), rules.address, rules.name)
                if identity.id == article_id:
                    ledger.frontier.discover(identity, link)
                    ledger.states.settled(article_id, "absent", f"HTTP {status}")

    def _asked(self, told: bytes) -> Link:
        """Return why an article was fetched."""
        link = read_link(told)
        assert link is not None, "only links were noted"
        return replace(link, url=self._to_note(link.url, self._site_of(link.url)))

    def _to_note(self, url: str, site: Site) -> str:
        """Return an address as a run records it; a stand-in's becomes the agency's own."""
        return url if site is self.site else site.public(url)

    def _site_of(self, address: str) -> Site:
        """Return the site of an address: the configured one, or a stand-in for it."""
        parts = urlsplit(address)
        if parts.hostname in self.rules.address.hosts or address.startswith(f"{self.site.root}/"):
            return self.site
        return Site(f"{parts.scheme}://{parts.netloc}", self.rules.address)

    def _tell(self, say: Callable[[str], None]) -> None:
        database = self.ledger.database
        (shown,) = database.execute("SELECT count(*) FROM shown").fetchone()
        (unknown,) = database.execute(
            "SELECT count(*) FROM article WHERE version IS NOT NULL AND NOT roads"
        ).fetchone()
        say(
            f"{self.lists} captures of lists and feeds read again to restore the sources; "
            f"{self.others} others (robots.txt, searches, former or damaged lists) were not needed"
        )
        if shown:
            say(
                f"{shown} articles that they show are not stored: the next run finds those of the "
                "last days, and -a since=DAY the older ones"
            )
        if unknown:
            say(f"{unknown} articles: their source is not known (no captures)")

"""A web archive as a source: searches of its index, and the captures of articles it has."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlparse
from zoneinfo import ZoneInfo

from scrapy import Request
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from crawler.crawl.arguments import time_wanted
from crawler.crawl.download import LeftAsWork, advice, reason_of
from crawler.crawl.guessed_articles import Guesses
from crawler.crawl.outcomes import Outcomes
from crawler.crawl.run import Run
from crawler.discovery.cdx import (
    EARLIEST,
    CdxEntry,
    NotAnIndex,
    Place,
    Query,
    decode_place,
    encode_place,
    hosts_to_ask,
    read_index,
)
from crawler.extract.document import Document, header_fields
from crawler.extract.errors import EmptyPage, FurtherPage, OtherPage, UnknownLayout, UnreadablePage
from crawler.extract.memento import (
    SCHEME,
    FalseTime,
    Memento,
    check_time,
    original_document,
    read_memento,
    write_stamp,
)
from crawler.extract.page import ArticlePage, draft_of, read_page
from crawler.model.article import Draft
from crawler.model.identity import Identity
from crawler.store.capture_queue import ArchivedPages
from crawler.store.frontier import PendingArticle
from crawler.system.clock import now, rfc3339
from crawler.text.dates import UnreadableDate, read_slug_day

logger = logging.getLogger(__name__)

PRIORITY = 10  # before captures: of equal ones, only the latest known is fetched
SEARCH_SECONDS = 300  # seconds; a filtered search of a large index responds slowly
SHOWN = 3  # lines that are reported one by one; further ones are only counted

ABSENT = frozenset({404, 410})
# Local files need no waiting.
FROM_FILE = {
    "dont_obey_robotstxt": True,
    "download_slot": SCHEME,
    "autothrottle_dont_adjust_delay": True,
}
MOST_UNANSWERED = 3  # requests in a row without a response; each was retried before


@dataclass(frozen=True, slots=True)
class IndexCrawl:
    """A running search: its query, and its position."""

    crawls: "ArchiveSearch"
    query: Query
    place: Place


class ArchiveSearch:
    """Searches a web archive's index for the agency's hosts, and records captures of articles.

    1. A search continues where the last run stopped. A finished one begins again once all captures
       it found have been fetched.
    2. If an address contains the day of publication, it must lie between ``since`` and ``until``.
       If it does not, a capture from before ``since`` shows that the article is older, too.
    """

    def __init__(self, run: Run, archived: ArchivedPages, settings: BaseSettings) -> None:
        self.run = run
        self.archived = archived
        self.server = settings["CDX_URL"]
        self.root = settings["WAYBACK_URL"].rstrip("/")
        self.most = settings.getint("CDX_LINES")
        self.in_flight = 0
        self.served: Counter[str] = Counter()
        self.failures: dict[str, str] = {}

    def start(self) -> Iterator[Request]:
        """Begin or continue the search for each host."""
        left = self.archived.backlog()
        for host in hosts_to_ask(self.run.rules.address.hosts):
            query = Query(self.server, host, self.most)
            kept = self.archived.place(query.name)
            place = decode_place(kept) if kept else None
            if place is None or (place.is_end and not left):
                place = self._beginning()
            if not place.is_end:
                self.in_flight += 1
                yield self._request(IndexCrawl(self, query, place))

    def _beginning(self) -> Place:
        first, arguments = EARLIEST, self.run.arguments
        if arguments.since:
            since, _ = time_wanted(arguments, ZoneInfo(self.run.rules.timestamp.zone), now(), 0)
            first = write_stamp(datetime.fromisoformat(since))
        return Place(((first, write_stamp(now())),))

    def _request(self, crawl: IndexCrawl) -> Request:
        return Request(
            crawl.query.address(crawl.place),
            callback=self.parse,
            errback=self.lost,
            cb_kwargs={"crawl": crawl},
            meta={"download_timeout": SEARCH_SECONDS, "autothrottle_dont_adjust_delay": True},
            dont_filter=True,
            priority=PRIORITY,
        )

    def parse(self, response: Response, crawl: IndexCrawl) -> Iterable[Request]:
        """Record a page of captures and the position, and continue."""
        try:
            if response.status != 200:
                raise NotAnIndex(f"HTTP {response.status}")
            page = read_index(self.run.site.document(response).text)
            place = crawl.place.after(page, crawl.query.most)
            if place is None:
                place = crawl.place.halved()
            else:
                self._note(page.captures, page.garbage, crawl.query.host)
        except NotAnIndex as error:
            return self._fail(crawl, response.url, str(error))
        except UnreadablePage as error:
            return self._fail(crawl, response.url, error.reason)
        return self._read_on(replace(crawl, place=place))

    def _read_on(self, crawl: IndexCrawl) -> list[Request]:
        self.archived.set_place(crawl.query.name, encode_place(crawl.place))
        if not crawl.place.is_end:
            return [self._request(crawl)]
        self.in_flight -= 1
        self.served[f"{crawl.query.host}/wayback"] += 1
        return []

    def _note(self, captures: Iterable[CdxEntry], garbage: list[str], host: str) -> None:
        for line in garbage[:SHOWN]:
            logger.warning("index of %s: no capture: %.100r", host, line)
        for _ in garbage:
            self.run.refuse("no line of an index")
        for listed in captures:
            if not listed.is_good:
                self.run.refuse("no page with status 200")
            elif (identity := self.run.identify(listed.original)) and self._wanted(identity):
                self._take(identity, Memento(self.root, listed.stamp, listed.original), listed)

    def _take(self, identity: Identity, memento: Memento, listed: CdxEntry) -> None:
        try:
            self.run.discovered += self.archived.note(identity, memento, listed.digest)
        except FalseTime as error:
            logger.warning("index: %s: %s of %s", error.reason, listed.stamp, listed.original)
            self.run.refuse(error.reason)

    def _wanted(self, identity: Identity) -> bool:
        """Return whether an article may have been published in the requested time."""
        since, until = self.run.arguments.since, self.run.arguments.until
        try:
            day = read_slug_day(identity.url, self.run.rules.timestamp)
        except UnreadableDate:
            return True
        return day is None or str(since or "") <= day.value <= str(until or "9999")

    def lost(self, failure: Failure) -> Iterable[Request]:
        """End a search whose request got no response. A later run continues there."""
        request: Request = failure.request  # type: ignore[attr-defined]
        if isinstance(failure.value, LeftAsWork):
            self.in_flight -= 1
            return []
        return self._fail(request.cb_kwargs["crawl"], request.url, reason_of(failure))

    def abandon(self, crawl: IndexCrawl, reason: str) -> None:
        """End a search that was cancelled."""
        self.in_flight -= 1
        self.failures[f"{crawl.query.host}/wayback"] = reason

    def _fail(self, crawl: IndexCrawl, url: str, reason: str) -> list[Request]:
        remedy = advice(reason) or " (check CDX_URL; a later run continues from here)"
        logger.warning("search of %s failed: %s at %s%s", crawl.query.host, reason, url, remedy)
        self.abandon(crawl, reason)
        return []


class ArchivedArticles:
    """Fetches captures of articles. Each ends in one outcome, or becomes a draft.

    The live site and its API are never asked for what a capture lacks. If the archive does not
    respond several times in a row, the run ends, and the other captures stay pending.
    """

    def __init__(self, run: Run, outcomes: Outcomes, guesses: Guesses) -> None:
        self.run = run
        self.outcomes = outcomes
        self.guesses = guesses
        self._unanswered = 0

    def request(self, pending: PendingArticle) -> Request | None:
        """Return the request for a capture. None if its address cannot be requested."""
        assert pending.archived is not None
        try:
            check_time(pending.archived.taken_at)  # an earlier release recorded unchecked addresses
            return Request(
                pending.address,
                callback=self.parse,
                errback=self.lost,
                cb_kwargs={"pending": pending},
                meta=FROM_FILE if urlparse(pending.address).scheme == SCHEME else {},
                dont_filter=True,
            )
        except FalseTime as error:
            self._refuse(pending, error)
        except ValueError:
            self.outcomes.failed(pending.id, "unsupported address", pending.address, is_final=True)
        return None

    def parse(self, response: Response, pending: PendingArticle) -> Iterable[Draft]:
        """Read a captured page, if it is one of the article's."""
        if response.status in ABSENT:
            return self._absent(pending, f"HTTP {response.status}")
        if response.status != 200:
            self._unanswer(pending, f"HTTP {response.status}")
            return []
        self._unanswered = 0
        headers = header_fields(response)
        memento = read_memento(response.url, headers)
        identity = self.run.identify(memento.original) if memento else None
        if memento is None or identity is None or identity.id != pending.id:
            return self._absent(pending, "redirected to no capture of it")
        document = original_document(memento, response.status, headers, response.body)
        try:
            return [self._draft(self._page(document, response, pending), pending, memento)]
        except FalseTime as error:
            return self._refuse(pending, error)
        except (EmptyPage, OtherPage) as error:
            return self._absent(pending, error.reason)
        except UnreadablePage as error:
            # A complete capture will never match a layout later; a damaged one may be sent intact.
            is_final = isinstance(error, (UnknownLayout, FurtherPage))
            self.outcomes.failed(pending.id, error.reason, pending.address, is_final=is_final)
            return []

    def _page(self, document: Document, response: Response, pending: PendingArticle) -> ArticlePage:
        """Return a captured page as a layout reads it, or a guess that needs no second reading.

        Raises UnreadablePage. Of an article with several pages, an archive may have only some.
        """
        try:
            page = read_page(document, self.run.layouts)
            if page.further_pages:
                raise FurtherPage(document.url)
            return page
        except UnreadablePage as error:
            guess = self.guesses.read(document, response, pending, error)
            if guess and guess.page.is_sure and self.guesses.is_believed(guess, pending):
                return guess.page
            raise

    def lost(self, failure: Failure) -> None:
        """Record a capture whose request got no response."""
        request: Request = failure.request  # type: ignore[attr-defined]
        if not isinstance(failure.value, LeftAsWork):
            self._unanswer(request.cb_kwargs["pending"], reason_of(failure))

    def _unanswer(self, pending: PendingArticle, reason: str) -> None:
        """Count a request without a response. Requests cancelled at the end are not counted."""
        if self._unanswered >= MOST_UNANSWERED:
            return
        self.outcomes.failed(pending.id, reason, pending.address)
        self._unanswered += urlparse(pending.address).scheme != SCHEME  # a local file needs no care
        if self._unanswered >= MOST_UNANSWERED:
            self.run.stop_blocked(f"the archive does not respond ({reason} at {pending.address})")

    def _absent(self, pending: PendingArticle, reason: str) -> list[Draft]:
        self._unanswered = 0
        self.outcomes.absent(pending.id, reason, pending.address)
        return []

    def _refuse(self, pending: PendingArticle, error: FalseTime) -> list[Draft]:
        message = f"{error.reason}: {error} ({pending.address})"
        self.outcomes.refused(pending.id, error.reason, message)
        return []

    def _draft(self, page: ArticlePage, pending: PendingArticle, memento: Memento) -> Draft:
        identity, moment = Identity(pending.id, pending.url), rfc3339(now())
        draft = draft_of(page, identity, pending.link, fetched_at=moment, archived_as=memento)
        draft.run = self.run.run_id
        return draft

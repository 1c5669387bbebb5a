"""The spider that all agencies' spiders are: from roads to requests to pages to items."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings

from crawler.crawl.arguments import RunArguments, parse_arguments, time_wanted
from crawler.crawl.articles import Articles
from crawler.crawl.asked import Asked, check_revisited
from crawler.crawl.check_settings import stand_in_asked
from crawler.crawl.download import break_off, put_back
from crawler.crawl.listings import Walks
from crawler.crawl.outcomes import Outcomes, Patience
from crawler.crawl.result import Ending, Report
from crawler.crawl.seeds import IdWalk, read_addresses
from crawler.crawl.warc_files import WarcFiles
from crawler.crawl.wayback import ArchiveSearch
from crawler.discovery.listing import Listing
from crawler.errors import ArchiveError, Blocked, ExitCode, TimeUp, UsageError, graver
from crawler.extract.page import ArticlePage
from crawler.extract.site import Site
from crawler.model.identity import Identity, NotAnArticle, absolute, identify
from crawler.model.link import Found
from crawler.model.rules import AgencyRules
from crawler.store.archive import Archive
from crawler.store.frontier import PRIORITIES, Scope, Work
from crawler.store.stand_in import StandIn, open_archive
from crawler.store.states import FRESH, REVISIT
from crawler.system.clock import now, steady
from crawler.text.dates import UnreadableDate, read_timestamp

_ADDRESSES = ("SITE_URL", "API_URL")
BATCH = 100  # articles given to the scheduler at a time; the ledger keeps the others


class AgencySpider(Spider):
    """Crawls one agency.

    1. ``roads`` says where an agency lists its articles; every address found is noted in the
       ledger, where it waits as work.
    2. ``start`` takes work from the ledger, a batch at a time, newest listings first.
    3. An answer is read by the layout of ``layouts`` that its content matches.
    4. A page that cannot be read is read from the API instead, if ``api_address`` knows where.
    5. The draft goes through the pipelines; ``outcomes`` notes what became of it.

    An agency sets ``name``, ``layouts``, ``roads`` and what else differs from the defaults here.
    ``evidence`` says what its classes were checked against, ``refusal`` that the site wants no
    crawler: it is read from archives only.
    """

    rules: ClassVar[AgencyRules]
    layouts: ClassVar[Sequence[type[ArticlePage]]]
    evidence: ClassVar[str] = "from code only"
    refusal: ClassVar[str | None] = None

    archive: Archive
    stand_in: StandIn | None
    arguments: RunArguments
    outcomes: Outcomes
    walks: Walks
    search: ArchiveSearch
    ids: IdWalk
    files: WarcFiles
    articles: Articles

    # What an agency says.

    def roads(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return an edition's listings: chains of which the first that answers serves."""
        raise NotImplementedError

    def article_address(self, native_id: int) -> str:
        """Return an address under which a native id alone is answered."""
        raise UsageError(f"{self.name} answers no bare number")

    def api_address(self, work: Work) -> str | None:
        """Return where the agency's API tells the same article, if it has one."""
        return None

    @classmethod
    def address_settings(cls) -> list[str]:
        """Return the settings that say where the site is, and the API if there is one."""
        kinds = ["SITE_URL"] if cls.api_address is AgencySpider.api_address else [*_ADDRESSES]
        return [f"{cls.name.upper()}_{kind}" for kind in kinds]

    # Start.

    @classmethod
    def from_crawler(
        cls, crawler: Crawler, *args: Any, archive: Archive | None = None, **kwargs: Any
    ) -> Self:
        """Take note of what the run was asked to do; ``archive`` is the data folder, if open."""
        spider = super().from_crawler(crawler, *args)
        spider.arguments = parse_arguments(kwargs, cls.rules)
        settings = crawler.settings
        spider.stand_in = stand_in_asked(settings, cls.address_settings())
        spider.archive = archive or open_archive(
            Path(settings["DATA_DIR"]) / spider.name, spider.stand_in, cls.rules.address.host
        )
        spider.open(settings)
        crawler.signals.connect(spider.wake, signal=signals.scheduler_empty)
        return spider

    def open(self, settings: BaseSettings) -> None:
        """Prepare the run's state."""
        self.started_at = now()
        self.run_id = self.archive.begin_run(self.started_at)
        self.site = Site(
            self.address_setting("SITE_URL", self.rules.address.site), self.rules.address
        )
        self.taken = self.discovered = self.faults = 0
        self.stopped_by: ArchiveError | None = None
        self.report: Report | None = None
        self.ending = Ending(ExitCode.INTERNAL_ERROR, "the run was not judged")
        self.asked = Asked(self.arguments, self.archive.ledger)
        self.ids = IdWalk(self, self.arguments.ids)
        self._wake = asyncio.Event()
        self._round = time.monotonic()
        self._round_seconds = settings.getfloat("LISTINGS_MINUTES") * 60
        self.outcomes = Outcomes(self.archive, Patience.of(settings), self.run_id)
        self.articles = Articles(self, self.outcomes)
        archived = self.archive.ledger.archived
        self.search = ArchiveSearch(self, archived, settings)
        self.files = WarcFiles(self, archived, self.arguments.warc)
        self._open_walks(settings.getint("FIRST_RUN_HOURS"))
        self._open_frontier(settings)

    def _open_walks(self, first_run_hours: int) -> None:
        """Prepare the walks that the run is asked for, and those for the news meanwhile."""
        arguments, ledger = self.arguments, self.archive.ledger
        zone = ZoneInfo(self.rules.timestamp.zone)
        since, until = time_wanted(arguments, zone, self.started_at, first_run_hours)
        self.walks = Walks(ledger, self, backfill=arguments.backfill, since=since, until=until)
        self.news = self.walks
        if arguments.backfill is not None:
            since, _ = time_wanted(replace(arguments, since=None), zone, now(), first_run_hours)
            self.news = Walks(ledger, self, backfill=None, since=since, until=None)

    def _open_frontier(self, settings: BaseSettings) -> None:
        """Say what of the ledger's work the run serves."""
        arguments, frontier = self.arguments, self.archive.ledger.frontier
        hours = map(float, settings.getlist("REVISIT_HOURS"))
        self.archive.ledger.states.ages = [hour * 3600 for hour in hours]
        self.archive.ledger.states.doubt_the_clock()
        if arguments.backfill is not None:
            frontier.scope = Scope(arguments.backfill, ())
        elif arguments.revisit == "none":
            frontier.scope = Scope(None, tuple(p for p in PRIORITIES if p != REVISIT))
        if arguments.revisit == "all":
            frontier.visit_all(arguments.backfill or "")
        check_revisited(arguments, self.archive.ledger)
        for article_id in arguments.revisited:
            frontier.visit(article_id, arguments.backfill or "")
        self.taken_over = self.archive.ledger.backlog()

    def address_setting(self, name: str, default: str) -> str:
        """Return an address of the agency that a setting such as ``<AGENCY>_SITE_URL`` moves."""
        return str(self.settings.get(f"{self.name.upper()}_{name}", default)).rstrip("/")

    async def start(self) -> AsyncIterator[Any]:
        """Yield the listings, then the ledger's work as fast as it is done."""
        if minutes := self.arguments.minutes:
            up = TimeUp(f"{minutes:g} minutes are over; what is left is fetched by a later run")
            asyncio.get_running_loop().call_later(minutes * 60, self.stop_for, up)
        for request in self._opening():
            yield request
        for requests in iter(self._next_requests, None):
            for request in requests:
                yield request
            await self._wake.wait()
            self._wake.clear()

    def wake(self) -> None:
        """Look for more work: the engine has nothing left to start."""
        self._wake.set()

    def _opening(self) -> Iterator[Request]:
        """Take note of the addresses asked for, or yield the first page of every listing."""
        arguments = self.arguments
        if arguments.urls:
            for found in read_addresses(arguments.urls):
                self.find(found)
        elif arguments.wayback:
            yield from self.search.start()
        elif arguments.since or arguments.backfill is None:
            yield from self.walks.start(self._chains())

    def _chains(self) -> Iterator[Sequence[Listing]]:
        return (chain for edition in self.arguments.editions for chain in self.roads(edition))

    def find(self, found: Found) -> None:
        """Take note of an address, if it is an article's."""
        identity = self.identify(found.url)
        self.asked.note(found, identity)
        if identity:
            self.take(identity, found, self.arguments.backfill)

    def _next_requests(self) -> list[Request] | None:
        """Return what to fetch next: nothing while there is enough, None at the end."""
        if self._has_enough():
            return []
        if time.monotonic() - self._round >= self._round_seconds and not self.news.under_way:
            return self._next_round()
        batch = self._next_batch()
        if batch is None:
            return None
        return list(filter(None, map(self.articles.request, batch)))

    def _next_round(self) -> list[Request]:
        """Walk the listings again in a long run, and visit what has come due meanwhile.

        So a backfill of days brings the news as well.
        """
        self._round = time.monotonic()
        ledger = self.archive.ledger
        frontier, before = ledger.frontier, ledger.backlog()
        if self.arguments.backfill is not None:
            frontier.scope = Scope(self.arguments.backfill, (FRESH, REVISIT))
        frontier.began = steady()
        self.taken_over += ledger.backlog() - before
        return list(self.news.start(self._chains()))

    def _next_batch(self) -> list[Work] | None:
        """Return the next articles to fetch; none while others may still be found, then None."""
        most = BATCH
        if self.arguments.limit is not None:
            most = min(BATCH, self.arguments.limit - self.taken)
        under_way = self.outcomes.under_way
        batch = self._work(most) if most else []
        walking = self.walks.under_way or self.news.under_way or self.search.under_way
        if not (batch or under_way or walking):
            return None
        self.taken += len(batch)
        under_way.update((work.id, work) for work in batch)
        return batch

    def _work(self, most: int) -> list[Work]:
        """Return work from the ledger; when it runs out, look for more first."""
        while not (batch := self.archive.ledger.work(most, self.outcomes.under_way)):
            if not (self.ids.look() or self.files.look()):
                break
        return batch

    def _has_enough(self) -> bool:
        """Tell whether articles must wait: for the scheduler, or for what listings tell of them."""
        assert self.crawler.engine is not None
        scheduler: Any = self.crawler.engine.scheduler
        plain = self.arguments.backfill is None
        listing = self.search.under_way or (plain and self.walks.under_way)
        return bool(listing or (scheduler is not None and scheduler.has_pending_requests()))

    # What walks need of the run.

    def identify(self, url: str) -> Identity | None:
        """Return whose address it is; None, counted, if it is no article's."""
        try:
            return identify(self.site.public(url), self.rules.address, self.name)
        except NotAnArticle as refusal:
            self.refuse(refusal.reason)
            self.logger.debug("no article: %s (%s)", url, refusal.reason)
            return None

    def refuse(self, reason: str) -> None:
        """Count an address that is not taken."""
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value(f"addresses/refused/{reason}")

    def take(self, identity: Identity, found: Found, backfill: str | None) -> None:
        """Take note of an article that a road shows."""
        self.discovered += self.archive.ledger.frontier.discover(
            identity,
            replace(found, url=absolute(found.url, self.rules.address)),
            backfill=backfill,
            again=self.asked.again(found, identity),
        )

    def moment(self, raw: str | None) -> str | None:
        """Read a listing's time as RFC 3339 in the agency's offset; None if there is none."""
        try:
            return read_timestamp(raw, self.rules.timestamp).value if raw else None
        except UnreadableDate:
            return None

    # End.

    def stop_blocked(self, message: str) -> None:
        """End the run: the site does not want it now."""
        self.stop_for(Blocked(f"{message}; what is left is fetched by a later run"))

    def stop_for(self, error: ArchiveError) -> None:
        """End the run with an error that says why, the gravest of several.

        What is left stays as work; what is being transferred has ``STOP_SECONDS`` to arrive.
        """
        before, self.stopped_by = self.stopped_by, graver(self.stopped_by, error)
        if self.stopped_by is before:
            return
        level = logging.ERROR if error.exit_code else logging.INFO
        self.logger.log(level, "stopping: %s", error)
        if before is None:
            assert self.crawler.engine is not None
            put_back(self.crawler)
            closing = self.crawler.engine.close_spider_async(reason=type(error).__name__)
            self._closing = asyncio.ensure_future(closing)
            patience = self.settings.getfloat("STOP_SECONDS")
            asyncio.get_running_loop().call_later(patience, break_off, self.crawler)


def check_ours(crawler: Crawler) -> None:
    """Raise ``NotConfigured`` if no agency is crawled: then what serves a run has nothing to do.

    So Scrapy's shell, fetch, bench and the like work here as everywhere.
    """
    if not isinstance(crawler.spider, AgencySpider):
        raise NotConfigured

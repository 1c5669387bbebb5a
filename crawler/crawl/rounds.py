"""The order of a run's requests: listings, then pending articles, round by round."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from scrapy import Request, signals

from crawler.crawl.arguments import time_wanted
from crawler.crawl.articles import Articles
from crawler.crawl.listing_crawls import ListingCrawls
from crawler.crawl.run import Run, check_revisited
from crawler.crawl.warc_files import WarcFiles
from crawler.crawl.wayback import ArchiveSearch
from crawler.discovery.listing import Listing
from crawler.errors import TimeUp
from crawler.model.link import Link
from crawler.store.frontier import PRIORITIES, PendingArticle, Scope
from crawler.store.states import FRESH, REVISIT
from crawler.system.clock import now, steady

BATCH = 100  # articles given to the scheduler at a time; the others stay in the ledger
CHUNK = 1000  # ids recorded in the ledger at a time; a backfill may ask for a million


class Rounds:
    """Gives Scrapy the requests of a run, a batch at a time, newest listings first.

    ``taken``: the number of articles given so far. A round ends when no article is pending. A long
    run begins another round every ``LISTINGS_MINUTES``.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.arguments, self.ledger = run.arguments, run.archive.ledger
        self.taken = 0
        settings = run.crawler.settings
        self._wake = asyncio.Event()
        self._round = time.monotonic()
        self._round_seconds = settings.getfloat("LISTINGS_MINUTES") * 60
        self.ids = IdWalk(run, self.arguments.ids)
        self.articles = Articles(run, run.outcomes)
        self.search = ArchiveSearch(run, self.ledger.archived, settings)
        self.files = WarcFiles(run, self.ledger.archived, self.arguments.warc)
        asked = ((self.ids, self.arguments.ids), (self.files, self.arguments.warc))
        self._more = [source for source, names in asked if names]
        self._open_listing_crawls(settings.getint("FIRST_RUN_HOURS"))
        self._open_frontier([float(hours) * 3600 for hours in settings.getlist("REVISIT_HOURS")])
        run.crawler.signals.connect(self.wake, signal=signals.scheduler_empty)

    def _open_listing_crawls(self, first_run_hours: int) -> None:
        """Prepare the listing crawls of the run, and those for new articles in a long run."""
        arguments, zone = self.arguments, ZoneInfo(self.run.rules.timestamp.zone)
        since, until = time_wanted(arguments, zone, self.run.started_at, first_run_hours)
        self.listing_crawls = ListingCrawls(
            self.ledger, self.run, backfill=self.run.backfill, since=since, until=until
        )
        self.news = self.listing_crawls
        if self.run.backfill is not None:
            since, _ = time_wanted(replace(arguments, since=None), zone, now(), first_run_hours)
            self.news = ListingCrawls(self.ledger, self.run, backfill=None, since=since, until=None)

    def _open_frontier(self, ages: Sequence[float]) -> None:
        """Set which pending articles the run fetches."""
        arguments, ledger, frontier = self.arguments, self.ledger, self.ledger.frontier
        ledger.states.ages = ages
        ledger.states.doubt_the_clock()
        if self.run.backfill is not None:
            frontier.scope = Scope(self.run.backfill, ())
        elif arguments.revisit == "none":
            frontier.scope = Scope(None, tuple(p for p in PRIORITIES if p != REVISIT))
        if arguments.revisit == "all":
            frontier.visit_all(self.run.backfill or "")
        check_revisited(arguments, ledger)
        for article_id in arguments.revisited:
            frontier.visit(article_id, self.run.backfill or "")
        self.run.carried_over = ledger.backlog()

    async def requests(self) -> AsyncIterator[Any]:
        """Yield the listings, then pending articles as fast as they are fetched."""
        if minutes := self.arguments.minutes:
            told = f"time limit of {minutes:g} minutes reached"
            up = TimeUp(f"{told}; the next run fetches what is pending")
            asyncio.get_running_loop().call_later(minutes * 60, self.run.stop_for, up)
        for request in self._opening():
            yield request
        for requests in iter(self._next_requests, None):
            for request in requests:
                yield request
            await self._wake.wait()
            self._wake.clear()

    def wake(self) -> None:
        """Look for more requests: the engine has none left to start."""
        self._wake.set()

    def _opening(self) -> Iterator[Request]:
        """Record the addresses asked for, or yield the first page of every listing."""
        arguments = self.arguments
        if arguments.urls:
            for found in read_addresses(arguments.urls):
                self.run.find(found)
        elif arguments.wayback:
            yield from self.search.start()
        elif arguments.since or self.run.backfill is None:
            yield from self.listing_crawls.start(self._chains())

    def _chains(self) -> Iterator[Sequence[Listing]]:
        sources = self.run.agency.sources
        return (chain for edition in self.arguments.editions for chain in sources(edition))

    def _next_requests(self) -> list[Request] | None:
        """Return what to fetch next: nothing while the scheduler has enough, None at the end."""
        if self._has_enough():
            return []
        if time.monotonic() - self._round >= self._round_seconds and not self.news.in_flight:
            return self._next_round()
        batch = self._next_batch()
        if batch is None:
            return None
        return list(filter(None, map(self.articles.request, batch)))

    def _next_round(self) -> list[Request]:
        """Crawl the listings again in a long run, and visit articles that have come due.

        So a backfill that runs for days also brings new articles.
        """
        self._round = time.monotonic()
        frontier, before = self.ledger.frontier, self.ledger.backlog()
        if self.run.backfill is not None:
            frontier.scope = Scope(self.run.backfill, (FRESH, REVISIT))
        frontier.began = steady()
        self.run.carried_over += self.ledger.backlog() - before
        return list(self.news.start(self._chains()))

    def _next_batch(self) -> list[PendingArticle] | None:
        """Return the next articles. Empty while more may still be found, None at the end."""
        most = BATCH
        if self.arguments.limit is not None:
            most = min(BATCH, self.arguments.limit - self.taken)
        in_flight = self.run.outcomes.in_flight
        batch = self._pending(most) if most else []
        listing = self.listing_crawls.in_flight or self.news.in_flight or self.search.in_flight
        if not (batch or in_flight or listing):
            return None
        self.taken += len(batch)
        in_flight.update((pending.id, pending) for pending in batch)
        return batch

    def _pending(self, most: int) -> list[PendingArticle]:
        """Return pending articles. If there are none, look for more ids or files first."""
        while not (batch := self.ledger.pending(most, self.run.outcomes.in_flight)):
            if not any(more.look() for more in self._more):
                break
        return batch

    def _has_enough(self) -> bool:
        """Return whether articles must wait, for the scheduler or for the listings."""
        engine: Any = self.run.crawler.engine
        scheduler = engine.scheduler
        plain = self.run.backfill is None
        listing = self.search.in_flight or (plain and self.listing_crawls.in_flight)
        return bool(listing or (scheduler is not None and scheduler.has_pending_requests()))


class IdWalk:
    """Records ids as pending articles, some at a time. ``left``: ids still to be recorded."""

    def __init__(self, run: Run, ranges: Sequence[range]) -> None:
        self.run = run
        self.left = sum(map(len, ranges))
        self._ids = chain.from_iterable(ranges)

    def look(self) -> bool:
        """Record some more ids. Return whether there were any."""
        numbers = list(islice(self._ids, CHUNK))
        self.left -= len(numbers)
        for native_id in numbers:
            self.run.find(Link(self.run.agency.article_address(native_id), "ids"))
        return bool(numbers)


def read_addresses(path: Path) -> Iterator[Link]:
    """Read a file of addresses line by line; skip blank lines and lines that begin with #."""
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        for line in lines:
            if (address := line.strip()) and not address.startswith("#"):
                yield Link(address, "urls")

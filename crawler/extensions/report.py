"""Writes the run report at the end, and keeps a copy in the ledger in case the run is killed."""

import heapq
import logging
import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import reduce
from operator import or_
from typing import Any

import msgspec
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.crawl.deletions import HeldBack, alarms_of
from crawler.crawl.listing_crawls import ListingCrawls
from crawler.crawl.rounds import Rounds
from crawler.crawl.run import Run
from crawler.crawl.run_result import OUTCOMES, Alarm, Report
from crawler.crawl.spider import AgencySpider
from crawler.crawl.warc_files import WarcFiles
from crawler.crawl.wayback import ArchiveSearch
from crawler.errors import StorageError, graver
from crawler.extensions.base import RunExtension
from crawler.model.fields import adapt
from crawler.report.baseline import Watch
from crawler.report.monitors import FIELDS
from crawler.report.run_report import bury_killed_runs, end_run, fail_at_end
from crawler.system.clock import now, rfc3339, steady

logger = logging.getLogger(__name__)

SLOWEST = 5  # responses that the report names


class ReportRun(RunExtension):
    """Logs the run report, and writes it to ``runs/<start>.json`` in the agency's folder.

    Until the end, every commit saves the report so far in the ledger. If the run is killed, the
    next run finds it there.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.tally = Tally()
        self.gone_after = self.run.outcomes.policy.gone.told
        self.began = steady()

    def spider_opened(self, spider: AgencySpider) -> None:
        """Write the reports of killed runs, and save this run's report from now on."""
        archive = spider.run.archive
        try:
            for run in bury_killed_runs(archive.ledger, archive.folder / "runs"):
                logger.warning("run %s was killed; its report is runs/%s.json", run, run)
        except StorageError as error:
            spider.run.stop_for(error)
        except (OSError, sqlite3.Error) as error:
            spider.run.stop_for(
                StorageError(f"{archive.folder / 'runs'}: cannot be written ({error})")
            )
        archive.report = lambda: msgspec.json.encode(self._report(spider))
        try:
            archive.commit()  # from now on the next run can report this one
        except StorageError as error:
            spider.run.stop_for(error)

    def response_downloaded(self, request: Request, response: Response) -> None:
        """Record how long the response took."""
        self.tally.answered(response.url, request.meta.get("download_latency", 0))

    def item_scraped(self, item: Any, response: Response | Failure) -> None:
        """Count a recorded row."""
        request: Request = response.request  # type: ignore[assignment,union-attr]
        self.tally.stored(adapt(item), request.cb_kwargs["pending"].link.source)

    def spider_closed(self, spider: AgencySpider) -> None:
        """Collect the figures, evaluate them, log them and write them to a file."""
        run, archive = spider.run, spider.run.archive
        held_back = self._bury(run)
        archive.report = None  # the figures at the end of this run are final
        run.report = self._report(spider)
        if isinstance(run.stopped_by, StorageError):
            # The next run reports what was committed; nothing else was done.
            fail_at_end(run, run.stopped_by)
            return
        try:
            run.report = replace(
                run.report,
                pending=archive.ledger.backlog(),
                asked_in_vain=run.asked.in_vain() | _unlisted(spider),
            )
            alarms = [*alarms_of(held_back, spider.name), *_alarms(spider, run.report)]
            run.report = replace(run.report, monitors=alarms)
            end_run(run, run.report)
        except StorageError as error:
            fail_at_end(run, error)
        except (OSError, sqlite3.Error) as error:
            problem = StorageError(f"{archive.folder}: cannot be read or written ({error})")
            fail_at_end(run, problem)
        for damage in archive.damages.values():
            logger.error("%s", damage)
        for line in run.report.lines():
            logger.info("%s", line)
        for alarm in run.report.monitors:
            logger.error("%s", alarm.line)

    def _bury(self, run: Run) -> list[HeldBack]:
        """Record which articles are gone, unless interrupted; return what is held back."""
        if _is_broken_off(run):
            return []
        try:
            return run.outcomes.bury()
        except (OSError, sqlite3.Error, ValueError, LookupError) as error:
            problem = StorageError(f"{run.archive.folder}: cannot be read or written ({error})")
        except StorageError as error:
            problem = error
        logger.error("%s", problem)
        run.stopped_by = graver(run.stopped_by, problem)
        return []

    def _report(self, spider: AgencySpider) -> Report:
        """Return the report so far. Articles without an outcome are ``pending``."""
        assert self.crawler.stats is not None
        stats: dict[str, Any] = self.crawler.stats.get_stats()
        run, rounds = spider.run, spider.rounds
        outcomes = run.outcomes
        return Report(
            agency=run.name,
            run=run.run_id,
            started_at=rfc3339(run.started_at),
            ended_at=rfc3339(now()),
            run_every_minutes=self.crawler.settings.getfloat("RUN_EVERY_MINUTES") or None,
            seconds=round(steady() - self.began, 1),
            backfill=run.backfill,
            carried_over=run.carried_over,
            discovered=run.discovered,
            outcomes={name: outcomes.counts[name] for name in OUTCOMES},
            editions={name: dict(counts) for name, counts in outcomes.editions.items()},
            pending=run.carried_over + run.discovered - outcomes.counts.total(),
            reasons=dict(outcomes.reasons),
            sources_served=dict(reduce(or_, (source.served for source in _sources(rounds)))),
            sources_failed=reduce(or_, (source.failures for source in _sources(rounds))),
            addresses_refused=_under(stats, "addresses/refused/"),
            disagreements=_under(stats, "timestamp/", "category/", "byline/", "language/"),
            articles=dict(self.tally.articles),
            pages=dict(rounds.articles.pages),
            fill_rates=self.tally.fill_rates,
            slowest=self.tally.slowest,
            throttling=_under(stats, "throttling/"),
            requests=stats.get("downloader/request_count", 0),
            bytes=stats.get("downloader/response_bytes", 0),
            bytes_saved=outcomes.bytes_saved,
            faults=run.faults,
            gone_after=self.gone_after,
            stand_in=run.stand_in.site if run.stand_in else None,
            stopped_by=str(run.stopped_by) if run.stopped_by else None,
        )


def _unlisted(spider: AgencySpider) -> dict[str, int]:
    """Count editions that were requested by name and that no listing has."""
    asked = spider.arguments.unconfirmed(spider.rules)
    unlisted = spider.rounds.listing_crawls.unlisted.intersection(asked)
    return {"unlisted": len(unlisted)} if unlisted else {}


def _is_broken_off(run: Run) -> bool:
    return run.stopped_by is not None and run.stopped_by.exit_code != 0


def _alarms(spider: AgencySpider, report: Report) -> list[Alarm]:
    """Return the monitors that failed. Empty for an interrupted run.

    Whether pages can be read is checked in every run; whether figures are usual, in plain runs
    only.
    """
    if _is_broken_off(spider.run):
        return []
    watch = Watch(spider.run.archive, spider.layouts, now())
    alarms = [
        *watch.pages(report, spider.rounds.articles.unread),
        *watch.lists(report, _unread(spider.rounds)),
    ]
    if report.backfill is not None:
        return [*alarms, *watch.edits(report)]
    editions = spider.arguments.editions
    alarms += [*watch.alarms(editions), *watch.errors(editions, report)]
    # Pending articles may be those that an edition has published.
    return alarms if report.pending else [*alarms, *watch.silences(editions)]


def _unread(rounds: Rounds) -> list[str]:
    """Return the addresses that returned no list, each once."""
    return list(dict.fromkeys([*rounds.listing_crawls.unread, *rounds.news.unread]))


def _sources(rounds: Rounds) -> tuple[ListingCrawls | ArchiveSearch | WarcFiles, ...]:
    return rounds.listing_crawls, rounds.news, rounds.search, rounds.files


def _under(stats: dict[str, Any], *prefixes: str) -> dict[str, Any]:
    """Return the counters with these prefixes. A single prefix is removed from the names."""
    cut = len(prefixes[0]) if len(prefixes) == 1 else 0
    return {name[cut:]: count for name, count in stats.items() if name.startswith(prefixes)}


class Tally:
    """Counts recorded rows by edition and source, filled fields, and the slowest responses."""

    def __init__(self) -> None:
        self.articles: Counter[str] = Counter()  # by edition and source: "en/api"
        self._filled: Counter[str] = Counter()
        self._slowest: list[tuple[float, str]] = [(0.0, "")] * SLOWEST

    def stored(self, row: Mapping[str, Any], source: str) -> None:
        """Count a recorded row of a source."""
        self.articles[f"{row.get('edition') or '?'}/{source}"] += 1
        self._filled.update(name for name in FIELDS if row.get(name))

    def answered(self, url: str, seconds: float) -> None:
        """Record how long a response took."""
        if seconds > self._slowest[0][0]:
            heapq.heapreplace(self._slowest, (seconds, url))

    @property
    def fill_rates(self) -> dict[str, float]:
        """Share of the recorded rows in which each field is filled; empty without rows."""
        rows = self.articles.total()
        return {name: round(self._filled[name] / rows, 3) for name in FIELDS} if rows else {}

    @property
    def slowest(self) -> list[tuple[str, float]]:
        """The slowest responses, slowest first: URL and seconds."""
        ranked = sorted(self._slowest, reverse=True)
        return [(url, round(seconds, 3)) for seconds, url in ranked if url]

"""Say at the end of a run what became of its work, and keep it said should the run be killed."""

import logging
import sqlite3
from dataclasses import replace
from functools import reduce
from operator import or_
from typing import Any, Self

import msgspec
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.crawl.deletions import HeldBack, alarms_of
from crawler.crawl.listings import Walks
from crawler.crawl.result import OUTCOMES, Alarm, Report
from crawler.crawl.spider import AgencySpider, check_ours
from crawler.crawl.warc_files import WarcFiles
from crawler.crawl.wayback import ArchiveSearch
from crawler.errors import StorageError, graver
from crawler.model.adapter import adapt
from crawler.report.baseline import Watch
from crawler.report.monitors import Tally
from crawler.report.run_report import bury_killed_runs, end_run, fail_at_end
from crawler.system.clock import now, rfc3339, steady

logger = logging.getLogger(__name__)


class ReportRun:
    """Logs the run report, and keeps it as ``runs/<start>.json`` in the agency's folder.

    Until then every commit keeps the report as it stands in the ledger; there the next run finds
    it if this one is killed.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.tally = Tally()
        self.began = steady()
        for handler, signal in (
            (self.spider_opened, signals.spider_opened),
            (self.response_downloaded, signals.response_downloaded),
            (self.item_scraped, signals.item_scraped),
            (self.spider_closed, signals.spider_closed),
        ):
            crawler.signals.connect(handler, signal=signal)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Listen to the crawler's signals."""
        check_ours(crawler)
        return cls(crawler)

    def spider_opened(self, spider: AgencySpider) -> None:
        """Write the reports of runs that were killed, and keep this run's from now on."""
        archive = spider.archive
        try:
            for run in bury_killed_runs(archive.ledger, archive.folder / "runs"):
                logger.warning("run %s was killed; what it did is in runs/%s.json", run, run)
        except StorageError as error:
            spider.stop_for(error)
        except (OSError, sqlite3.Error) as error:
            spider.stop_for(StorageError(f"{archive.folder / 'runs'}: cannot be written ({error})"))
        archive.report = lambda: msgspec.json.encode(self._report(spider))
        try:
            archive.commit()  # from now on the next run can tell of this one
        except StorageError as error:
            spider.stop_for(error)

    def response_downloaded(self, request: Request, response: Response) -> None:
        """Take note of how long the answer took."""
        self.tally.answered(response.url, request.meta.get("download_latency", 0))

    def item_scraped(self, item: Any, response: Response) -> None:
        """Count a recorded row."""
        self.tally.stored(adapt(item), response.cb_kwargs["work"].found.road)

    def spider_closed(self, spider: AgencySpider) -> None:
        """Gather the figures, judge them, log them and write them down."""
        archive = spider.archive
        held_back = self._bury(spider)
        archive.report = None  # what this run ends with is the last word
        spider.report = self._report(spider)
        if isinstance(spider.stopped_by, StorageError):
            # The next run tells what was committed; the rest is not done.
            fail_at_end(spider, spider.stopped_by)
            return
        try:
            spider.report = replace(
                spider.report,
                left=archive.ledger.backlog(),
                asked_in_vain=spider.asked.in_vain(),
            )
            alarms = [*alarms_of(held_back, spider.name), *_alarms(spider, spider.report)]
            spider.report = replace(spider.report, monitors=alarms)
            end_run(spider, spider.report)
        except StorageError as error:
            fail_at_end(spider, error)
        except (OSError, sqlite3.Error) as error:
            fail_at_end(
                spider, StorageError(f"{archive.folder}: cannot be read or written ({error})")
            )
        for damage in archive.damages.values():
            logger.error("%s", damage)
        for line in spider.report.lines():
            logger.info("%s", line)
        for alarm in spider.report.monitors:
            logger.error("%s", alarm.line)

    def _bury(self, spider: AgencySpider) -> list[HeldBack]:
        """Record what is gone, and return what is held back; a run that was broken off does not."""
        if _is_broken_off(spider):
            return []
        try:
            return spider.outcomes.bury()
        except (OSError, sqlite3.Error, ValueError, LookupError) as error:
            problem = StorageError(f"{spider.archive.folder}: cannot be read or written ({error})")
        except StorageError as error:
            problem = error
        logger.error("%s", problem)
        spider.stopped_by = graver(spider.stopped_by, problem)
        return []

    def _report(self, spider: AgencySpider) -> Report:
        """Return the report so far, in which what is ``left`` is what has no outcome yet."""
        assert self.crawler.stats is not None
        stats: dict[str, Any] = self.crawler.stats.get_stats()
        outcomes = spider.outcomes
        return Report(
            agency=spider.name,
            run=spider.run_id,
            started_at=rfc3339(spider.started_at),
            ended_at=rfc3339(now()),
            seconds=round(steady() - self.began, 1),
            backfill=spider.arguments.backfill,
            taken_over=spider.taken_over,
            discovered=spider.discovered,
            outcomes={name: outcomes.counts[name] for name in OUTCOMES},
            editions={name: dict(counts) for name, counts in outcomes.editions.items()},
            left=spider.taken_over + spider.discovered - outcomes.counts.total(),
            reasons=dict(outcomes.reasons),
            roads_served=dict(reduce(or_, (road.served for road in _roads(spider)))),
            roads_failed=reduce(or_, (road.failures for road in _roads(spider))),
            addresses_refused=_under(stats, "addresses/refused/"),
            disagreements=_under(stats, "timestamp/", "category/", "byline/", "language/"),
            articles=dict(self.tally.articles),
            pages=dict(spider.articles.pages),
            fill_rates=self.tally.fill_rates,
            slowest=self.tally.slowest,
            throttling=_under(stats, "throttling/"),
            requests=stats.get("downloader/request_count", 0),
            bytes=stats.get("downloader/response_bytes", 0),
            bytes_saved=outcomes.bytes_saved,
            faults=spider.faults,
            stand_in=spider.stand_in.site if spider.stand_in else None,
            stopped_by=str(spider.stopped_by) if spider.stopped_by else None,
        )


def _is_broken_off(spider: AgencySpider) -> bool:
    return spider.stopped_by is not None and spider.stopped_by.exit_code != 0


def _alarms(spider: AgencySpider, report: Report) -> list[Alarm]:
    """Return the monitors that failed, of a run that was not broken off.

    Whether pages can be read at all is told of any run; what is usual, only of plain ones.
    """
    if _is_broken_off(spider):
        return []
    watch = Watch(spider.archive, spider.layouts, now())
    alarms = [*watch.pages(report, spider.articles.unread), *watch.lists(report, _unread(spider))]
    if report.backfill is not None:
        return [*alarms, *watch.edits(report)]
    editions = spider.arguments.editions
    alarms += [*watch.alarms(editions), *watch.errors(editions, report)]
    # What was left may be what an edition has published.
    return alarms if report.left else [*alarms, *watch.silences(editions)]


def _unread(spider: AgencySpider) -> list[str]:
    """Return the addresses that answered with what is no list; once if both are the same walks."""
    return list(dict.fromkeys([*spider.walks.unread, *spider.news.unread]))


def _roads(spider: AgencySpider) -> tuple[Walks | ArchiveSearch | WarcFiles, ...]:
    return spider.walks, spider.news, spider.search, spider.files


def _under(stats: dict[str, Any], *prefixes: str) -> dict[str, Any]:
    """Return the counters below the prefixes; the name of a single prefix is left out."""
    cut = len(prefixes[0]) if len(prefixes) == 1 else 0
    return {name[cut:]: count for name, count in stats.items() if name.startswith(prefixes)}

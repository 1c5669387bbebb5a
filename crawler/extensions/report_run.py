"""Say at the end of a run what became of its work."""

import logging
from pathlib import Path
from typing import Any, Self

import msgspec
from scrapy import signals
from scrapy.crawler import Crawler

from crawler.clock import now, rfc3339
from crawler.errors import StorageError
from crawler.outcomes import OUTCOMES
from crawler.report import Report, exit_code
from crawler.spider import AgencySpider

logger = logging.getLogger(__name__)


class ReportRun:
    """Logs the run report, and keeps it as ``runs/<start>.json`` in the agency's folder."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Listen to the crawler's signals."""
        return cls(crawler)

    def spider_closed(self, spider: AgencySpider) -> None:
        """Gather the figures, log them and write them down."""
        report = self._report(spider)
        spider.exit_code = exit_code(report, spider.stopped_by)
        for line in report.lines():
            logger.info("%s", line)
        try:
            self._write(report, spider.archive.folder / "runs")
        except OSError as error:
            logger.error("%s: the report cannot be written (%s)", error.filename, error.strerror)
            spider.exit_code = StorageError.exit_code

    def _write(self, report: Report, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        (folder / f"{report.run}.json").write_bytes(
            msgspec.json.format(msgspec.json.encode(report)) + b"\n"
        )

    def _report(self, spider: AgencySpider) -> Report:
        assert self.crawler.stats is not None
        stats: dict[str, Any] = self.crawler.stats.get_stats()
        outcomes, ended = spider.outcomes, now()
        return Report(
            agency=spider.name,
            run=spider.run_id,
            started_at=rfc3339(spider.started_at),
            ended_at=rfc3339(ended),
            seconds=(ended - spider.started_at).total_seconds(),
            backfill=spider.arguments.backfill,
            taken_over=spider.taken_over,
            discovered=spider.discovered,
            outcomes={name: outcomes.counts[name] for name in OUTCOMES},
            left=spider.archive.ledger.frontier.backlog(),
            reasons=dict(outcomes.reasons),
            roads_served=dict(spider.walks.served | spider.news.served),
            roads_failed=spider.walks.failures | spider.news.failures,
            addresses_refused=_under(stats, "addresses/refused/"),
            disagreements=_under(stats, "timestamp/", "byline/", "language/"),
            requests=stats.get("downloader/request_count", 0),
            bytes=stats.get("downloader/response_bytes", 0),
            faults=spider.faults,
            stopped_by=str(spider.stopped_by) if spider.stopped_by else None,
        )


def _under(stats: dict[str, Any], *prefixes: str) -> dict[str, int]:
    """Return the counters below the prefixes; the name of a single prefix is left out."""
    cut = len(prefixes[0]) if len(prefixes) == 1 else 0
    return {name[cut:]: count for name, count in stats.items() if name.startswith(prefixes)}

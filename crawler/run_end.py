"""The end of a run: its exit code, with the reason, in the report as everywhere else."""

import logging
import sqlite3
from contextlib import suppress
from dataclasses import replace
from functools import reduce

import msgspec

from crawler.archive import Archive
from crawler.errors import StorageError, graver
from crawler.report import Report, ending
from crawler.report_files import write_report
from crawler.spider import AgencySpider

logger = logging.getLogger(__name__)


def end_run(spider: AgencySpider, report: Report) -> None:
    """Judge a run, and keep its report with the exit code.

    Raises ``OSError``, ``sqlite3.Error`` or ``StorageError`` if the report cannot be kept.
    """
    damages = spider.archive.damages.values()  # of single versions: they stopped nothing
    spider.ending = ending(report, reduce(graver, damages, spider.stopped_by))
    spider.report = replace(
        report,
        stopped_by=str(spider.stopped_by) if spider.stopped_by else None,
        exit_code=int(spider.ending.code),
        exit_reason=spider.ending.reason,
    )
    _keep(spider.report, spider.archive)


def fail_at_end(spider: AgencySpider, error: StorageError) -> None:
    """Let a run that is over end with an error; a report that is written is to say so, too."""
    if not isinstance(spider.stopped_by, StorageError):
        logger.error("%s", error)
    spider.stopped_by = graver(spider.stopped_by, error)
    assert spider.report is not None
    with suppress(OSError, sqlite3.Error, StorageError):  # the error at hand is what is told
        end_run(spider, spider.report)


def _keep(report: Report, archive: Archive) -> None:
    encoded, folder = msgspec.json.encode(report), archive.folder / "runs"
    try:
        write_report(folder, report.run, encoded)
    except OSError:
        with suppress(OSError):  # a report that says otherwise is worse than none
            (folder / f"{report.run}.json").unlink()
        raise
    archive.ledger.keep_report(report.run, encoded, ended=True)

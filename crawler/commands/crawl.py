"""``scrapy crawl``: checks the arguments, then crawls an agency into its archive."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sqlite3
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyHelpFormatter
from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import BaseSettings, Settings

from crawler.cli import PlainCommand, spider_named
from crawler.errors import PRECEDENCE, ArchiveError, Blocked, ExitCode, StorageError, UsageError
from crawler.system.clock import AHEAD, ahead, now, rfc3339
from crawler.system.signals import Interrupts, interruptible

if TYPE_CHECKING:
    from crawler.crawl.arguments import RunArguments
    from crawler.crawl.run import Run
    from crawler.crawl.spider import AgencySpider
    from crawler.store.archive import Archive

logger = logging.getLogger(__name__)

# Arguments that read pages from an archive, not from the agency's site.
ARCHIVES = frozenset({"wayback", "warc"})

# Scrapy's own start-up lines; the run report has the relevant ones.
QUIET = ("scrapy.middleware", "scrapy.crawler", "scrapy.addons", "scrapy.utils.log")

MORE = """signals:
  one SIGINT (Ctrl-C) or SIGTERM ends a run cleanly within ten seconds; a second one ends
  it at once: the archive stays undamaged, but the file of -O may be empty then

examples:
  scrapy crawl AGENCY
  scrapy crawl AGENCY -a editions=en,ru -a limit=100
  scrapy crawl AGENCY -a since=2024-05-01 -a until=2024-05-31 -s DATA_DIR=may
  scrapy crawl AGENCY -a urls=addresses.txt -O rows.jsonl
  scrapy crawl page -a url=URL    as scrapy preview URL: prints the row read from any page"""


class _PlainText(ScrapyHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """Keeps the line breaks of the epilog."""


class Command(PlainCommand, ScrapyCrawl):
    """Checks arguments, settings and the folder's lock before it creates a crawler."""

    after_interrupt = "nothing was fetched"

    def short_desc(self) -> str:
        """Return the text for the list of commands."""
        return "Crawl an agency into its archive"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add Scrapy's options; describe arguments and exit codes in the help."""
        from crawler.crawl.arguments import MANUAL

        super().add_options(parser)
        parser.formatter_class = _PlainText
        arguments = [f"  -a {name}={example}" for name, example in MANUAL.items()]
        codes = [f"  {code:<3d}  {code.meaning}" for code in ExitCode]
        first = ", ".join(f"{code:d}" for code in PRECEDENCE)
        codes.append(f"  where several hold, the first of: {first}")
        parser.epilog = "\n".join(
            ["arguments of a spider:", *arguments, "", "exit codes:", *codes, "", MORE]
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check the paths of ``-o`` and ``-O`` too, before anything is fetched."""
        from crawler.crawl.check_settings import check_feeds

        super().process_options(args, opts)
        try:
            check_feeds(self.settings)
        except UsageError as error:
            self.refuse(str(error))

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check the arguments, crawl, and set the exit code."""
        from crawler.crawl.arguments import parse_arguments
        from crawler.crawl.check_settings import check_settings, go_slowly, name_contact
        from crawler.scaffold import fetch

        try:
            if args == [fetch.NAME]:
                self._look(opts)
                return
            spider_class = spider_named(self.settings, args)
            arguments = parse_arguments(opts.spargs, spider_class.rules)
            check_settings(_settings_of(spider_class, self.settings))
            _check_welcome(spider_class, opts.spargs)
            _check_ids(spider_class, arguments)
            archive = _open(self.settings, spider_class, arguments)
        except (ArchiveError, KeyboardInterrupt) as error:
            self._fail(error, [])
            return
        self.crawler_process = AsyncCrawlerProcess(self.settings)
        name_contact(self.settings)
        go_slowly(self.settings)
        _tell_of_a_clock_for_tests()
        for code in arguments.unconfirmed(spider_class.rules):
            logger.warning("edition %s is unconfirmed: it may be listed nowhere", code)
        _quieten(self.settings["LOG_LEVEL"], archive)
        try:
            self._crawl(spider_class, archive, opts)
        except sqlite3.Error as error:
            self._fail(archive.unwritable(error), [])
        except Exception as error:
            self._fail(archive.explained(error), [])

    def _look(self, opts: argparse.Namespace) -> None:
        from crawler.scaffold import fetch

        if self.settings.getdict("FEEDS"):
            raise UsageError("page prints one row; write it to a file with > FILE instead of -o")
        with interruptible():
            print(fetch.look(self.settings, opts.spargs))

    def _crawl(
        self, spider_class: type[AgencySpider], archive: Archive, opts: argparse.Namespace
    ) -> None:
        from crawler.crawl.run_result import Ending
        from crawler.crawl.spider import AgencySpider

        assert self.crawler_process is not None
        crawler = self._create_crawler(spider_class)
        interrupts = Interrupts()
        interrupts.watch(crawler)
        crawling = self.crawler_process.crawl(crawler, archive=archive, **opts.spargs)
        self.crawler_process.start(install_signal_handlers=False)
        interrupts.over()
        if isinstance(crawling, asyncio.Future) and crawling.done():
            crawling.result()  # raises the error that prevented the start
        spider = crawler.spider
        if self.crawler_process.bootstrap_failed or not isinstance(spider, AgencySpider):
            end = Ending(ExitCode.INTERNAL_ERROR, "the crawl did not begin; the log says why")
        else:
            _check_written(crawler, spider.run)
            end = spider.run.ending
        logger.log(logging.ERROR if end.code else logging.INFO, "%s", end.line)
        self.exitcode = end.code


def _check_written(crawler: Crawler, run: Run) -> None:
    """Set exit code 7 if rows could not be written to a file of ``-o`` or ``-O``."""
    from crawler.report.run_report import fail_at_end

    assert crawler.stats is not None
    stats = crawler.stats.get_stats().items()
    failed = sum(count for name, count in stats if name.startswith("feedexport/failed_count/"))
    if failed:
        told = "could not be written (the log says why); the archive has all rows: scrapy export"
        fail_at_end(run, StorageError(f"{failed} of the files of -o or -O {told}"))


def _open(settings: BaseSettings, agency: type[AgencySpider], arguments: RunArguments) -> Archive:
    """Open the data folder; raise ``ArchiveError`` if it is unusable or has nothing to revisit.

    An error before the first crawl leaves no folder behind.
    """
    from crawler.crawl.check_settings import stand_in_asked
    from crawler.crawl.run import check_revisited
    from crawler.store.stand_in_site import open_archive

    folder = Path(settings["DATA_DIR"]) / agency.name
    archives = ("CDX_URL", "WAYBACK_URL") if arguments.wayback else ()
    stand_in = stand_in_asked(settings, agency.address_settings(), archives)
    if arguments.revisited and not folder.exists():
        raise UsageError(f"revisit={arguments.revisit}: there is no archive in {folder}")
    archive = open_archive(folder, stand_in, agency.rules.address.host)
    try:
        check_revisited(arguments, archive.ledger)
    except UsageError:
        archive.close()
        raise
    return archive


def _settings_of(agency: type[AgencySpider], settings: Settings) -> BaseSettings:
    """Return the settings of a run, including those of the spider."""
    own = settings.copy()
    agency.update_settings(own)
    return own


def _check_welcome(agency: type[AgencySpider], given: Mapping[str, str]) -> None:
    """Raise ``Blocked`` if the site refuses crawlers, unless pages come from an archive."""
    if agency.refusal and not given.keys() & ARCHIVES:
        raise Blocked(f"{agency.name} is not crawled: {agency.refusal}")


def _check_ids(agency: type[AgencySpider], arguments: RunArguments) -> None:
    """Raise ``UsageError`` for ids, if the site has no address that needs only an id."""
    from crawler.crawl.spider import AgencySpider

    if arguments.ids and agency.article_address is AgencySpider.article_address:
        raise UsageError(
            f"{agency.name} cannot be requested by number alone; use addresses: -a urls=FILE"
        )


def _tell_of_a_clock_for_tests() -> None:
    """Log a warning if the clock is set for a test, so that no time of this run is true."""
    if ahead():
        logger.warning("%s=%g: the clock of this run says %s", AHEAD, ahead(), rfc3339(now()))


def _quieten(level: str | int, archive: Archive) -> None:
    """Remove Scrapy's start-up lines and redundant tracebacks from the log.

    The level is set on the loggers: otherwise Scrapy would format two lines per page and discard
    them.
    """
    for name in ("scrapy", "crawler"):
        logging.getLogger(name).setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    robots = "scrapy.downloadermiddlewares.robotstxt"
    for name in ("scrapy.core.engine", "scrapy.core.scraper", "scrapy.utils.signal", robots):
        logging.getLogger(name).addFilter(partial(_is_news, archive))
    logging.getLogger(robots).addFilter(_without_traceback)


def _without_traceback(record: logging.LogRecord) -> bool:
    record.exc_info = None
    return True


def _is_news(archive: Archive, record: logging.LogRecord) -> bool:
    """Return whether a line is not about storage errors: the run reports the first of these."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, Exception):
        error = archive.explained(error)
    return not isinstance(error, (StorageError, sqlite3.Error))

"""Commit what was recorded at least once a second; bring year files and indexes up to date."""

import sqlite3
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

from crawler.crawl.spider import AgencySpider, check_ours
from crawler.errors import Interrupted, StorageError
from crawler.report.run_report import fail_at_end
from crawler.store.export import write_changed_years
from crawler.warc.index import write_indexes

INTERVAL = 1.0  # seconds; what a killed run fetches again


class KeepArchive:
    """Commits by a timer (the archive itself commits every full group), and last of all closes."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.timer = create_looping_call(self.commit)
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Listen to the crawler's signals."""
        check_ours(crawler)
        return cls(crawler)

    def spider_opened(self) -> None:
        """Start the timer."""
        self.timer.start(INTERVAL, now=False)

    def spider_closed(self) -> None:
        """Commit what is left and release the folder."""
        if self.timer.running:
            self.timer.stop()
        try:
            self.spider.archive.close()
        except StorageError as error:
            fail_at_end(self.spider, error)

    def commit(self) -> None:
        """Commit; a disk that cannot be written ends the run."""
        archive = self.spider.archive
        try:
            if archive.is_whole:
                archive.commit()
        except StorageError as error:
            self.spider.stop_for(error)

    @property
    def spider(self) -> AgencySpider:
        """The running spider."""
        assert isinstance(self.crawler.spider, AgencySpider)
        return self.crawler.spider


class WriteYears:
    """Writes ``articles/<year>.jsonl`` for the years that changed.

    A run that was interrupted leaves them to the next one: it is to end at once.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Listen for the end of the run, unless the files are switched off."""
        check_ours(crawler)
        if not crawler.settings.getbool("YEAR_FILES"):
            raise NotConfigured
        extension = cls()
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_closed(self, spider: AgencySpider) -> None:
        """Write the files from what is committed; the last commit of the run forgets the years."""
        if isinstance(spider.stopped_by, Interrupted | StorageError):
            return
        archive = spider.archive
        try:
            archive.commit()
            write_changed_years(archive.ledger.database, archive.folder)
        except StorageError as error:
            fail_at_end(spider, error)
        except (OSError, sqlite3.Error) as error:
            place = archive.folder / "articles"
            fail_at_end(spider, StorageError(f"{place}: cannot be written ({error})"))


class WriteIndexes:
    """Writes ``warc/*.cdxj`` for the files that grew; a run that was interrupted leaves them."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Listen for the end of the run."""
        check_ours(crawler)
        extension = cls()
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_closed(self, spider: AgencySpider) -> None:
        """Write the indexes; the last commit of the run, which follows, covers what they list."""
        if isinstance(spider.stopped_by, Interrupted | StorageError):
            return
        captures = spider.archive.captures
        try:
            captures.keep_all()  # nothing is under way any more; what is left is to be listed, too
            write_indexes(captures.index, captures.files.folder)
        except StorageError as error:
            fail_at_end(spider, error)
        except (OSError, sqlite3.Error) as error:
            place = captures.files.folder
            fail_at_end(spider, StorageError(f"{place}: cannot be written ({error})"))

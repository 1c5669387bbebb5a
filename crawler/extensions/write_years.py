"""Bring the files of the years up to date at the end of a run."""

import sqlite3
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler.errors import Interrupted, StorageError
from crawler.run_end import fail_at_end
from crawler.spider import AgencySpider, check_ours
from crawler.year_files import write_changed_years


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

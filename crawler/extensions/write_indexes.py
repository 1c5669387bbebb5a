"""Bring the indexes of the WARC files up to date at the end of a run."""

import sqlite3
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from crawler.cdxj import write_indexes
from crawler.errors import Interrupted, StorageError
from crawler.run_end import fail_at_end
from crawler.spider import AgencySpider, check_ours


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

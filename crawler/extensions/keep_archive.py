"""Commit what was recorded at least once a second, and close the data folder at the end."""

from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import create_looping_call

from crawler.errors import StorageError
from crawler.run_end import fail_at_end
from crawler.spider import AgencySpider, check_ours

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

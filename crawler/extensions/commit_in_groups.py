"""Commit what was recorded at least once a second."""

from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import create_looping_call

from crawler.errors import StorageError
from crawler.spider import AgencySpider

INTERVAL = 1.0  # seconds; what a killed run fetches again


class CommitInGroups:
    """Calls the archive's commit by a timer; the archive itself commits every full group."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.timer = create_looping_call(self.commit)
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Listen to the crawler's signals."""
        return cls(crawler)

    def spider_opened(self) -> None:
        """Start the timer."""
        self.timer.start(INTERVAL, now=False)

    def spider_closed(self) -> None:
        """Stop the timer; the spider's own close commits the rest."""
        if self.timer.running:
            self.timer.stop()

    def commit(self) -> None:
        """Commit; a disk that cannot be written ends the run."""
        assert isinstance(self.crawler.spider, AgencySpider)
        try:
            self.crawler.spider.archive.commit()
        except StorageError as error:
            self.crawler.spider.stop_for(error)

"""What the extensions of a run share."""

from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from crawler.crawl.spider import spider_of

_SIGNALS = (
    *("spider_opened", "spider_closed", "spider_error"),
    *("item_scraped", "item_dropped", "item_error", "response_downloaded"),
)


class RunExtension:
    """Base class: methods that have the name of a Scrapy signal are called by it."""

    def __init__(self, crawler: Crawler) -> None:
        """``run`` is the spider's. Without an agency's spider, the extension is off."""
        self.crawler = crawler
        self.spider = spider_of(crawler)
        self.run = self.spider.run
        for name in _SIGNALS:
            if handler := getattr(self, name, None):
                crawler.signals.connect(handler, signal=getattr(signals, name))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the extension, as Scrapy does."""
        return cls(crawler)

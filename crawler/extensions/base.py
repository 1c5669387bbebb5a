"""What the extensions of a run share."""

from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from crawler.crawl.run import Run
from crawler.crawl.spider import AgencySpider, spider_of

_SIGNALS = (
    *("spider_opened", "spider_closed", "spider_error"),
    *("item_scraped", "item_dropped", "item_error", "response_downloaded"),
)


class RunExtension:
    """Base class: methods that have the name of a Scrapy signal are called by it."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        for name in _SIGNALS:
            if handler := getattr(self, name, None):
                crawler.signals.connect(handler, signal=getattr(signals, name))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension. It is off if no agency is crawled."""
        spider_of(crawler)
        return cls(crawler)

    @property
    def spider(self) -> AgencySpider:
        """The running spider."""
        return spider_of(self.crawler)

    @property
    def run(self) -> Run:
        """The run, which is the spider's."""
        return self.spider.run

"""Note what the pipelines made of each article."""

from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.errors import StorageError
from crawler.items import Article
from crawler.spider import AgencySpider


class NoteOutcomes:
    """Turns Scrapy's signals about items into outcomes of articles."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        for handler, signal in (
            (self.item_scraped, signals.item_scraped),
            (self.item_dropped, signals.item_dropped),
            (self.item_error, signals.item_error),
            (self.spider_error, signals.spider_error),
        ):
            crawler.signals.connect(handler, signal=signal)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Listen to the crawler's signals."""
        return cls(crawler)

    @property
    def spider(self) -> AgencySpider:
        """The running spider."""
        assert isinstance(self.crawler.spider, AgencySpider)
        return self.crawler.spider

    def item_scraped(self, item: Article) -> None:
        """A version was recorded."""
        self.spider.outcomes.stored(item)

    def item_dropped(self, item: Article, exception: DropItem) -> None:
        """A pipeline found the article unchanged, or refused it."""
        reason = getattr(exception, "reason", None)
        if reason is None:
            self.spider.outcomes.unchanged(item.id, item.fetched_at)
        else:
            self.spider.outcomes.refused(item.id, reason, str(exception))

    def item_error(self, item: Article, failure: Failure) -> None:
        """A pipeline failed: a fault of ours, or of the storage."""
        self._fault(item.id, item.url, failure)

    def spider_error(self, failure: Failure, response: Response | None) -> None:
        """A callback, or the start of the spider, failed: a fault of ours."""
        told = response.cb_kwargs if response is not None and response.request else {}
        if "work" in told:
            self._fault(told["work"].id, told["work"].address, failure)
        else:
            self.spider.faults += 1
        if "road" in told:
            self.spider.walks.abandon(told["road"], f"fault {type(failure.value).__name__}")

    def _fault(self, article_id: str, url: str, failure: Failure) -> None:
        if isinstance(failure.value, StorageError):
            self.spider.stop_for(failure.value)
        else:
            self.spider.faults += 1
            self.spider.outcomes.failed(article_id, f"fault {type(failure.value).__name__}", url)

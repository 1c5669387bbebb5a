"""An extension that lets the last commit of a run fail, as a full disk does."""

from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler


class FailClose:
    """Breaks the journal of the run when the run is over."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls()
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_closed(self, spider: Any) -> None:
        spider.run.archive.ledger.commit = self._fail

    def _fail(self, *lengths: object) -> None:
        raise OSError("no room")

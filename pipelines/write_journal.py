"""Records a version of an article."""

from typing import Any, Self

from scrapy.crawler import Crawler

from crawler.crawl.spider import check_ours
from crawler.model.article import Article
from crawler.store.archive import Archive


class WriteJournal:
    """Passes each version to the archive, which commits it with its journal line."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Write to the running spider's archive."""
        check_ours(crawler)
        spider: Any = crawler.spider
        return cls(spider.run.archive)

    def process_item(self, item: Article) -> Article:
        """Record the version with its capture; Scrapy's feeds export the same row."""
        item.capture = self.archive.captures.keep(item.id)
        self.archive.record(item)
        return item

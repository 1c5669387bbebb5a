"""Base class of the pipelines that read an article."""

from typing import Any, Self

from scrapy.crawler import Crawler

from crawler.crawl.spider import check_ours
from crawler.extract.normalise import Count, count_nothing
from crawler.model.rules import AgencyRules


class ArticlePipeline:
    """One decision about an article; created by a crawler or, offline, from rules alone."""

    def __init__(self, rules: AgencyRules, count: Count = count_nothing) -> None:
        self.rules = rules
        self.count = count

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Use the rules of the running spider, and the counters of its run."""
        check_ours(crawler)
        spider: Any = crawler.spider
        assert crawler.stats is not None
        return cls(spider.rules, crawler.stats.inc_value)

    def process_item(self, item: Any) -> Any:
        """Return the item after this step; works on dicts and dataclasses."""
        raise NotImplementedError

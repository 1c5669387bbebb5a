"""What steps that read an article share: its agency's rules, a counter."""

from typing import Any, Self

from scrapy.crawler import Crawler

from crawler.crawl.spider import check_ours
from crawler.extract.normalise import Count, count_nothing
from crawler.model.rules import AgencyRules


class ArticlePipeline:
    """One decision about an article; built from a crawler or, offline, from rules alone."""

    def __init__(self, rules: AgencyRules, count: Count = count_nothing) -> None:
        self.rules = rules
        self.count = count

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the rules from the running spider and count in its run's statistics."""
        check_ours(crawler)
        spider: Any = crawler.spider
        assert crawler.stats is not None
        return cls(spider.rules, crawler.stats.inc_value)

    def process_item(self, item: Any) -> Any:
        """Return the item with this step's decision made; works on dicts and dataclasses."""
        raise NotImplementedError

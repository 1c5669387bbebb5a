"""What steps that read an article share: its agency's rules, a counter, a look at its parts."""

from collections.abc import Callable
from typing import Any, Self

from itemadapter import ItemAdapter
from scrapy.crawler import Crawler

from crawler.crawl.spider import check_ours
from crawler.model.rules import AgencyRules


def _count_nothing(name: str) -> None:
    """Stand in for a run's statistics where there is no run."""


def part(whole: Any, name: str) -> Any:
    """Look up a field of a part of an item: a dataclass, a dict or nothing.

    An adapter for each part would cost as much as a whole step: there are twenty in an article.
    """
    if hasattr(whole, "__dataclass_fields__"):
        return getattr(whole, name, None)
    return None if whole is None else ItemAdapter(whole).get(name)


def set_part(whole: Any, name: str, value: Any) -> None:
    """Set a field of a part of an item."""
    if hasattr(whole, "__dataclass_fields__"):
        setattr(whole, name, value)
    else:
        ItemAdapter(whole)[name] = value


class ArticlePipeline:
    """One decision about an article; built from a crawler or, offline, from rules alone."""

    def __init__(self, rules: AgencyRules, count: Callable[[str], None] = _count_nothing) -> None:
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

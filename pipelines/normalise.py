"""The steps from a page's raw fields to those of a row, as Scrapy's pipelines.

``crawler.extract.normalise`` makes the decisions; operators may replace a step in the settings.
"""

from typing import Any, ClassVar, Self

from scrapy.crawler import Crawler

from crawler.crawl.spider import check_ours
from crawler.extract.normalise import (
    Count,
    Normaliser,
    check_category,
    clean_texts,
    count_nothing,
    settle_authors,
    settle_language,
    settle_times,
)
from crawler.model.fields import adapt
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


class Step(ArticlePipeline):
    """A decision that the function ``normaliser`` makes."""

    normaliser: ClassVar[Normaliser]

    def process_item(self, item: Any) -> Any:
        """Return the item after this step; works on dicts and dataclasses."""
        type(self).normaliser(adapt(item), self.rules, self.count)
        return item


class CleanBody(Step):
    """Converts title, summary and body to plain text; the body begins with the lead, once."""

    normaliser = clean_texts


class CheckCategory(Step):
    """Counts articles whose listing has another section than the page; the page's is used."""

    normaliser = check_category


class ReadByline(Step):
    """Removes the byline from the body and credits from captions, and reads the names in them."""

    normaliser = settle_authors


class ReadTimestamp(Step):
    """Sets the time of publication: from the page, else the API's list, else the slug."""

    normaliser = settle_times


class SettleLanguage(Step):
    """Detects language and script of the text, with the edition of its listing as a hint."""

    normaliser = settle_language

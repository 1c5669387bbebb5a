"""The steps from a page's raw fields to a valid row, as Scrapy's pipelines.

``crawler.extract.normalise`` makes the decisions; operators may replace a step in the settings.
"""

from typing import Any, ClassVar, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from crawler.crawl.spider import spider_of
from crawler.extract.errors import InvalidArticle
from crawler.extract.normalise import (
    Count,
    Normaliser,
    check_category,
    clean_texts,
    count_nothing,
    settle_authors,
    settle_language,
    settle_times,
    validate,
)
from crawler.model.article import Article
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
        rules = spider_of(crawler).rules
        assert crawler.stats is not None
        return cls(rules, crawler.stats.inc_value)


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


class Refused(DropItem):
    """An article that is not a valid row; ``reason``: the field, for counting."""

    def __init__(self, error: InvalidArticle) -> None:
        super().__init__(str(error))
        self.field, self.value, self.url = error.field, error.value, error.url
        self.reason = error.reason


class Validate(ArticlePipeline):
    """Converts a draft, or a dict with the same keys, into an ``Article`` valid by the schema."""

    def process_item(self, item: Any) -> Article:
        """Return the article with its ``content_hash``; raise ``Refused`` if it is invalid."""
        try:
            return validate(adapt(item), self.rules)
        except InvalidArticle as error:
            self.count(f"refused/{error.reason}")
            raise Refused(error) from error

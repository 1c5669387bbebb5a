"""Validation: only valid rows pass."""

from typing import Any

from scrapy.exceptions import DropItem

from crawler.extract.errors import InvalidArticle
from crawler.extract.validate import validate
from crawler.model.article import Article
from crawler.model.fields import adapt
from pipelines.normalise import ArticlePipeline


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

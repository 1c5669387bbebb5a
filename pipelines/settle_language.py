"""Language, script and edition of an article."""

from typing import Any

from crawler.extract.normalise import settle_language
from crawler.model.adapter import adapt
from pipelines.base import ArticlePipeline


class SettleLanguage(ArticlePipeline):
    """Detects language and script of the text, with the edition of its listing as a hint."""

    def process_item(self, item: Any) -> Any:
        """Return the item after this step; works on dicts and dataclasses."""
        settle_language(adapt(item), self.rules, self.count)
        return item

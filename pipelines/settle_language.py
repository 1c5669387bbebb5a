"""Which language and script an article is in, and which edition it belongs to."""

from typing import Any

from crawler.extract.normalise import settle_language
from crawler.model.adapter import adapt
from pipelines.base import ArticlePipeline


class SettleLanguage(ArticlePipeline):
    """Settles language and script by the text, with the edition of its listing as a hint."""

    def process_item(self, item: Any) -> Any:
        """Return the item with that done; works on dicts and dataclasses."""
        settle_language(adapt(item), self.rules, self.count)
        return item

"""Title, summary and body as plain text."""

from typing import Any

from crawler.extract.normalise import clean_texts
from crawler.model.adapter import adapt
from pipelines.base import ArticlePipeline


class CleanBody(ArticlePipeline):
    """Converts title, summary and body to plain text; the body begins with the lead, once."""

    def process_item(self, item: Any) -> Any:
        """Return the item after this step; works on dicts and dataclasses."""
        clean_texts(adapt(item), self.rules, self.count)
        return item

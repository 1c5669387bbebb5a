"""Title, summary and body as a reader sees them."""

from typing import Any

from crawler.extract.normalise import clean_texts
from crawler.model.adapter import adapt
from pipelines.base import ArticlePipeline


class CleanBody(ArticlePipeline):
    """Makes title, summary and body plain text, with the lead first in the body, exactly once."""

    def process_item(self, item: Any) -> Any:
        """Return the item with that done; works on dicts and dataclasses."""
        clean_texts(adapt(item), self.rules, self.count)
        return item

"""Who wrote an article and took its pictures."""

from typing import Any

from crawler.extract.normalise import settle_authors
from crawler.model.adapter import adapt
from pipelines.base import ArticlePipeline


class ReadByline(ArticlePipeline):
    """Takes the byline out of the body and the credits out of the captions, and reads them."""

    def process_item(self, item: Any) -> Any:
        """Return the item with that done; works on dicts and dataclasses."""
        settle_authors(adapt(item), self.rules, self.count)
        return item

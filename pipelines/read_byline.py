"""Authors, photographers and other persons of an article."""

from typing import Any

from crawler.extract.normalise import settle_authors
from crawler.model.adapter import adapt
from pipelines.base import ArticlePipeline


class ReadByline(ArticlePipeline):
    """Removes the byline from the body and credits from captions, and reads the names in them."""

    def process_item(self, item: Any) -> Any:
        """Return the item after this step; works on dicts and dataclasses."""
        settle_authors(adapt(item), self.rules, self.count)
        return item

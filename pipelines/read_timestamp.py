"""Times of publication and last change."""

from typing import Any

from crawler.extract.normalise import settle_times
from crawler.model.adapter import adapt
from pipelines.base import ArticlePipeline


class ReadTimestamp(ArticlePipeline):
    """Sets the time of publication: from the page, else the API's list, else the slug."""

    def process_item(self, item: Any) -> Any:
        """Return the item after this step; works on dicts and dataclasses."""
        settle_times(adapt(item), self.rules, self.count)
        return item

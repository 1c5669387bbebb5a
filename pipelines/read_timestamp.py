"""When an article was published and last changed."""

from typing import Any

from crawler.extract.normalise import settle_times
from crawler.model.adapter import adapt
from pipelines.base import ArticlePipeline


class ReadTimestamp(ArticlePipeline):
    """Settles when an article was published: by its page, else the API's list, else its slug."""

    def process_item(self, item: Any) -> Any:
        """Return the item with that done; works on dicts and dataclasses."""
        settle_times(adapt(item), self.rules, self.count)
        return item

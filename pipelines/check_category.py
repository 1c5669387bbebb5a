"""Whether an article's page and its listing agree on the section."""

from typing import Any

from crawler.extract.normalise import check_category
from crawler.model.adapter import adapt
from pipelines.base import ArticlePipeline


class CheckCategory(ArticlePipeline):
    """Counts an article whose listing tells another section than its page; the page wins."""

    def process_item(self, item: Any) -> Any:
        """Return the item with that done; works on dicts and dataclasses."""
        check_category(adapt(item), self.rules, self.count)
        return item

"""Compares the section on an article's page with that of its listing."""

from typing import Any

from crawler.extract.normalise import check_category
from crawler.model.adapter import adapt
from pipelines.base import ArticlePipeline


class CheckCategory(ArticlePipeline):
    """Counts articles whose listing has another section than the page; the page's is used."""

    def process_item(self, item: Any) -> Any:
        """Return the item after this step; works on dicts and dataclasses."""
        check_category(adapt(item), self.rules, self.count)
        return item

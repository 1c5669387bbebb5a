"""Whether an article's page and its listing agree on the section."""

from typing import Any

from crawler.extract.html import plain_text
from crawler.model.adapter import ArticleAdapter
from crawler.text.normalize import says_same
from pipelines.base import ArticlePipeline, part


class CheckCategory(ArticlePipeline):
    """Count an article whose listing tells another section than its page; the page wins."""

    def process_item(self, item: Any) -> Any:
        """Return the item as it is."""
        adapter = ArticleAdapter(item)
        told = part(adapter.get("found"), "category")
        shown = part(adapter.get("category"), "name")
        if told and shown and not says_same(plain_text(told), shown):
            self.count("category/hint_disagrees")
        return item

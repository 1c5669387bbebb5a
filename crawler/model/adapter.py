"""Access to any item's fields by name: quick for articles, Scrapy's way for all others."""

from collections.abc import MutableMapping
from typing import Any

from itemadapter import ItemAdapter

from crawler.model.article import Article
from crawler.model.fields import Fields


def adapt(item: Any) -> MutableMapping[str, Any]:
    """Return an item's fields by name, also if an operator's pipeline has replaced the item."""
    return Fields(item) if isinstance(item, Article) else ItemAdapter(item)

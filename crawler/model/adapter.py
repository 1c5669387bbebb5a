"""Scrapy's way to look at any item, and the quick one for our own."""

from collections.abc import MutableMapping
from typing import Any

from itemadapter import ItemAdapter

from crawler.model.article import Article
from crawler.model.fields import Fields


def adapt(item: Any) -> MutableMapping[str, Any]:
    """Return an item's fields by name, whatever an operator's pipeline has made of it."""
    return Fields(item) if isinstance(item, Article) else ItemAdapter(item)

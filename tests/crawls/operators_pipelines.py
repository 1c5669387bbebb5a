"""Pipelines as an operator may add them."""

from typing import Any

from itemadapter import ItemAdapter
from scrapy.exceptions import DropItem


class MakeDict:
    """Hands on a dict."""

    def process_item(self, item: Any) -> dict[str, Any]:
        return ItemAdapter(item).asdict()


class DropAll:
    """Wants nothing."""

    def process_item(self, item: Any) -> Any:
        raise DropItem("not wanted")

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


class Untold(str):
    """A reason that fails when it is told."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        raise LookupError


class DropForNoReason:
    """Wants nothing, and fails to say why."""

    def process_item(self, item: Any) -> Any:
        error = DropItem("not wanted")
        error.reason = Untold("none")  # type: ignore[attr-defined]
        raise error

from dataclasses import dataclass
from typing import Any

import pytest
from itemadapter import ItemAdapter

from crawler.model.adapter import adapt
from crawler.model.article import Draft


@dataclass
class Foreign:
    """An item of somebody else's."""

    title: str = "Garden"


@pytest.mark.parametrize("item", [Draft(title="Garden"), {"title": "Garden"}, Foreign()])
def test_any_item_is_adapted_as_scrapy_does(item: Any) -> None:
    adapter = adapt(item)
    assert dict(adapter) == dict(ItemAdapter(item))
    adapter["title"] = "Mill"
    assert ItemAdapter(item)["title"] == "Mill"
    assert adapter.get("headline") is None


def test_our_own_items_take_no_field_that_they_do_not_have() -> None:
    with pytest.raises(KeyError, match="headline"):
        adapt(Draft())["headline"] = "Garden"

from dataclasses import dataclass
from typing import Any

import pytest
from itemadapter import ItemAdapter

from crawler.model.article import Draft, Label
from crawler.model.fields import Fields, adapt, part, set_part


@pytest.mark.parametrize("label", [Label("fruit"), {"name": "fruit"}])
def test_parts_may_be_dataclasses_or_dicts(label: Any) -> None:
    assert part(label, "name") == "fruit"
    assert part(label, "colour") is None
    set_part(label, "name", "apples")
    assert part(label, "name") == "apples"


def test_what_is_missing_has_no_parts() -> None:
    assert part(None, "name") is None


def test_an_article_always_has_every_field_and_no_other() -> None:
    fields = Fields(Draft(title="Garden"))
    assert dict(fields)["title"] == "Garden"
    assert len(fields) == len(Draft.__dataclass_fields__)
    assert "headline" not in fields
    with pytest.raises(KeyError, match="headline"):
        fields["headline"]
    with pytest.raises(KeyError, match="title: an article always has every field"):
        del fields["title"]


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

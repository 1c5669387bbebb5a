from typing import Any

import pytest

from crawler.model.article import Label
from pipelines.base import part, set_part


@pytest.mark.parametrize("label", [Label("fruit"), {"name": "fruit"}])
def test_parts_may_be_dataclasses_or_dicts(label: Any) -> None:
    assert part(label, "name") == "fruit"
    assert part(label, "colour") is None
    set_part(label, "name", "apples")
    assert part(label, "name") == "apples"


def test_what_is_missing_has_no_parts() -> None:
    assert part(None, "name") is None

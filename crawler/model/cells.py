"""A row's values for tables: each cell is a text, a number, or JSON."""

from typing import Any

import msgspec


def cell(value: Any) -> Any:
    """Return a value for a cell: empty for None, JSON for lists and nested fields."""
    if value is None or value == [] or value == {}:
        return ""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return value
    return msgspec.json.encode(value).decode()

"""Rows as CSV and XML for ``-o`` and ``-O``: each cell is a text, a number, or JSON."""

from collections.abc import Mapping
from typing import Any

import msgspec
from scrapy.exporters import CsvItemExporter, XmlItemExporter
from scrapy.item import Field


def cell(value: Any) -> Any:
    """Return a value for a cell: empty for None, JSON for lists and nested fields."""
    if value is None or value == [] or value == {}:
        return ""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return value
    return msgspec.json.encode(value).decode()


class CsvCells(CsvItemExporter):
    """Scrapy's CSV, in a form that does not need Python to be read."""

    def serialize_field(self, field: Mapping[str, Any] | Field, name: str, value: Any) -> Any:
        """Return the cell of a field."""
        return cell(value)


class XmlCells(XmlItemExporter):
    """Scrapy's XML, likewise."""

    def serialize_field(self, field: Mapping[str, Any] | Field, name: str, value: Any) -> Any:
        """Return the text of a field's element."""
        return cell(value)

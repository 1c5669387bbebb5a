"""Rows as CSV and XML for ``-o`` and ``-O``: each cell is a text, a number, or JSON."""

from collections.abc import Mapping
from typing import Any

from scrapy.exporters import CsvItemExporter, XmlItemExporter
from scrapy.item import Field

from crawler.model.cells import cell


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

import csv
import json
from io import BytesIO, StringIO
from xml.etree import ElementTree

import msgspec
import pytest

from crawler.extensions.export_cells import CsvCells, XmlCells
from crawler.model.article import Article, Image, Label, Person
from crawler.model.cells import cell
from tests.crawler.archives import article

ROW = article(
    1,
    title="Кўприк, “янги”",
    authors=[Person("N. Tolzorova", "author")],
    category=Label("Economy", "economy_4"),
    images=[Image("https://cdn.example/1.jpg", None, "S. Olmazorov")],
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        ([], ""),
        ({}, ""),
        ("", ""),
        ("a, b", "a, b"),
        (0, 0),
        (True, "true"),
        (["a", "б"], '["a","б"]'),
        ({"name": "a"}, '{"name":"a"}'),
        (Label("a", None), '{"name":"a","slug":null}'),
        ([Person("a", "author")], '[{"name":"a","role":"author"}]'),
    ],
)
def test_a_cell_is_a_text_a_number_or_json(value: object, expected: object) -> None:
    assert cell(value) == expected


def check(told: dict[str, str], row: Article) -> None:
    """Every cell says what the row says."""
    for name, value in msgspec.to_builtins(row).items():
        if value in (None, [], ""):
            assert told[name] == "", name
        elif isinstance(value, dict | list):
            assert json.loads(told[name]) == value, name
        else:
            assert told[name] == str(value), name


def test_rows_as_csv_can_be_read_without_python() -> None:
    file = BytesIO()
    exporter = CsvCells(file, encoding="utf-8")
    exporter.start_exporting()
    exporter.export_item(ROW)
    exporter.finish_exporting()
    (told,) = csv.DictReader(StringIO(file.getvalue().decode(), newline=""))
    check(told, ROW)


def test_rows_as_xml_can_be_read_without_python() -> None:
    file = BytesIO()
    exporter = XmlCells(file, encoding="utf-8")
    exporter.start_exporting()
    exporter.export_item(ROW)
    exporter.finish_exporting()
    (item,) = ElementTree.fromstring(file.getvalue())
    check({field.tag: field.text or "" for field in item}, ROW)

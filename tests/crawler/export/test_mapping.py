"""The page that says where fields go has all fields, and all that the exports write."""

import json
import re
from collections.abc import Iterator

import pytest
from lxml import etree

from crawler.export.formats import FORMATS
from crawler.model.schema import row_schema
from tests.commands import ROOT
from tests.crawler.export.exported import exported

PAGE = (ROOT / "docs" / "mapping.md").read_text("utf-8")
LINES = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| `")
]
# What an export says besides the fields.
OF_NINJS = {"standard", "type", "copyrightHolder"}
OF_SCHEMA_ORG = {"@type", "publisher"}


def named_in(column: int) -> set[str]:
    cells = "".join(line[column] for line in LINES)
    return {name.partition(".")[0] for name in re.findall(r"`([^`]*)`", cells)}


def fields(definition: str = "Article", before: str = "") -> Iterator[str]:
    definitions = row_schema()["$defs"]
    for name, told in definitions[definition]["properties"].items():
        yield before + name
        if inner := re.search(r"'#/\$defs/(\w+)'", str(told)):
            yield from fields(inner[1], f"{before}{name}.")


def test_every_field_has_a_line() -> None:
    assert [line[0].strip("`") for line in LINES] == list(fields())


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[0])
def test_every_line_says_something_in_each_column(line: list[str]) -> None:
    assert len(line) == 5
    assert all(cell == "-" or "`" in cell or cell == "by the property" for cell in line)


def test_what_ninjs_has_is_on_the_page() -> None:
    item = json.loads(exported("ninjs").splitlines()[0])
    roles = {"category", "tag", "picture", "video", "translation"}
    status = {"canceled", "withheld", "usable"}
    assert named_in(1) == (item.keys() - OF_NINJS) | roles | status


def test_what_json_ld_has_is_on_the_page() -> None:
    graph = json.loads(exported("jsonld"))["@graph"]
    used = {name for each in graph for name in each}
    assert named_in(2) == (used - OF_SCHEMA_ORG) | {"gone"}


def test_what_tei_is_said_to_have_is_in_it() -> None:
    corpus = etree.fromstring(exported("tei"))
    tags = {etree.QName(each).localname for each in corpus.iter()}
    assert named_in(4) <= tags | {"xml:lang", "n", "when"}


@pytest.mark.parametrize("form", ["jsonl", *FORMATS])
def test_every_format_is_on_the_page(form: str) -> None:
    named = {"ninjs": "ninjs", "jsonld": "schema.org", "tei": "TEI"}
    assert named.get(form, form) in PAGE

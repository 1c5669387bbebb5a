"""The field reference and the JSON Schema say what the dataclasses say."""

from dataclasses import fields
from typing import Any

import pytest
from msgspec import json

from crawler import items
from crawler.items import Article, Draft
from crawler.schema import field_reference, row_schema
from tests.commands import ROOT, command, run, scrapy

OBJECTS = [
    Article,
    items.Person,
    items.Label,
    items.Image,
    items.Video,
    items.Translation,
    items.Sighting,
    items.Capture,
    items.Extractor,
]


def test_field_reference_is_fresh() -> None:
    written = (ROOT / "docs" / "fields.md").read_text(encoding="utf-8")
    assert written == field_reference(), "stale; renew it: scrapy fields > docs/fields.md"


def test_command_prints_the_field_reference() -> None:
    done = run(command("fields"), fresh=True)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", field_reference())


def test_command_prints_the_schema_as_json() -> None:
    run = scrapy("fields", "--schema")
    assert (run.returncode, run.stderr) == (0, "")
    assert json.decode(run.stdout) == row_schema()


def test_command_refuses_an_argument_in_one_line() -> None:
    run = scrapy("fields", "title")
    assert run.returncode == 2
    assert "fields takes no argument, not 'title'" in run.stdout + run.stderr


@pytest.mark.parametrize("kind", OBJECTS, ids=lambda kind: kind.__name__)
def test_schema_requires_every_field_of_an_object(kind: type[Any]) -> None:
    definition = row_schema()["$defs"][kind.__name__]
    names = [field.name for field in fields(kind)]
    assert definition["required"] == names
    assert list(definition["properties"]) == names


def test_schema_and_reference_know_every_object_and_no_more() -> None:
    assert list(row_schema()["$defs"]) == [kind.__name__ for kind in OBJECTS]


def test_every_field_is_explained() -> None:
    for name, definition in row_schema()["$defs"].items():
        for field, rules in definition["properties"].items():
            assert rules.get("description"), f"{name}.{field} has no description"
            assert f"| `{field}` |" in field_reference()


def test_hints_of_a_listing_are_no_part_of_a_row() -> None:
    assert {field.name for field in fields(Draft)} - {field.name for field in fields(Article)} == {
        "found"
    }
    assert "found" not in row_schema()["$defs"]["Article"]["properties"]


@pytest.mark.parametrize(
    "row",
    [
        "| `schema` | string | `^\\d+\\.\\d+$` | version of this schema |",
        "| `published_precision` | `day`, `minute`, `second` or null |  | how exact",
        "| `authors` | list of [Person](#person) |  | persons",
        "| `capture` | [Capture](#capture) or null |  | the archived",
        "| `status` | integer | at least 100, at most 599 | HTTP status |",
        "| `title` | string | not empty | headline",
        "| `length` | integer | more than 0 | bytes",
        "(Z\\|[+-]\\d\\d:\\d\\d)$` | RFC 3339; last change",
    ],
)
def test_reference_words_types_and_rules_for_readers(row: str) -> None:
    assert row in field_reference()

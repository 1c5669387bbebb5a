"""What search engines take: each line in the bulk form, each field in the mapping."""

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crawler.export.formats import write
from crawler.export.row import Source
from crawler.export.search_engines import opensearch_mapping
from crawler.model.article import Article, Image, Label, Person, Sighting
from crawler.release.rows import ReleasedArticle
from tests.crawler.archives import article

DOCS = Path(__file__).parents[3] / "docs"
FULL = article(
    1, language="ar", edition="ar", authors=[Person("Malika")], category=Label("Culture"),
    images=[Image("https://uza.uz/a.jpg", "A bridge")], published_at="2024-05-01",
    evidence=[Sighting(404, "2026-11-24T00:00:00Z")],
)  # fmt: skip


def lines(*rows: Article) -> list[dict[str, Any]]:
    written = b"".join(
        write("opensearch", map(msgspec.to_builtins, rows), Source("https://uza.uz"))
    )
    assert written.endswith(b"\n")
    return [json.loads(line) for line in written.splitlines()]


def test_an_article_is_two_lines_and_a_withdrawn_one_is_deleted() -> None:
    told = lines(FULL, article(2, change="withdrawn", reason="a court"), article(3))
    assert [set(line) & {"index", "delete"} for line in told] == [
        {"index"}, set(), {"delete"}, {"index"}, set(),
    ]  # fmt: skip
    assert told[0] == {"index": {"_id": "uza:1"}}
    assert told[1] == msgspec.to_builtins(FULL)
    assert told[2] == {"delete": {"_id": "uza:2"}}


def fits(value: Any, kind: dict[str, Any]) -> bool:
    """Tell whether a strict mapping takes a value."""
    if value is None:
        return True
    if isinstance(value, list):
        return all(fits(each, kind) for each in value)
    if isinstance(value, dict):
        known = kind["properties"]
        return value.keys() <= known.keys() and all(fits(value[n], known[n]) for n in value)
    if kind["type"] == "date":
        return bool(re.match(r"\d{4}-\d\d-\d\d($|T)", value))
    return isinstance(value, int) == (kind["type"] in ("long", "boolean"))


def test_the_mapping_knows_every_field_and_what_it_holds() -> None:
    mapping = opensearch_mapping()["mappings"]
    assert mapping["dynamic"] == "strict"
    assert set(mapping["properties"]) == set(ReleasedArticle.__dataclass_fields__)
    assert fits(msgspec.to_builtins(FULL), mapping)
    assert mapping["properties"]["body"] == {"type": "text"}
    assert mapping["properties"]["credit"] == {"type": "keyword", "ignore_above": 8191}
    assert mapping["properties"]["version"] == {"type": "long"}
    assert mapping["properties"]["evidence"]["properties"]["at"] == {"type": "date"}


def test_the_mapping_in_the_documents_is_that_of_the_schema() -> None:
    assert json.loads((DOCS / "opensearch.json").read_text("utf-8")) == opensearch_mapping()


def test_quickwit_is_told_of_fields_that_rows_have() -> None:
    config = (DOCS / "quickwit.yaml").read_text("utf-8")
    names = re.findall(r"- \{name: (\w+),", config)
    assert {"title", "body", "first_seen_at"} <= set(names) <= set(Article.__dataclass_fields__)
    (timestamp,) = re.findall(r"timestamp_field: (\w+)", config)
    assert getattr(FULL, timestamp).endswith("Z")  # there in every row, and a time


@pytest.mark.parametrize(
    "name", re.findall(r"\((\w[\w-]*\.\w+)\)", (DOCS / "search-engines.md").read_text("utf-8"))
)
def test_what_the_document_links_to_is_there(name: str) -> None:
    assert (DOCS / name).exists()

import json
from typing import Any

import msgspec
import pytest

from crawler.errors import StorageError
from crawler.model.article import Capture, Image, Person
from crawler.model.versions import blank_line, farewell, tombstone
from crawler.store.journal import read_row
from tests.crawler.archives import article

ROW: dict[str, Any] = msgspec.to_builtins(
    article(
        594021,
        title="Someone was in court",
        summary="Someone was tried.",
        body="Someone was tried.\n\nThe court sat.",
        authors=[Person("A. Writer")],
        images=[Image("https://cdn.uza.uz/someone.jpg")],
        edition="en",
        language="en",
        published_at="2024-05-01T23:44:00+05:00",
        published_precision="minute",
        published_raw="23:44 / 2024-05-01",
        version=3,
        change="edited",
        changed_fields=["title"],
        capture=Capture("uza.warc.gz", 1, 2, "sha256:0"),
        run="20261123T000000Z",
    )
)


def test_a_tombstone_says_which_article_it_was_and_nothing_of_what_it_said() -> None:
    row = msgspec.to_builtins(tombstone(ROW))
    said = {name for name in row if row[name] not in (None, "", [])}
    assert said == {
        "schema", "id", "agency", "url", "edition", "title", "published_at",
        "published_precision", "version", "change", "content_hash", "first_seen_at", "fetched_at",
        "extractor", "run",
    }  # fmt: skip
    assert (row["title"], row["change"], row["version"]) == ("withdrawn", "withdrawn", 3)
    assert row["content_hash"] != ROW["content_hash"]
    assert "omeone" not in json.dumps(row)


@pytest.mark.parametrize("longer", [0, 1, 5000])
def test_a_line_has_the_length_it_has_to_have_and_is_a_row(longer: int) -> None:
    length = len(msgspec.json.encode(tombstone(ROW))) + 1 + longer
    line = blank_line(ROW, length)
    assert len(line) == length
    assert line.endswith(b"\n")
    assert read_row(line) == tombstone(ROW)


def test_where_there_is_little_room_fields_without_a_value_are_left_out() -> None:
    length = len(msgspec.json.encode(tombstone(ROW)))
    line = blank_line(ROW, length)
    assert len(line) == length
    assert b'"body"' not in line
    assert read_row(line) == tombstone(ROW)


def test_a_line_that_is_too_short_is_named() -> None:
    with pytest.raises(StorageError, match=r"uza:594021 version 3: .* has 200 bytes"):
        blank_line(ROW, 200)


def test_a_farewell_says_when_and_why() -> None:
    row = ROW | {"reason": "a court says so"}
    assert farewell(row) == "uza:594021 was withdrawn at 2026-11-23T00:00:00Z: a court says so"

from dataclasses import replace

import pytest

from crawler.maintenance.reparse import verdict
from crawler.maintenance.reread import Reading
from crawler.model.versions import Known
from crawler.warc.index import CaptureRecord


def known(
    number: int, digest: str, day: int, *, change: str = "edited", source: str = "page"
) -> Known:
    at = f"2026-11-{day:02}T00:00:00Z"
    return Known("uza:1", number, change, at, digest, source, "c0de", "2026-11.jsonl", 0, 1)


def held(day: int, version: int | None = None) -> CaptureRecord:
    return CaptureRecord(
        file="a.warc.gz",
        offset=0,
        length=1,
        kind="response",
        status=200,
        mime="text/html",
        digest="sha256:A",
        uri="https://uza.uz/posts/a_1",
        taken_at=f"2026-11-{day:02}T00:00:00Z",
        article_id="uza:1",
        version=version,
    )


def archived(day: int, version: int | None = None) -> CaptureRecord:
    """Return an answer of a web archive, which we had long after it captured the page."""
    uri = f"https://archive.example/202611{day:02}000000id_/https://uza.uz/posts/a_1"
    return replace(held(30, version), uri=uri)


FIRST, SECOND = known(1, "a", 2), known(2, "b", 4)
GONE = known(3, "b", 9, change="gone")
BETTER = known(2, "a!", 4, change="reparsed")  # by a crawl, from a later capture
TOLD = known(1, "a", 2, source="api")


@pytest.mark.parametrize(
    ("versions", "capture", "digest", "source", "against", "change"),
    [
        ([], held(1), "a", "page", None, "new"),
        # The capture that a version was read from.
        ([SECOND, FIRST], held(2, 1), "a", "page", 1, None),
        ([SECOND, FIRST], held(2, 1), "x", "page", 1, "reparsed"),
        ([SECOND, FIRST], held(2, 1), "b", "page", 1, "reparsed"),
        ([SECOND, FIRST], held(1, 2), "b", "page", 2, None),  # a clock that was set back
        ([BETTER, FIRST], held(2, 1), "a!", "page", 2, None),
        ([BETTER, FIRST], held(2, 1), "x", "page", 1, "reparsed"),
        (
            [known(3, "a!", 5, change="reparsed"), SECOND, FIRST],
            held(2, 1),
            "a!",
            "page",
            1,
            "reparsed",
        ),
        ([known(2, "t", 4, change="reparsed"), TOLD], held(2, 1), "t", "api", 1, "reparsed"),
        ([BETTER, FIRST], archived(2, 1), "a!", "page", 1, "reparsed"),
        # A capture between two versions, which said what the first one says.
        ([SECOND, FIRST], held(3), "a", "page", 1, None),
        ([SECOND, FIRST], held(3), "x", "page", 1, "edited"),
        ([SECOND, FIRST], held(5), "a", "page", 2, "edited"),
        # Before all versions, and after the article was gone.
        ([SECOND, FIRST], held(1), "a", "page", 1, None),
        ([SECOND, FIRST], held(1), "b", "page", 1, "older"),
        ([GONE, SECOND, FIRST], held(10), "b", "page", 2, None),
        # What a web archive had captured before the newest version.
        ([SECOND, FIRST], archived(3), "x", "page", 2, "older"),
        ([SECOND, FIRST], archived(1), "x", "page", 1, "older"),
        ([SECOND, FIRST], archived(1), "b", "page", 2, None),
        ([SECOND, FIRST], archived(3, 1), "x", "page", 1, "reparsed"),
        ([SECOND, FIRST], archived(5), "x", "page", 2, "edited"),
        # The API words an article in its own way.
        ([FIRST], held(3), "x", "api", 1, None),
        ([TOLD], held(3), "x", "api", 1, "edited"),
        ([TOLD], held(3), "x", "page", 1, "reparsed"),
        ([TOLD], held(3), "a", "page", 1, None),
    ],
)
def test_a_reading_is_compared_with_what_was_known_then(
    versions: list[Known],
    capture: CaptureRecord,
    digest: str,
    source: str,
    against: int | None,
    change: str | None,
) -> None:
    reading = Reading(digest, source, is_archived=capture.uri.startswith("https://archive"))
    version, found = verdict(versions, capture, reading, "c0de")
    assert (version.number if version else None, found) == (against, change)


GUESS = replace(FIRST, layout="unknown")
CLASS = replace(known(2, "c", 2, change="reparsed"), layout="current")


@pytest.mark.parametrize(
    ("versions", "capture", "reading", "against", "change"),
    [
        # What was guessed is read by a class, even if that says the same.
        ([GUESS], held(2, 1), Reading("c", "page"), 1, "reparsed"),
        ([GUESS], held(2, 1), Reading("a", "page", is_better=True), 1, "reparsed"),
        ([GUESS], held(3), Reading("c", "page"), 1, "reparsed"),
        ([GUESS], held(3), Reading("a", "page"), 1, "reparsed"),
        ([GUESS], held(3), Reading("t", "api"), 1, "reparsed"),
        # Other captures are compared with what a class says, not with the guess.
        ([CLASS, GUESS], held(3), Reading("c", "page"), 2, None),
        ([CLASS, GUESS], held(3), Reading("x", "page"), 2, "edited"),
        ([CLASS, GUESS], held(1), Reading("c", "page"), 2, None),
        # A better guess is one of the same answer.
        ([GUESS], held(2, 1), Reading("x", "page", is_guess=True), 1, "reparsed"),
    ],
)
def test_a_guess_and_what_a_class_reads_differ_without_an_edit(
    versions: list[Known], capture: CaptureRecord, reading: Reading, against: int, change: str
) -> None:
    version, found = verdict(versions, capture, reading, "c0de")
    assert (version.number if version else None, found) == (against, change)


def test_a_difference_from_what_other_code_has_read_is_not_called_an_edit() -> None:
    assert verdict([FIRST], held(3), Reading("x", "page"), "other") == (FIRST, "reparsed")


def test_what_a_file_of_others_says_is_no_edit_after_the_fact() -> None:
    old = known(2, "y", 1, change="older")
    late = known(1, "x", 20, change="new")
    reading = Reading("x", "page", is_archived=True)
    assert verdict([late, old], held(9), reading, "c0de") == (late, None)

"""Monitors over made-up rows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from crawler.crawl.run_result import Alarm
from crawler.report.monitors import (
    judge_edits,
    judge_errors,
    judge_guesses,
    judge_layout,
    judge_lists,
    judge_pages,
    judge_silence,
    judge_source,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def row(number: int = 0, **fields: Any) -> dict[str, Any]:
    """A row as the current layout reads it; ``number``: hours before now."""
    moment = NOW - timedelta(hours=number)
    return {
        "url": f"https://example.org/posts/{number}",
        "title": "Rain",
        "summary": "It rains.",
        "body": "It rains. " * 100,
        "published_at": moment.isoformat(),
        "fetched_at": moment.isoformat(),
        "authors": [{"name": "A. Karimova", "role": "author"}],
        "category": {"name": "Weather", "slug": "weather"},
        "tags": [{"name": "rain", "slug": "rain"}],
        "images": [{"url": "https://example.org/rain.jpg"}],
        "language": "en",
        "extractor": {"layout": "current", "source": "page", "code": "1"},
    } | fields


def rows(*parts: tuple[int, dict[str, Any]]) -> list[dict[str, Any]]:
    """So many rows with these fields, and so on, newest first."""
    fields = [each for count, each in parts for _ in range(count)]
    return [row(number, **each) for number, each in enumerate(fields)]


def judged(*parts: tuple[int, dict[str, Any]]) -> list[str]:
    return [alarm.figure for alarm in judge_layout("en/current", rows(*parts))]


FINE: dict[str, Any] = {}
NOBODY: dict[str, Any] = {"authors": []}
UNDATED: dict[str, Any] = {"published_at": None}
SHORT: dict[str, Any] = {"body": "It rains."}


@pytest.mark.parametrize(
    ("parts", "figures"),
    [
        ([(1000, FINE)], []),
        ([(30, NOBODY), (40, FINE)], ["authors"]),
        ([(30, NOBODY), (970, FINE)], ["authors"]),
        ([(29, NOBODY)], []),
        ([(29, NOBODY), (1, FINE), (29, FINE)], []),  # too few before
        ([(30, NOBODY), (29, FINE)], []),
        ([(20, NOBODY), (10, FINE), (970, FINE)], []),  # a night without bylines
        ([(30, {"language": None}), (40, FINE)], ["language"]),
        ([(30, {"summary": None, "tags": []}), (40, FINE)], ["summary", "tags"]),
        ([(40, UNDATED)], ["published_at"]),  # without history: below the floor
        ([(40, NOBODY)], []),  # nobody knows whether that is usual
        ([(5, UNDATED), (95, FINE)], []),
        ([(30, SHORT), (40, FINE)], ["body"]),
        ([(30, {"body": ""}), (40, FINE)], ["body", "body"]),
        ([(30, {"body": "It rains. " * 60}), (40, FINE)], []),
    ],
)
def test_a_figure_fails_that_is_clearly_below_what_was_before(
    parts: list[tuple[int, dict[str, Any]]], figures: list[str]
) -> None:
    assert judged(*parts) == figures


def test_what_breaks_in_part_fails_once_two_hundred_articles_show_it() -> None:
    half = [NOBODY, FINE] * 100
    mixed = [row(number, **fields) for number, fields in enumerate([*half, *[FINE] * 600])]
    (alarm,) = judge_layout("en/current", mixed)
    assert alarm.found == "in 50% of the 200 newest articles"
    assert list(judge_layout("en/current", mixed[:100] + mixed[200:])) == []


def test_what_is_mended_fails_no_longer() -> None:
    assert judged((100, NOBODY), (700, FINE)) == ["authors"]
    assert judged((30, FINE), (100, NOBODY), (700, FINE)) == []


def test_an_alarm_names_place_field_both_figures_and_three_articles() -> None:
    (alarm,) = judge_layout("en/current", rows((30, NOBODY), (45, FINE)))
    assert alarm == Alarm(
        "en/current",
        "authors",
        "in 0% of the 30 newest articles",
        "100% of the 45 before",
        [f"https://example.org/posts/{number}" for number in range(3)],
    )
    assert alarm.line == (
        "monitor en/current: authors in 0% of the 30 newest articles, 100% of the 45 before; see "
        "https://example.org/posts/0, https://example.org/posts/1, https://example.org/posts/2"
    )


def test_chance_alone_raises_no_alarm() -> None:
    random = Random(3)
    tagged, untagged = row(), row(tags=[])
    for usual in (0.1, 0.3, 0.5, 0.8, 0.95):
        for _ in range(20):
            chosen = [tagged if random.random() < usual else untagged for _ in range(1000)]
            assert list(judge_layout("en", chosen)) == []


def test_old_articles_are_not_compared_with_news() -> None:
    old = {"published_at": "2017-04-01", "authors": [], "tags": []}
    assert judged((90, old), (400, FINE)) == []
    assert judged((170, old), (30, UNDATED), (400, FINE)) == []  # a backfill, some of it undated
    assert judged((30, NOBODY), (90, old), (400, FINE)) == ["authors"]


def test_an_edition_fails_whose_pages_are_suddenly_read_from_the_api() -> None:
    api = {"extractor": {"layout": "api", "source": "api", "code": "1"}}
    (alarm,) = judge_source("en", rows((30, api), (100, FINE)), ["current"])
    assert (alarm.figure, len(alarm.examples)) == ("page", 3)
    assert list(judge_source("en", rows((5, api), (100, FINE)), ["current"])) == []
    assert list(judge_source("en", rows((100, api)), ["current"])) == []  # it was never otherwise


def test_an_edition_fails_in_which_one_layout_is_read_in_place_of_another() -> None:
    both = ["current", "imported"]
    imported = {"extractor": {"layout": "imported", "source": "page", "code": "1"}}
    (alarm,) = judge_source("en", rows((30, imported), (100, FINE)), both)
    assert (alarm.figure, len(alarm.examples)) == ("layout current", 3)
    renewed = {"extractor": {"layout": "imported", "source": "page", "code": "2"}}
    assert list(judge_source("en", rows((30, renewed), (100, FINE)), both)) == []


def test_pages_read_by_guessing_are_none_that_a_layout_reads() -> None:
    guessed = {"extractor": {"layout": "unknown", "source": "page", "code": "1"}}
    (alarm,) = judge_source("en", rows((30, guessed), (100, FINE)), ["current"])
    assert alarm.figure == "page"


@pytest.mark.parametrize(
    ("runs", "fails"),
    [
        ([{"unread": 5}], True),
        ([{"unread": 4}], False),
        ([{"unknown": 3, "unread": 2}], True),
        ([{"unread": 5, "current": 1}], False),
        ([{"unread": 50, "current": 5}], True),
        ([{"unread": 50, "unmodified": 6}], False),
        ([{"unread": 1}] * 5, True),
        ([{"unread": 1}] * 4 + [{"current": 1}], False),
        ([{}, {"unread": 9}], False),  # a run without pages tells nothing of them
        ([{"current": 1}, {"unread": 90}], False),
        ([{"unread": 4}, {"current": 9}], False),
        ([{}], False),
        ([], False),
    ],
)
def test_runs_fail_whose_pages_no_layout_reads(runs: list[dict[str, int]], fails: bool) -> None:
    alarms = list(judge_pages("all", runs, ["current"]))
    assert bool(alarms) is fails
    assert list(judge_pages("all", runs, [])) == []  # nothing was promised


def test_an_alarm_without_examples_names_no_place_to_see() -> None:
    (alarm,) = judge_pages("all", [{"unread": 6}], ["current"])
    assert alarm.line.endswith("nearly all is usual")
    assert replace(alarm, examples=["https://example.org/1"]).line.endswith(
        "nearly all is usual; see https://example.org/1"
    )


def test_pages_that_no_layout_reads_are_told_by_their_number() -> None:
    (alarm,) = judge_pages("all", [{"unread": 6}], ["current", "imported"])
    assert alarm.line.startswith(
        "monitor all: layouts current, imported read 0 of the last 6 pages, nearly all is usual"
    )


@pytest.mark.parametrize(
    ("runs", "fails"),
    [
        ([{"new": 40, "refused": 0, "failed": 0}], False),
        ([{"new": 20, "refused": 20, "failed": 0}], True),
        ([{"new": 0, "refused": 6, "failed": 0}], False),
        ([{"new": 0, "refused": 6, "failed": 0}] * 5, True),
        ([{"new": 6, "refused": 0, "failed": 0}, {"new": 0, "refused": 0, "failed": 90}], False),
        ([{"new": 2, "refused": 3, "failed": 0}, {"new": 90, "refused": 0, "failed": 0}], False),
        ([{"new": 0, "refused": 0, "failed": 0}] * 3, False),
        ([], False),
    ],
)
def test_runs_fail_that_refuse_too_much_now_and_together(
    runs: list[dict[str, int]], fails: bool
) -> None:
    assert bool(list(judge_errors("en", runs))) is fails


def hourly(days: float, *, but: Sequence[int] = ()) -> list[datetime]:
    """Publications every hour until now; nothing so many hours ago."""
    return [NOW - timedelta(hours=hour) for hour in range(int(days * 24)) if hour not in but]


@pytest.mark.parametrize(
    ("published", "fails"),
    [
        (hourly(20), False),
        (hourly(20, but=range(11)), False),
        (hourly(20, but=range(13)), True),
        (hourly(20, but=[*range(13), *range(100, 110)]), False),  # it has had such pauses before
        (hourly(20, but=[*range(40), *range(100, 110)]), True),
        (hourly(50, but=range(20 * 24)), True),  # still silent after weeks
        (hourly(13, but=range(24)), False),  # not known for long enough
        (hourly(20, but=range(8, 480))[:7], False),
        ([], False),
    ],
)
def test_an_edition_is_silent_by_its_own_pauses(published: list[datetime], fails: bool) -> None:
    assert bool(list(judge_silence("en", published, NOW))) is fails


def test_silence_names_its_hours_and_the_longest_pause() -> None:
    (alarm,) = judge_silence("en", hourly(20, but=[*range(40), *range(100, 110)]), NOW)
    assert "nothing published for 40 hours, the longest pause was 11" in alarm.line


@pytest.mark.parametrize(
    ("outcomes", "fails"),
    [
        ({"edited": 72}, True),
        ({"edited": 10, "unchanged": 9}, True),
        ({"edited": 10, "unchanged": 10}, False),
        ({"edited": 10, "respelled": 10}, False),
        ({"respelled": 72}, False),
        ({"edited": 9}, False),
        ({"edited": 40, "unchanged": 5000, "new": 3}, False),
        ({"unchanged": 72}, False),
        ({}, False),
    ],
)
def test_most_articles_edited_at_once_are_the_site(outcomes: dict[str, int], fails: bool) -> None:
    assert bool(list(judge_edits("all", outcomes))) is fails


@pytest.mark.parametrize(
    ("pages", "fails"),
    [
        ({}, False),
        ({"current": 9, "unread": 3}, False),  # which fail, and are counted so
        ({"unknown": 1}, True),
        ({"current": 9, "unknown": 1}, False),
        ({"current": 8, "unknown": 1}, True),
        ({"unmodified": 50, "current": 3, "unknown": 1}, True),
    ],
)
def test_runs_fail_whose_pages_are_in_no_known_layout(pages: dict[str, int], fails: bool) -> None:
    alarms = list(judge_guesses("all", pages))
    assert bool(alarms) is fails
    assert [alarm.figure for alarm in alarms] == ["layout unknown"] * fails


@pytest.mark.parametrize(("unread", "fails"), [(6, False), (7, True), (30, True)])
def test_runs_fail_in_which_many_pages_are_in_no_layout_though_an_api_tells_them(
    unread: int, fails: bool
) -> None:
    alarms = list(judge_guesses("all", {"current": 30 - unread, "unread": unread}))
    assert [alarm.line for alarm in alarms] == [
        f"monitor all: no layout in {unread} of the 30 pages, at most 20% is usual"
    ] * fails


@pytest.mark.parametrize(
    ("failed", "unread", "fails"),
    [(27, ["https://a.example/rss"], True), (27, [], False), (0, [], False)],
)
def test_sources_that_answer_with_no_list_at_all(
    failed: int, unread: list[str], fails: bool
) -> None:
    assert bool(list(judge_lists("all", failed, unread))) is fails

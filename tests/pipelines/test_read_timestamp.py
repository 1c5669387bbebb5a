from dataclasses import dataclass
from typing import Any

import pytest

from crawler.model.article import Draft, Extractor
from crawler.model.link import Link, Source
from pages.uza import RULES
from pipelines.reading import ReadTimestamp

URL = "https://uza.uz/posts/a-school-was-opened_594021"
DATED_URL = "https://uza.uz/posts/a-school-was-opened-01-05-2024"

PUBLISHED = ("published_at", "published_precision", "published_raw", "published_source")


@dataclass
class Settled:
    """What became of an item's publication date, and what was counted on the way."""

    published: tuple[Any, ...]
    counted: list[str]


def process(item: Any) -> tuple[Any, list[str]]:
    counted: list[str] = []
    return ReadTimestamp(RULES, counted.append).process_item(item), counted


def settle(
    page: str | None, hint: str | None = None, source: Source = "api", url: str = URL
) -> Settled:
    link = Link(url, source, published_raw=hint)
    item, counted = process(Draft(url=url, published_raw=page, link=link))
    return Settled(tuple(getattr(item, name) for name in PUBLISHED), counted)


def test_date_of_the_page_is_settled_with_its_precision() -> None:
    settled = settle("23:44 / 2024-05-01")

    assert settled.published == (
        "2024-05-01T23:44:00+05:00",
        "minute",
        "23:44 / 2024-05-01",
        "page",
    )
    assert settled.counted == []


def test_date_of_an_api_draft_has_the_api_as_source() -> None:
    draft = Draft(
        url=URL,
        published_raw="2024-05-01 23:44:09",
        extractor=Extractor("api-post", "api", "sha256:00"),
    )

    item, _ = process(draft)

    assert item.published_at == "2024-05-01T23:44:09+05:00"
    assert item.published_precision == "second"
    assert item.published_source == "api"


@pytest.mark.parametrize("hint", ["2024-05-01 23:44:09", "2024-05-01T18:44:09.000000Z"])
def test_hint_of_the_api_adds_the_seconds_to_the_same_minute(hint: str) -> None:
    settled = settle("23:44 / 2024-05-01", hint)

    assert settled.published == (
        "2024-05-01T23:44:09+05:00",
        "second",
        "23:44 / 2024-05-01",
        "api",
    )
    assert settled.counted == []


def test_hint_of_the_api_adds_the_time_to_the_same_day() -> None:
    settled = settle("01.05.2024", "2024-05-01 23:44:09")

    assert settled.published == ("2024-05-01T23:44:09+05:00", "second", "01.05.2024", "api")


def test_page_wins_over_a_hint_that_disagrees() -> None:
    settled = settle("23:44 / 2024-05-01", "2024-05-01 23:45:09")

    assert settled.published[0] == "2024-05-01T23:44:00+05:00"
    assert settled.published[3] == "page"
    assert settled.counted == ["timestamp/hint_disagrees"]


def test_hint_of_the_api_stands_in_for_a_missing_date() -> None:
    settled = settle(None, "2024-05-01 23:44:09")

    assert settled.published == (
        "2024-05-01T23:44:09+05:00",
        "second",
        "2024-05-01 23:44:09",
        "api",
    )


def test_hint_of_the_api_stands_in_for_an_unreadable_date_whose_raw_string_stays() -> None:
    settled = settle("31.02.2024 10:00", "2024-05-01 23:44:09")

    assert settled.published == ("2024-05-01T23:44:09+05:00", "second", "31.02.2024 10:00", "api")
    assert settled.counted == ["timestamp/unreadable"]


def test_hint_of_another_source_is_only_a_check() -> None:
    feed = "Wed, 01 May 2024 23:44:09 +0500"

    assert settle("23:44 / 2024-05-01", feed, "rss").published[1] == "minute"
    assert settle("23:44 / 2024-05-01", feed, "rss").counted == []
    assert settle("23:43 / 2024-05-01", feed, "rss").counted == ["timestamp/hint_disagrees"]
    assert settle(None, feed, "rss").published == (None, None, None, None)


def test_unreadable_hint_is_counted_and_changes_nothing() -> None:
    settled = settle("23:44 / 2024-05-01", "yesterday")

    assert settled.published[0] == "2024-05-01T23:44:00+05:00"
    assert settled.counted == ["timestamp/hint_unreadable"]


def test_unreadable_date_is_never_made_up() -> None:
    settled = settle("25:61 / 2024-05-01")

    assert settled.published == (None, None, "25:61 / 2024-05-01", None)
    assert settled.counted == ["timestamp/unreadable", "timestamp/none"]


@pytest.mark.parametrize("page", [None, "31.02.2024 10:00"])
def test_day_of_the_slug_is_the_last_resort(page: str | None) -> None:
    assert settle(page, url=DATED_URL).published == ("2024-05-01", "day", page, "slug")


def test_slug_of_another_day_is_counted_and_the_page_wins() -> None:
    settled = settle("00:10 / 2024-05-02", url=DATED_URL)

    assert settled.published[0] == "2024-05-02T00:10:00+05:00"
    assert settled.counted == ["timestamp/slug_disagrees"]


def test_impossible_day_in_a_slug_is_counted() -> None:
    settled = settle(None, url="https://uza.uz/posts/a-school-31-02-2024")

    assert settled.published == (None, None, None, None)
    assert settled.counted == ["timestamp/slug_unreadable", "timestamp/none"]


def test_dict_with_parts_as_dicts_is_settled() -> None:
    item, counted = process(
        {
            "published_raw": "23:44 / 2024-05-01",
            "link": {"source": "api", "published_raw": "2024-05-01 23:44:09"},
        }
    )

    assert item["published_at"] == "2024-05-01T23:44:09+05:00"
    assert item["published_source"] == "api"
    assert counted == []


def test_empty_dict_stays_empty() -> None:
    assert process({}) == ({}, ["timestamp/none"])


@pytest.mark.parametrize(
    ("raw", "value", "counted"),
    [
        ("2024-05-02 08:00:00", "2024-05-02T08:00:00+05:00", []),
        ("2024-05-02T03:00:00Z", "2024-05-02T08:00:00+05:00", []),
        ("", None, []),
        (None, None, []),
        ("2024-05-02", None, ["timestamp/modified_without_time"]),
        ("31.02.2024 10:00", None, ["timestamp/modified_unreadable"]),
    ],
)
def test_time_of_the_last_change_is_settled_or_left_open(
    raw: str | None, value: str | None, counted: list[str]
) -> None:
    item, seen = process(Draft(url=URL, published_raw="23:44 / 2024-05-01", modified_at=raw))

    assert item.modified_at == value
    assert seen == counted


def test_settling_twice_changes_nothing() -> None:
    draft = Draft(url=URL, published_raw="23:44 / 2024-05-01", modified_at="2024-05-02 08:00:00")
    once, _ = process(draft)
    fields = [getattr(once, name) for name in (*PUBLISHED, "modified_at")]

    twice, _ = process(once)

    assert [getattr(twice, name) for name in (*PUBLISHED, "modified_at")] == fields

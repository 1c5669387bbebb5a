import re
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crawler.crawl.arguments import RunArguments, parse_arguments, time_wanted
from crawler.errors import UsageError
from pages.uza import RULES

TASHKENT = ZoneInfo("Asia/Tashkent")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_no_arguments_are_a_plain_run_of_every_edition() -> None:
    arguments = parse_arguments({}, RULES)
    assert arguments == RunArguments(editions=tuple(RULES.editions))
    assert arguments.backfill is None


def test_each_argument_is_read() -> None:
    given = {"editions": "en, ru,en", "since": "2024-05-01", "until": "2024-05-31", "limit": "7"}
    assert parse_arguments(given, RULES) == RunArguments(
        editions=("en", "ru"), since=date(2024, 5, 1), until=date(2024, 5, 31), limit=7
    )
    ids = parse_arguments({"ids": "500000-500999,7"}, RULES).ids
    assert ids == (range(500000, 501000), range(7, 8))


def test_archives_are_searched_for_days_or_for_everything() -> None:
    days = {"since": "2019-01-01", "until": "2019-01-31", "editions": "en"}
    assert parse_arguments({"wayback": "1"}, RULES).backfill == "wayback=1"
    assert parse_arguments({"wayback": "0"}, RULES).backfill is None
    asked = parse_arguments({"wayback": "1", **days}, RULES)
    assert (asked.wayback, asked.backfill) == (
        True,
        "since=2019-01-01 until=2019-01-31 wayback=1",
    )


def test_equal_backfills_have_equal_names_and_a_limit_is_none() -> None:
    assert parse_arguments({"ids": "5-9", "limit": "3"}, RULES).backfill == "ids=5-9"
    assert parse_arguments({"limit": "3"}, RULES).backfill is None


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"edition": "en"}, "unknown argument 'edition'; there are: editions, since"),
        ({"editions": "english"}, "'english' is not an edition code"),
        ({"editions": "EN"}, "'EN' is not an edition code"),
        ({"editions": "en,,ru"}, "'' is not an edition code"),
        ({"since": "01.05.2024"}, "expected a day such as 2024-05-31"),
        ({"since": "2024-02-30"}, "expected a day"),
        ({"since": "20240501"}, "expected a day"),
        ({"until": "2024-05-31"}, "until needs since"),
        ({"since": "2024-05-31", "until": "2024-05-01"}, "is before"),
        ({"ids": "x"}, "expected 500000-500999"),
        ({"ids": "9-5"}, "5 is before 9"),
        ({"ids": "0-5"}, "expected 500000-500999"),
        ({"ids": "1-99999999999"}, "expected 500000-500999"),
        ({"limit": "0"}, "whole number from 1"),
        ({"limit": "-1"}, "whole number from 1"),
        ({"urls": "/nowhere/at/all"}, "cannot be read"),
        ({"wayback": "yes"}, "wayback=yes: expected 1"),
        ({"wayback": "1", "ids": "1"}, "wayback and ids cannot be combined"),
        ({"since": "2024-05-01", "ids": "1"}, "since and ids cannot be combined"),
    ],
)
def test_a_bad_argument_is_told_with_what_is_expected(given: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        parse_arguments(given, RULES)
    assert "\n" not in str(caught.value)


def test_a_folder_is_no_file_of_addresses(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        parse_arguments({"urls": str(tmp_path)}, RULES)


def test_days_asked_for_are_days_of_the_agency() -> None:
    arguments = RunArguments(editions=(), since=date(2024, 5, 1), until=date(2024, 5, 31))
    since, until = time_wanted(arguments, TASHKENT, NOON, 48)
    assert since == "2024-05-01T00:00:00+05:00"
    assert until is not None
    assert "2024-05-31T23:59:59+05:00" < until < "2024-06-01T00:00:00+05:00"


def test_a_first_run_goes_back_so_many_hours() -> None:
    since, until = time_wanted(RunArguments(editions=()), TASHKENT, NOON, 48)
    assert (since, until) == ("2026-11-21T17:00:00+05:00", None)


def test_what_a_scheduler_adds_is_not_the_operators() -> None:
    assert parse_arguments({"_job": "3e17", "limit": "7"}, RULES).limit == 7


@pytest.mark.parametrize(
    ("given", "minutes"), [("25", 25.0), ("0.5", 0.5), ("0.001", 0.001), (None, None)]
)
def test_minutes_may_have_a_fraction(given: str | None, minutes: float | None) -> None:
    arguments = {"minutes": given} if given else {}
    assert parse_arguments(arguments, RULES).minutes == minutes


@pytest.mark.parametrize(
    ("revisit", "expected"),
    [
        ("uza:5", ("uza:5",)),
        ("5, uza:some-old-slug-24-01-2017", ("uza:5", "uza:some-old-slug-24-01-2017")),
        ("all", ()),
        ("none", ()),
    ],
)
def test_articles_to_visit_again_are_named_by_their_ids(
    revisit: str, expected: tuple[str, ...]
) -> None:
    assert parse_arguments({"revisit": revisit}, RULES).revisited == expected


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"minutes": "0"}, "expected a number such as 25 or 0.5"),
        ({"minutes": "soon"}, "expected a number such as 25 or 0.5"),
        ({"revisit": "some/where"}, "expected due, none, all, or ids such as uza:594021"),
        ({"revisit": ""}, "expected due, none, all, or ids"),
        ({"revisit": "all", "ids": "5"}, "ids and revisit cannot be combined"),
    ],
)
def test_a_bad_revisit_or_number_of_minutes_is_refused(given: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=re.escape(message)):
        parse_arguments(given, RULES)

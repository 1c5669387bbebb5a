from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.audit.gaps import Gap, thin_days

FIRST = date(2024, 1, 1)  # a Monday
WEEK = [16, 16, 16, 16, 16, 9, 6]  # an edition's habit, from Monday to Sunday


def thin(counts: list[int]) -> list[tuple[int, int, int, int]]:
    """Return each gap as first and last day, by number, its posts, and what is usual."""
    posts = {FIRST + timedelta(days=day): number for day, number in enumerate(counts)}
    return [
        ((gap.first - FIRST).days, (gap.last - FIRST).days, gap.posts, gap.usual)
        for gap in thin_days(posts)
    ]


def changed(weeks: int, changes: dict[int, int]) -> list[int]:
    """Return so many usual weeks in which some days differ."""
    return [changes.get(day, number) for day, number in enumerate(WEEK * weeks)]


@pytest.mark.parametrize(
    ("changes", "gaps"),
    [
        ({}, []),
        ({70: 0}, [(70, 70, 0, 16)]),
        ({70: 3}, [(70, 70, 3, 16)]),
        ({70: 5}, []),  # a third of what is usual, nearly
        ({70: 1, 71: 2, 72: 0}, [(70, 72, 3, 48)]),
        ({70: 0, 80: 0}, [(70, 70, 0, 16), (80, 80, 0, 16)]),
        ({75: 3}, []),  # a Saturday, on which nine are usual
        ({76: 0}, []),  # a Sunday: of six, chance leaves none once in a while
        ({76: 0, 75: 0}, [(75, 76, 0, 15)]),
        (dict.fromkeys(range(70, 77), 0), [(70, 76, 0, 95)]),
        (dict.fromkeys(range(70, 77), 160), []),  # a busy week makes no other one thin
        ({70: 0, 77: 0, 84: 0}, [(70, 70, 0, 16), (77, 77, 0, 16), (84, 84, 0, 16)]),
    ],
)
def test_a_day_is_thin_against_its_own_weekday(
    changes: dict[int, int], gaps: list[tuple[int, int, int, int]]
) -> None:
    assert thin(changed(20, changes)) == gaps


def test_chance_leaves_some_days_of_a_small_edition_empty_but_hardly_a_week() -> None:
    assert thin([2] * 70 + [0] * 4 + [2] * 70) == []
    assert thin([2] * 70 + [0] * 6 + [2] * 70) == [(70, 75, 0, 12)]


def test_a_habit_of_empty_sundays_is_no_gap() -> None:
    assert thin([16, 16, 16, 16, 16, 16, 0] * 20) == []


@pytest.mark.parametrize("days", [8, 21, 200])
def test_a_silence_of_any_length_is_one_gap(days: int) -> None:
    (gap,) = thin([*WEEK * 8, *[0] * days, *WEEK * 8])
    assert gap == (56, 55 + days, 0, 16 * days)


def test_a_silence_is_no_history_of_the_days_around_it() -> None:
    after = changed(8, {2: 0})
    assert thin([*WEEK * 8, *[0] * 35, *after]) == [(56, 90, 0, 16 * 35), (93, 93, 0, 16)]


@pytest.mark.parametrize(
    "counts",
    [
        [],
        [0, 0],
        [16],
        [1, 0, 0, 2, 0, 1, 0] * 20,  # too few to tell
        [1, *[0] * 3000, *WEEK * 8],  # a stray old post before the beginning
        [*WEEK * 8, *[0] * 3000, 1],  # and a misdated one after the end
        [*[1] * 70, *WEEK * 10],  # growth
        [*[number * 4 for number in WEEK] * 8, *WEEK * 8],  # fewer posts from now on
        [*WEEK * 8, 2],  # the last day is not over
    ],
)
def test_what_history_cannot_tell_is_no_gap(counts: list[int]) -> None:
    assert thin(counts) == []


def test_days_that_are_not_counted_are_empty() -> None:
    posts = {FIRST + timedelta(days=day): 16 for day in range(140) if day != 70}
    day = FIRST + timedelta(days=70)
    (gap,) = thin_days(posts)
    assert gap == Gap(first=day, last=day, posts=0, usual=16)
    assert gap.days == 1


@given(st.lists(st.integers(0, 40), max_size=150))
def test_gaps_are_apart_in_order_within_the_edition_and_lack_posts(counts: list[int]) -> None:
    gaps = thin(counts)
    for first, last, posts, usual in gaps:
        assert 0 <= first <= last < len(counts)
        assert posts == sum(counts[first : last + 1]) < usual
    assert all(before[1] + 1 < after[0] for before, after in pairwise(gaps))

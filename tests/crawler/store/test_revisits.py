from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.store.states import DAY, REVISIT_AGES, SPREAD, YEAR, next_visit

BORN = "2026-11-20T12:00:00+05:00"
START = datetime(2026, 11, 20, 7, tzinfo=UTC).timestamp()
HOUR = 3600.0


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (0, HOUR),
        (HOUR / 2, HOUR),
        (HOUR, 6 * HOUR),
        (2 * DAY, 3 * DAY),
        (8 * DAY, 30 * DAY),
    ],
)
def test_a_young_article_is_visited_at_growing_ages(age: float, expected: float) -> None:
    assert next_visit("uza:1", BORN, START + age, REVISIT_AGES) == START + expected


def test_where_only_the_day_is_known_it_counts_from_its_beginning() -> None:
    midnight = datetime(2026, 11, 20, tzinfo=UTC).timestamp()
    assert next_visit("uza:1", "2026-11-20", midnight, REVISIT_AGES) == midnight + HOUR


def test_a_time_of_publication_that_lies_ahead_counts_from_now() -> None:
    assert next_visit("uza:1", BORN, START - DAY, REVISIT_AGES) == START - DAY + HOUR


def test_a_day_s_posts_are_spread_over_months_in_later_years() -> None:
    visits = [next_visit(f"uza:{n}", BORN, START + 60 * DAY, REVISIT_AGES) for n in range(500)]
    assert SPREAD * 0.9 < max(visits) - min(visits) <= SPREAD


@given(st.integers(0, 10**6), st.floats(0, 60 * YEAR))
def test_every_visit_lies_ahead_and_none_further_than_a_year_and_its_spread(
    number: int, age: float
) -> None:
    wait = next_visit(f"uza:{number}", BORN, START + age, REVISIT_AGES) - (START + age)
    assert 0 < wait <= YEAR + SPREAD


@given(st.integers(0, 10**6), st.floats(31 * DAY, 60 * YEAR))
def test_visits_of_an_old_article_are_a_year_apart(number: int, age: float) -> None:
    first = next_visit(f"uza:{number}", BORN, START + age, REVISIT_AGES)
    second = next_visit(f"uza:{number}", BORN, first + 60, REVISIT_AGES)
    assert abs(second - first - YEAR) < 1

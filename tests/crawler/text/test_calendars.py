from datetime import date

import pytest

from crawler.text.calendars import from_solar_hijri, month_number


@pytest.mark.parametrize(
    ("hijri", "day"),
    [
        ((1400, 1, 1), date(2021, 3, 21)),
        ((1398, 11, 29), date(2020, 2, 18)),
        ((1399, 12, 30), date(2021, 3, 20)),  # a leap day
        ((1403, 1, 1), date(2024, 3, 20)),
        ((1404, 6, 31), date(2025, 9, 22)),
        ((1357, 11, 22), date(1979, 2, 11)),
    ],
)
def test_solar_hijri_days_are_told_in_our_calendar(hijri: tuple[int, int, int], day: date) -> None:
    assert from_solar_hijri(*hijri) == day


@pytest.mark.parametrize(
    "hijri", [(1400, 12, 30), (1400, 7, 31), (1400, 13, 1), (1400, 1, 0), (2020, 1, 1)]
)
def test_a_day_that_the_calendar_lacks_is_refused(hijri: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="no such day"):
        from_solar_hijri(*hijri)


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("07", 7),
        ("July", 7),
        ("Aug.", 8),
        ("Августа", 8),
        ("Август", 8),
        ("luglio", 7),
        ("Қыркүйек", 9),
        ("Nisan", 4),
        ("بهمن", 11),
        ("вересня", 9),
        ("ارديبهشت", 2),
        ("يناير", 1),
        ("setiembre", 9),
        ("sierpnia", 8),
        ("มกราคม", 1),
    ],
)
def test_months_are_numbers_or_words_of_many_languages(word: str, number: int) -> None:
    assert month_number(word) == number


def test_a_word_that_is_no_month_is_refused() -> None:
    with pytest.raises(ValueError, match="Maytember"):
        month_number("Maytember")

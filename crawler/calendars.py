"""Names of months, and the Solar Hijri calendar: what dates in words are made of."""

from collections.abc import Mapping
from datetime import date, timedelta

# By language; Slavic ones as they stand alone and as they stand in a date.
_WORLDWIDE = (
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
)
_SOLAR_HIJRI = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"

MONTHS: Mapping[str, int] = {
    name: number
    for names in (*_WORLDWIDE, _SOLAR_HIJRI)
    for number, name in enumerate(names.split(), 1)
}

# Years of a cycle of 33 that have a leap day; right from 1244 to 1472 (1865 to 2094).
_LEAP = frozenset({1, 5, 9, 13, 17, 22, 26, 30})
_ANCHOR_YEAR, _ANCHOR = 1400, date(2021, 3, 21)
_YEARS = range(1244, 1473)


def month_number(word: str) -> int:
    """Return the number of a month that is written as a number or by its name.

    Raises ValueError for anything else.
    """
    if word.isdecimal():
        return int(word)
    try:
        return MONTHS[word.lower().rstrip(".")]
    except KeyError:
        raise ValueError(f"no month is called {word!r}") from None


def from_solar_hijri(year: int, month: int, day: int) -> date:
    """Return the Gregorian day of a Solar Hijri one; raise ValueError if there is none."""
    if year not in _YEARS or not 1 <= month <= 12 or not 1 <= day <= _length(year, month):
        raise ValueError("there is no such day in the Solar Hijri calendar")
    first, last = sorted((year, _ANCHOR_YEAR))
    days = sum(365 + _is_leap(between) for between in range(first, last))
    new_year = _ANCHOR + timedelta(days if year > _ANCHOR_YEAR else -days)
    before = sum(_length(year, earlier) for earlier in range(1, month))
    return new_year + timedelta(before + day - 1)


def _length(year: int, month: int) -> int:
    if month == 12:
        return 29 + _is_leap(year)
    return 31 if month <= 6 else 30


def _is_leap(year: int) -> bool:
    return year % 33 in _LEAP

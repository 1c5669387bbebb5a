"""When an article was published: raw dates in, RFC 3339 in the agency's zone out.

Fixed shapes come first, then ISO 8601 and, for the dates of feeds, RFC 822. Nothing is ever
guessed: what no shape matches, and what no calendar has, raises ``UnreadableDate``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from re import Match
from typing import Literal
from unicodedata import category, normalize

from dateutil import parser, tz

from crawler.model.rules import TimestampRules

Precision = Literal["second", "minute", "day"]

_LONGEST = 1000  # characters, spaces included; a date line with its label is shorter by far
_CENTURY_PIVOT = 69  # of two-digit years: 68 is 2068, 69 is 1969
_DIGITS: Mapping[Precision, int] = {"day": 10, "minute": 16, "second": 19}
# No hour 24, which newer Pythons take for the next day.
_ISO = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)"
    r"(?:[T ](?P<time>(?:[01]\d|2[0-3]):[0-5]\d(?P<second>:\d\d)?)(?:[.,]\d+)?"
    r" ?(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)
_RFC = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?"
    r"(?P<day>\d{1,2}) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* (?P<year>\d{4})"
    r" \d\d:\d\d(?P<second>:\d\d)? (?:GMT|UTC?|Z|[+-]\d\d:?\d\d)",
    re.ASCII,
)
_ZONES = {"UT": tz.UTC}  # RFC 822 has it, dateutil does not

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

_ZONE = re.compile(r"(?:Z|GMT|UTC?|:\d\d(?:\.\d+)?[+-]\d\d|[+-]\d\d:?\d\d)\s*\Z")
# Two readings of one moment, one of them in an unnamed zone, differ by hours and quarters of one.
_QUARTER, _FARTHEST = 15 * 60, 15 * 3600  # seconds


class UnreadableDate(ValueError):
    """A date in no known shape or in no calendar; ``raw`` is the string as the source has it."""

    def __init__(self, raw: str, reason: str) -> None:
        super().__init__(f"the date {raw[:80]!r} cannot be read: {reason}")
        self.raw = raw


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A moment as RFC 3339 with the agency's offset, or a plain day, and how exact it is."""

    value: str
    precision: Precision

    def agrees(self, other: "Timestamp") -> bool:
        """Tell whether both are the same as far as the coarser of them goes."""
        digits = min(_DIGITS[self.precision], _DIGITS[other.precision])
        return self.value[:digits] == other.value[:digits]

    def refines(self, other: "Timestamp") -> bool:
        """Tell whether this is the other one, only more exact."""
        return self.agrees(other) and _DIGITS[self.precision] > _DIGITS[other.precision]


def read_timestamp(raw: str, rules: TimestampRules) -> Timestamp:
    """Read a date in any of the agency's shapes, in ISO 8601 or in RFC 822.

    A time without a zone is the agency's, any other is converted to it. Of a time that the clock
    shows twice (end of summer time) the first is meant; one that it skips keeps the offset from
    before the gap. Raises ``UnreadableDate`` for everything else.
    """
    if len(raw) > _LONGEST:
        raise UnreadableDate(raw, "it is too long for a date")
    text = _plain(raw)
    try:
        stamp = _read_shape(text, rules) or _read_iso(text, rules) or _read_rfc(text, rules)
    except (ValueError, OverflowError) as error:
        raise UnreadableDate(raw, str(error)) from error
    return _within_years(raw, stamp, rules)


def read_slug_day(url: str, rules: TimestampRules) -> Timestamp | None:
    """Read the day at the end of an address, if it has one; the query is no part of it.

    Raises ``UnreadableDate`` for a day that no calendar has.
    """
    path = re.split(r"[?#]", url, maxsplit=1)[0].rstrip("/")
    match = rules.slug.search(path) if rules.slug else None
    if match is None:
        return None
    try:
        stamp = Timestamp(_day(match, rules).isoformat(), "day")
    except ValueError as error:
        raise UnreadableDate(match[0], str(error)) from error
    return _within_years(match[0], stamp, rules)


def _zone(name: str) -> tzinfo:
    """Find the zone, in the system's data or in those that dateutil brings."""
    if zone := tz.gettz(name):
        return zone
    raise LookupError(f"no time zone is called {name!r}; correct the agency's TimestampRules")


def _plain(raw: str) -> str:
    """Make spaces plain and single, and drop the invisible marks of right-to-left pages."""
    if not raw.isascii():
        visible = "".join(sign for sign in raw if category(sign) != "Cf")
        raw = normalize("NFKC", visible)
    return " ".join(raw.split())


def _read_shape(text: str, rules: TimestampRules) -> Timestamp | None:
    """Read the first of the agency's shapes that fits; an impossible date is an error."""
    for shape in rules.shapes:
        if match := shape.fullmatch(text):
            return _from_shape(match, rules)
    return None


def _from_shape(match: Match[str], rules: TimestampRules) -> Timestamp:
    """Build what a shape's groups say and no more: without an hour it is a day."""
    day, groups = _day(match, rules), match.groupdict()
    if groups.get("hour") is None:
        return Timestamp(day.isoformat(), "day")
    second = groups.get("second")
    hour, minute = int(match["hour"]), int(match["minute"])
    zone = datetime.fromisoformat(f"2000-01-01T00:00{groups.get('zone') or ''}").tzinfo
    moment = datetime(day.year, day.month, day.day, hour, minute, int(second or 0), tzinfo=zone)
    return _localised(moment, rules, "second" if second else "minute")


def _day(match: Match[str], rules: TimestampRules) -> date:
    """Build the day of a match; years of two digits are of this century up to the pivot."""
    year = int(match["year"])
    if rules.calendar == "solar hijri":
        return from_solar_hijri(year, month_number(match["month"]), int(match["day"]))
    if len(match["year"]) == 2:
        year += 2000 if year < _CENTURY_PIVOT else 1900
    return date(year, month_number(match["month"]), int(match["day"]))


def _read_iso(text: str, rules: TimestampRules) -> Timestamp | None:
    """Read ISO 8601 as APIs write it, with or without zone; fractions of a second are cut."""
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    if match["time"] is None:
        return Timestamp(date.fromisoformat(match["day"]).isoformat(), "day")
    moment = datetime.fromisoformat(f"{match['day']}T{match['time']}{match['zone'] or ''}")
    return _localised(moment, rules, "second" if match["second"] else "minute")


def _read_rfc(text: str, rules: TimestampRules) -> Timestamp | None:
    """Read RFC 822 as feeds write it; its zone is not optional."""
    match = _RFC.fullmatch(text)
    if match is None:
        return None
    moment = parser.parse(text, tzinfos=_ZONES)
    if (moment.day, moment.year) != (int(match["day"]), int(match["year"])):
        raise ValueError("there is no such day")  # dateutil takes the year 0031 for 2031
    return _localised(moment, rules, "second" if match["second"] else "minute")


def _localised(moment: datetime, rules: TimestampRules, precision: Precision) -> Timestamp:
    """Give a moment the agency's offset; one without a zone is the agency's already."""
    zone = _zone(rules.zone)
    if rules.offset_is_false:
        moment = moment.replace(tzinfo=None)
    elif rules.unzoned and moment.tzinfo is None:
        moment = moment.replace(tzinfo=_zone(rules.unzoned))
    local = moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
    return Timestamp(local.isoformat(timespec="seconds"), precision)


def _within_years(raw: str, stamp: Timestamp | None, rules: TimestampRules) -> Timestamp:
    """Refuse what is no date, and years in which the agency cannot have published."""
    if stamp is None:
        raise UnreadableDate(raw, "it has none of the known shapes")
    if int(stamp.value[:4]) not in rules.years:
        raise UnreadableDate(raw, f"its year is not in {rules.years[0]} to {rules.years[-1]}")
    return stamp


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


def choose_date(raws: Sequence[str], rules: TimestampRules) -> str | None:
    """Return the date to believe: the first that can be read, or the same moment with its zone.

    A day alone gives way to the first time on it. If none can be read, the first stays, for
    people to see; None if there is none.
    """
    read = [(raw, stamp) for raw in raws if raw and (stamp := _read(raw, rules))]
    if not read:
        return next(filter(None, raws), None)
    first, reference = read[0]
    if reference.precision == "day":
        return next((raw for raw, stamp in read if stamp.refines(reference)), first)
    if names_zone(first):
        return first
    zoned = (raw for raw, stamp in read if names_zone(raw) and _is_same(stamp, reference))
    return next(zoned, first)


def names_zone(raw: str) -> bool:
    """Tell whether a date as written ends with its zone."""
    return bool(_ZONE.search(raw)) and ":" in raw


def _read(raw: str, rules: TimestampRules) -> Timestamp | None:
    try:
        return read_timestamp(raw, rules)
    except UnreadableDate:
        return None


def _is_same(stamp: Timestamp, other: Timestamp) -> bool:
    """Tell whether two times can be one moment, the zone of the other aside."""
    if "day" in (stamp.precision, other.precision):
        return False
    moments = [datetime.fromisoformat(one.value).replace(second=0) for one in (stamp, other)]
    apart = abs((moments[0] - moments[1]).total_seconds())
    return apart <= _FARTHEST and apart % _QUARTER == 0


def all_months(known: set[str]) -> list[str]:
    """Return all months from the first to the last, also those between that are not known."""
    if not known:
        return []
    first, last = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (min(known), max(known)))
    return [f"{each // 12:04}-{each % 12 + 1:02}" for each in range(first, last + 1)]

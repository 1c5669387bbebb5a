"""When an article was published: raw dates in, RFC 3339 in the agency's zone out.

Fixed shapes come first, then ISO 8601, RFC 822 for the dates of feeds, and the seconds since
1970. Nothing is ever guessed: what no shape matches, and what no calendar has, raises
``UnreadableDate``.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from re import Match
from typing import Literal
from unicodedata import category, normalize

from dateutil import tz

from crawler.model.rules import TimestampRules
from crawler.text.calendars import from_solar_hijri, month_number
from crawler.text.written_dates import read_date
from crawler.text.zones import LETTER_ZONES

Precision = Literal["second", "minute", "day"]

_LONGEST = 1000  # characters, spaces included; a date line with its label is shorter by far
_CENTURY_PIVOT = 69  # of two-digit years: 68 is 2068, 69 is 1969
_DIGITS: Mapping[Precision, int] = {"day": 10, "minute": 16, "second": 19}
# No hour 24, which newer Pythons take for the next day.
_ISO = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)"
    r"(?:[T ](?P<time>(?:[01]\d|2[0-3]):[0-5]\d(?P<second>:\d\d)?)(?:[.,]\d+)?"
    r" ?(?P<zone>Z|GMT|UTC?|(?:GMT|UTC)?[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)
_EPOCH = re.compile(r"(?P<seconds>1\d{9})(?:\d{3})?", re.ASCII)  # the years 2001 to 2033
_RFC = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? ?)?"
    r"(?P<day>\d{1,2})[ -](?P<month>[A-Z][a-z]{2,8})[ -]"
    r"(?P<year>\d{4}|\d\d),? (?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?"
    r" ?(?P<zone>[+-]\d\d:?\d\d|[A-Z]{1,5})(?: \([^()]*\))?",
    re.ASCII,
)
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
        ways = (_read_shape, _read_iso, _read_rfc, _read_epoch, _read_written)
        stamp = next(filter(None, (way(text, rules) for way in ways)), None)
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


@cache  # dateutil's own forgets all but eight
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
    """Build the day of a match."""
    month, day = month_number(match["month"]), int(match["day"])
    if rules.calendar == "solar hijri":
        return from_solar_hijri(int(match["year"]), month, day)
    return date(_year(match["year"]), month, day)


def _year(written: str) -> int:
    """Read a year; one of two digits is of this century up to the pivot."""
    year = int(written)
    if len(written) == 2:
        year += 2000 if year < _CENTURY_PIVOT else 1900
    return year


def _read_iso(text: str, rules: TimestampRules) -> Timestamp | None:
    """Read ISO 8601 as APIs write it, with or without zone; fractions of a second are cut."""
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    if match["time"] is None:
        return Timestamp(date.fromisoformat(match["day"]).isoformat(), "day")
    zone = re.sub(r"[GU][A-Z]+", "", match["zone"] or "") or ("Z" if match["zone"] else "")
    moment = datetime.fromisoformat(f"{match['day']}T{match['time']}{zone}")
    return _localised(moment, rules, "second" if match["second"] else "minute")


def _read_rfc(text: str, rules: TimestampRules) -> Timestamp | None:
    """Read RFC 822 as feeds write it, its zone as letters or a number; it is not optional."""
    match = _RFC.fullmatch(text)
    if match is None:
        return None
    day = date(_year(match["year"]), month_number(match["month"]), int(match["day"]))
    clock = time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0))
    moment = datetime.combine(day, clock)
    offset = _offset(match["zone"], moment, rules)
    if offset is None:
        return None
    moment = moment.replace(tzinfo=timezone(offset))
    return _localised(moment, rules, "second" if match["second"] else "minute")


def _read_epoch(text: str, rules: TimestampRules) -> Timestamp | None:
    """Read the seconds since 1970, or their thousandths, which are a moment in any zone."""
    match = _EPOCH.fullmatch(text)
    if match is None:
        return None
    return _localised(datetime.fromtimestamp(int(match["seconds"]), UTC), rules, "second")


def _offset(zone: str, moment: datetime, rules: TimestampRules) -> timedelta | None:
    """Return how far a zone is east of Greenwich, None if its letters are nobody's.

    Some letters mean several zones: if they are the agency's own, then that one.
    """
    if not zone.isalpha():
        return datetime.strptime(zone, "%z").utcoffset()
    own = moment.replace(tzinfo=_zone(rules.zone))
    if own.tzname() == zone:
        return own.utcoffset()
    return timedelta(hours=LETTER_ZONES[zone]) if zone in LETTER_ZONES else None


def _read_written(text: str, rules: TimestampRules) -> Timestamp | None:
    """Read a date in words or shapes that people use, for a site that nobody knows."""
    found = read_date(text, day_first=rules.day_first) if rules.any_shape else None
    if found is None:
        return None
    if found.moment is None:
        return Timestamp(found.day.isoformat(), "day")
    return _localised(found.moment, rules, "second" if found.has_seconds else "minute")


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


def choose_date(raws: Sequence[str], rules: TimestampRules) -> str | None:
    """Return the date to believe: the first that can be read, or the same moment with its zone.

    A day alone gives way to the first time on it. A clock that is written with an offset and with
    zero was read with the offset: zero is what programs write that know none. If none can be read,
    the first stays, for people to see; None if there is none.
    """
    read = [(raw, stamp) for raw in raws if raw and (stamp := _read(raw, rules))]
    if not read:
        return next(filter(None, raws), None)
    first, reference = read[0]
    if reference.precision == "day":
        return next((raw for raw, stamp in read if stamp.refines(reference)), first)
    zoned = (raw for raw, stamp in read if names_zone(raw) and _is_same(stamp, reference))
    chosen = first if names_zone(first) else next(zoned, first)
    return with_offset(chosen, raws, rules)


def with_offset(raw: str, others: Iterable[str], rules: TimestampRules) -> str:
    """Return the date that shows the same time with an offset; if none does, the date itself."""
    clock, has_offset = _clock(raw, rules)
    if has_offset or not clock:
        return raw
    return next((other for other in others if _clock(other, rules) == (clock, True)), raw)


def _clock(raw: str, rules: TimestampRules) -> tuple[str, bool]:
    """Return the minute that a clock shows in a date, and whether it is written with an offset."""
    if match := _ISO.fullmatch(raw):
        has_offset = bool(re.search("[1-9]", match["zone"] or ""))
        return (f"{match['day']}T{match['time'][:5]}", has_offset) if match["time"] else ("", False)
    written = read_date(raw, day_first=rules.day_first)
    if written is None or written.moment is None:
        return "", False
    shown = written.moment.replace(tzinfo=None)
    return shown.isoformat(timespec="minutes"), written.zone is not None


def names_zone(raw: str) -> bool:
    """Tell whether a date as written ends with its zone, or needs none."""
    if _EPOCH.fullmatch(raw) or (_ZONE.search(raw) and ":" in raw):
        return True
    written = None if _ISO.fullmatch(raw) else read_date(raw)
    return bool(written and written.zone)


def as_known(raw: str, rules: TimestampRules) -> str:
    """Return a date that somebody wrote in a shape that the rules know; ISO 8601 is always one."""
    written = None if _read(raw, rules) else read_date(raw, day_first=rules.day_first)
    return (written.moment or written.day).isoformat() if written else raw


def is_timed(raw: str, rules: TimestampRules) -> bool:
    """Tell whether a date can be read and has a time."""
    stamp = _read(raw, rules)
    return stamp is not None and stamp.precision != "day"


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

"""Reads when an article was published: raw dates in, RFC 3339 in the agency's zone out.

Tried in order: the agency's formats, ISO 8601, RFC 822 for the dates of feeds, seconds since 1970,
and dates in words that name their zone. Nothing is guessed: a date in no known format, or in no
calendar, raises ``UnreadableDate``.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from email.utils import parsedate_to_datetime
from functools import cache
from re import Match
from typing import Literal
from unicodedata import category, normalize

from dateutil import tz

from crawler.model.rules import TimestampRules
from crawler.text.calendars import from_solar_hijri, month_number, zone_of
from crawler.text.dates_in_text import read_date

Precision = Literal["second", "minute", "day"]

_LONGEST = 1000  # characters with spaces; a date line with its label is much shorter
_CENTURY_PIVOT = 69  # of two-digit years: 68 is 2068, 69 is 1969
_DIGITS: Mapping[Precision, int] = {"day": 10, "minute": 16, "second": 19}
# No hour 24, which newer Pythons take for the next day.
_ISO = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)"
    r"(?:[Tt ](?P<time>(?:[01]\d|2[0-3]):[0-5]\d(?P<second>:\d\d)?)(?:[.,]\d+)?"
    r" ?(?P<zone>[Zz]|GMT|UTC?|(?:GMT|UTC)?[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)
# ISO 8601 without its signs, as in `20240501T103000Z`.
_BASIC = re.compile(
    r"(\d{4})(\d\d)(\d\d)T?([0-2]\d)([0-5]\d)([0-5]\d)?(?:[.,]\d+)?(Z|[+-]\d\d:?\d\d)?", re.ASCII
)
_EPOCH = re.compile(r"(?P<seconds>1\d{9})(?:\d{3})?", re.ASCII)  # the years 2001 to 2033
# RFC 822 as feeds write it, in any language, and the same time as JavaScript prints it, with the
# month first.
_RFC = re.compile(
    r"(?P<weekday>(?=\D{2,13}\d)[^\W\d_]+\.?[,،]? ?)?"
    r"(?:(?P<day>[0-9]{1,2})\.?[ -](?P<month>[^\W\d_]{2,12}\.?|[0-9]{1,2}[月월])"
    r"|(?(weekday)(?P<first>[^\W\d_]{3}) (?P<second_day>[0-9]{2})))[ -]"
    r"(?P<year>[0-9]{4}|[0-9]{2}),? (?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:\.[0-9]+)?)?"
    r"(?: ?(?P<zone>(?:(?:GMT|UTC) ?)?[+-] ?[0-9]{1,2}(?::?[0-9]{2})?|\(?[A-Z]{1,5}\)?)"
    r"(?: \([^()]*\))?)?",
    re.IGNORECASE,
)
_ZONE = re.compile(r"(?:[Zz]|GMT|UTC?|:\d\d(?:\.\d+)?[+-]\d\d|[+-]\d\d:?\d\d)\s*\Z")
# Two readings of one time, one of them in an unknown zone, differ by quarters of an hour.
_QUARTER, _FARTHEST = 15 * 60, 15 * 3600  # seconds


class UnreadableDate(ValueError):
    """A date in no known format or in no calendar. ``raw``: as in the source."""

    def __init__(self, raw: str, reason: str) -> None:
        super().__init__(f"the date {raw[:80]!r} cannot be read: {reason}")
        self.raw = raw


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A time as RFC 3339 with the agency's offset, or a day; and its precision."""

    value: str
    precision: Precision

    def agrees(self, other: "Timestamp") -> bool:
        """Return whether both are equal, to the precision of the less exact one."""
        digits = min(_DIGITS[self.precision], _DIGITS[other.precision])
        return self.value[:digits] == other.value[:digits]

    def refines(self, other: "Timestamp") -> bool:
        """Return whether this is the other one, but more exact."""
        return self.agrees(other) and _DIGITS[self.precision] > _DIGITS[other.precision]


def read_timestamp(raw: str, rules: TimestampRules) -> Timestamp:
    """Read a date in any of the agency's formats, in ISO 8601 or in RFC 822.

    A time without a zone is in the agency's zone; any other is converted to it. A time that occurs
    twice (end of summer time) is taken as the first; one that is skipped keeps the offset from
    before. Raises ``UnreadableDate`` for everything else.
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


def read_moment(raw: str | None, rules: TimestampRules) -> datetime | None:
    """Read a time. None if there is none, if it cannot be read, or if it is only a day."""
    try:
        stamp = read_timestamp(raw, rules) if raw else None
    except UnreadableDate:
        return None
    return datetime.fromisoformat(stamp.value) if stamp and stamp.precision != "day" else None


def read_http_date(value: str | None) -> datetime | None:
    """Read a date in a header field. None if there is none, or if it cannot be read."""
    try:
        moment = parsedate_to_datetime(value or "")
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC)


def read_slug_day(url: str, rules: TimestampRules) -> Timestamp | None:
    """Read the day at the end of an address, if there is one. Its query is ignored.

    Raises ``UnreadableDate`` for a day that does not exist.
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


@cache  # dateutil's own cache has only eight
def _zone(name: str) -> tzinfo:
    """Return the zone, from the system's data or from dateutil's."""
    if zone := tz.gettz(name):
        return zone
    raise LookupError(f"no time zone is called {name!r}; correct the agency's TimestampRules")


def _plain(raw: str) -> str:
    """Replace all spaces by single plain ones, and remove invisible direction marks.

    A date of ISO 8601 gets its signs, if it has none.
    """
    if not raw.isascii():
        visible = "".join(sign for sign in raw if category(sign) != "Cf")
        raw = normalize("NFKC", visible)
    text = " ".join(raw.split())
    basic = _BASIC.fullmatch(text)
    if basic is None:
        return text
    year, month, day, hour, minute, second, zone = basic.groups(default="")
    return f"{year}-{month}-{day}T{hour}:{minute}{second and f':{second}'}{zone}"


def _read_shape(text: str, rules: TimestampRules) -> Timestamp | None:
    """Read the first of the agency's formats that fits. An impossible date is an error."""
    for shape in rules.shapes:
        if match := shape.fullmatch(text):
            return _from_shape(match, rules)
    return None


def _from_shape(match: Match[str], rules: TimestampRules) -> Timestamp:
    """Build the date from the groups of a format. Without an hour it is a day."""
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
    """Read a year. One of two digits is of this century up to the pivot."""
    year = int(written)
    if len(written) == 2:
        year += 2000 if year < _CENTURY_PIVOT else 1900
    return year


def _read_iso(text: str, rules: TimestampRules) -> Timestamp | None:
    """Read ISO 8601 as APIs write it, with or without zone. Fractions of a second are cut."""
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    if match["time"] is None:
        return Timestamp(date.fromisoformat(match["day"]).isoformat(), "day")
    zone = re.sub(r"[GU][A-Z]+|z", "", match["zone"] or "") or ("Z" if match["zone"] else "")
    moment = datetime.fromisoformat(f"{match['day']}T{match['time']}{zone}")
    return _localised(moment, rules, "second" if match["second"] else "minute")


def _read_rfc(text: str, rules: TimestampRules) -> Timestamp | None:
    """Read RFC 822 as feeds write it. None if it names a zone that is unknown."""
    match = _RFC.fullmatch(text)
    if match is None:
        return None
    month, number = match["month"] or match["first"], match["day"] or match["second_day"]
    day = date(_year(match["year"]), month_number(month), int(number))
    clock = time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0))
    moment = datetime.combine(day, clock)
    if named := (match["zone"] or "").upper().strip("()"):
        zone = _zone_named(named, moment, rules)
        if zone is None:
            return None
        moment = moment.replace(tzinfo=zone)
    return _localised(moment, rules, "second" if match["second"] else "minute")


def _read_epoch(text: str, rules: TimestampRules) -> Timestamp | None:
    """Read seconds or milliseconds since 1970, which are independent of zones."""
    match = _EPOCH.fullmatch(text)
    if match is None:
        return None
    return _localised(datetime.fromtimestamp(int(match["seconds"]), UTC), rules, "second")


def _zone_named(name: str, moment: datetime, rules: TimestampRules) -> tzinfo | None:
    """Return the zone of letters or an offset. None if it is unknown.

    Some letters mean several zones; if one of them is the agency's own, it is used.
    """
    own = _zone(rules.zone)
    return own if moment.replace(tzinfo=own).tzname() == name else zone_of(name)


def _read_written(text: str, rules: TimestampRules) -> Timestamp | None:
    """Read a date in words or formats that people use, if it names its zone.

    That of an unknown site need not.
    """
    found = read_date(text, day_first=rules.day_first)
    if found is None or not (rules.any_shape or found.zone):
        return None
    if found.moment is None:
        return Timestamp(found.day.isoformat(), "day")
    return _localised(found.moment, rules, "second" if found.has_seconds else "minute")


def _localised(moment: datetime, rules: TimestampRules, precision: Precision) -> Timestamp:
    """Return a time in the agency's offset. One without a zone is already in it."""
    zone = _zone(rules.zone)
    if rules.offset_is_false:
        moment = moment.replace(tzinfo=None)
    elif rules.unzoned and moment.tzinfo is None:
        moment = moment.replace(tzinfo=_zone(rules.unzoned))
    local = moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
    return Timestamp(local.isoformat(timespec="seconds"), precision)


def _within_years(raw: str, stamp: Timestamp | None, rules: TimestampRules) -> Timestamp:
    """Refuse impossible dates, and years in which the agency cannot have published."""
    if stamp is None:
        raise UnreadableDate(raw, "it has none of the known shapes")
    if int(stamp.value[:4]) not in rules.years:
        raise UnreadableDate(raw, f"its year is not in {rules.years[0]} to {rules.years[-1]}")
    return stamp


def choose_date(raws: Sequence[str], rules: TimestampRules) -> str | None:
    """Return the date to believe: the first readable one, or the same time with its zone.

    A day gives way to the first time on that day. If the same clock time occurs with an offset and
    with zero, the offset is right: programs that know no offset write zero. If none can be read,
    the first is returned, for people to see. None if there is none.
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
    """Return the date with the same clock time and an offset. If there is none, the date itself."""
    clock, has_offset = _clock(raw, rules)
    if has_offset or not clock:
        return raw
    return next((other for other in others if _clock(other, rules) == (clock, True)), raw)


def _clock(raw: str, rules: TimestampRules) -> tuple[str, bool]:
    """Return the clock time of a date to the minute, and whether it has an offset."""
    if match := _ISO.fullmatch(_plain(raw)):
        has_offset = bool(re.search("[1-9]", match["zone"] or ""))
        return (f"{match['day']}T{match['time'][:5]}", has_offset) if match["time"] else ("", False)
    written = read_date(raw, day_first=rules.day_first)
    if written is None or written.moment is None:
        return "", False
    shown = written.moment.replace(tzinfo=None)
    return shown.isoformat(timespec="minutes"), written.zone is not None


def names_zone(raw: str) -> bool:
    """Return whether a date ends with its zone, or needs none."""
    raw = _plain(raw)
    if _EPOCH.fullmatch(raw) or (_ZONE.search(raw) and ":" in raw):
        return True
    written = None if _ISO.fullmatch(raw) else read_date(raw)
    return bool(written and written.zone)


def as_known(raw: str, rules: TimestampRules) -> str:
    """Return a date in a format that the rules know. ISO 8601 always is."""
    written = None if _read(raw, rules) else read_date(raw, day_first=rules.day_first)
    return (written.moment or written.day).isoformat() if written else raw


def is_timed(raw: str, rules: TimestampRules) -> bool:
    """Return whether a date can be read and has a time."""
    stamp = _read(raw, rules)
    return stamp is not None and stamp.precision != "day"


def _read(raw: str, rules: TimestampRules) -> Timestamp | None:
    try:
        return read_timestamp(raw, rules)
    except UnreadableDate:
        return None


def _is_same(stamp: Timestamp, other: Timestamp) -> bool:
    """Return whether two times can be one, apart from the zone of the second."""
    if "day" in (stamp.precision, other.precision):
        return False
    moments = [datetime.fromisoformat(one.value).replace(second=0) for one in (stamp, other)]
    apart = abs((moments[0] - moments[1]).total_seconds())
    return apart <= _FARTHEST and apart % _QUARTER == 0


def all_months(known: set[str]) -> list[str]:
    """Return all months from the first to the last, with those in between."""
    if not known:
        return []
    first, last = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (min(known), max(known)))
    return [f"{each // 12:04}-{each % 12 + 1:02}" for each in range(first, last + 1)]

"""Dates as people write them, in any language: found in a line of text, with time and zone.

Ambiguous dates are not read: `05/04/2024`, unless it is known which number is the day.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from re import Match

from crawler.text.calendars import day_of, month_number, zone_of
from crawler.text.plain_text import fold

_DAY, _YEAR = r"(?P<day>\d{1,2})", r"(?P<year>\d{4})"
_NUMBER = r"(?P<month>\d{1,2})"
_WORD = r"(?P<month>[^\W\d_][^\s\d,/|:;()\[\]_-]*(?:\sال[أاث]\w+)?)"
_TH = r"(?:st|nd|rd|th|er|[ºª])?"
_OF = r"(?:\s?\bde\b|\s?\bdel\b|\s?\bof\b|\s?\bdi\b|\s?\bd[’'])?"
_IN_YEAR = r"[.,]?\s?-?\s?(?:yil\w*|йил\w*|j(?:ı|i')l\w*|жыл\w*|gada|m\.|г\.)?[.,]?\s*"
_END = r"(?!\d|[.:/-]\d)"
_SHAPES = tuple(
    re.compile(rf"(?<![\d.:/-]){shape}", re.IGNORECASE)
    for shape in (
        rf"{_YEAR}\s?[年년]\s?{_NUMBER}\s?[月월]\s?{_DAY}\s?[日일]",
        rf"(?P<era>民國|民国|令和|平成|昭和)\s?(?P<year>\d{{1,3}})年\s?{_NUMBER}月\s?{_DAY}日",
        rf"{_YEAR}(?P<sign>[-/.])\s?{_NUMBER}(?P=sign)\s?{_DAY}{_END}",
        rf"{_DAY}\.\s?{_NUMBER}\.\s?(?P<year>\d{{4}}|\d\d){_END}",
        rf"(?P<one>\d{{1,2}})(?P<sign>[-/])(?P<other>\d{{1,2}})(?P=sign){_YEAR}{_END}",
        rf"{_DAY}{_TH}[.\s-]*{_OF}\s?{_WORD}[.,\s-]*{_OF}\s*(?:พ\.ศ\.|ค\.ศ\.)?\s*{_YEAR}{_END}",
        rf"{_WORD}\s*{_DAY}{_TH}(?:,\s*|\s+){_YEAR}{_END}",
        rf"{_YEAR}{_IN_YEAR}{_WORD}\s*{_DAY}{_END}",
        rf"{_YEAR}{_IN_YEAR}{_DAY}[.\s-]*{_WORD}",
        rf"{_DAY}\s+tháng\s+{_NUMBER}(?:,|\s+năm)?\s+{_YEAR}{_END}",
    )
)
_YEAR_SEEN = re.compile(r"\d{4}|\d\.\s?\d\d?\.\s?\d\d|\d年")
# As in Unix and Java: `Wed May 01 10:00:00 CEST 2024`.
_SYSTEM = re.compile(r"\A\w{3} (\w{3} \d\d?) (\d\d:\d\d:\d\d [A-Z]{1,5}) (\d{4})\Z", re.ASCII)
_LONGEST_LABEL = 40  # characters around a date in a text that is only a date
_YEARS = range(1900, 2101)
_CENTURY_PIVOT = 69  # of two-digit years: 68 is 2068, 69 is 1969

_BEFORE_NOON = frozenset({"am", "上午", "오전", "午前", "صباحا"})
_AFTER_NOON = frozenset({"pm", "下午", "오후", "午後", "مساء"})
_HALF = r"(?:[AaPp]\.?[Mm]\b\.?|上午|下午|오전|오후|午前|午後|صباحا|مساء)"
_CLOCK = (
    rf"(?P<first>{_HALF})?\s?(?P<hour>\d{{1,2}})(?:[:：.]|\s?[hH時时시点]\s?)(?P<minute>\d\d)[分분]?"
    rf"(?:[:：](?P<second>\d\d)(?:[.,]\d+)?)?(?!\d)(?:\s?(?P<last>{_HALF}))?"
    r"(?:\s?Uhr|\s?hrs?\b)?(?:\s?\(?(?P<zone>(?:(?:GMT|UTC)\s?)?[+-]\d\d?(?::?\d\d)?\b"
    r"|Z\b|[^\W\d_]{2,4}\b)\)?)?"
)
# Between a date and its time: punctuation, and up to two short words such as `at` or a weekday.
_GAP = r"(?:[\s,|·•–—/()\[\]г.-]|T(?=\d)|(?:[^\W\d_]{1,10}[.,]?\s+)){0,8}?"
_TIME_AFTER = re.compile(rf"(?:{_GAP}){_CLOCK}")
_TIME_BEFORE = re.compile(
    rf"(?<![\d.:]){_CLOCK}[\s,|·•–—/()-]*(?:[^\W\d_]{{1,10}}[.,]?\s+){{0,2}}\Z"
)
_LONGEST_TIME = 40  # characters, with what stands between


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date in a line: its position, its day and, if present, its time and zone."""

    start: int
    end: int
    day: date
    hour: time | None = None
    zone: tzinfo | None = None
    has_seconds: bool = False

    @property
    def moment(self) -> datetime | None:
        """Day and time, with the zone if it is written."""
        return datetime.combine(self.day, self.hour, self.zone) if self.hour else None


def read_date(text: str, *, day_first: bool | None = None) -> WrittenDate | None:
    """Return the date of a text that is little more than a date."""
    text = _SYSTEM.sub(r"\1 \3 \2", text)
    found = next(find_dates(text, day_first=day_first), None)
    if found is None:
        return None
    rest = text[: found.start] + text[found.end :]
    is_alone = len(rest) <= _LONGEST_LABEL and not any(sign.isdecimal() for sign in rest)
    return found if is_alone else None


def find_dates(text: str, *, day_first: bool | None = None) -> Iterator[WrittenDate]:
    """Yield the dates in a line, in order.

    ``day_first``: whether `05/04/2024` is in April. None if unknown.
    """
    if not _YEAR_SEEN.search(text):  # as in most lines; this takes a tenth of the time
        return
    matches = (match for shape in _SHAPES for match in shape.finditer(text))
    end = 0
    for match in sorted(matches, key=lambda match: (match.start(), -match.end())):
        day = _day(match, day_first) if match.start() >= end else None
        if day and day.year in _YEARS:
            found = _with_time(text, match, day, end)
            yield found
            end = found.end


def _day(match: Match[str], day_first: bool | None) -> date | None:
    """Return the day of a match. None if it does not exist, or if it is ambiguous."""
    groups = match.groupdict()
    try:
        if "one" in groups:
            return _either(int(match["one"]), int(match["other"]), int(match["year"]), day_first)
        year = int(match["year"])
        if len(match["year"]) == 2 and not groups.get("era"):
            if not day_first:  # otherwise it may be the first of the three
                return None
            year += 2000 if year < _CENTURY_PIVOT else 1900
        return day_of(year, month_number(match["month"]), int(match["day"]), groups.get("era"))
    except ValueError:
        return None


def _either(one: int, other: int, year: int, day_first: bool | None) -> date | None:
    """Return the day of two numbers, if one of them is too large for a month."""
    if one == other or one > 12 or (day_first and other <= 12):
        return day_of(year, other, one)
    if other > 12 or day_first is False:
        return day_of(year, one, other)
    return None


def _with_time(text: str, match: Match[str], day: date, first: int) -> WrittenDate:
    """Add the time after a date, or directly before it, but not before ``first``."""
    start, end = match.span()
    after = _TIME_AFTER.match(text, end, end + _LONGEST_TIME)
    if after and (hour := _time(after)):
        zone = zone_of(after["zone"] or "")
        end = after.end() if zone or not after["zone"] else after.start("zone")
        return WrittenDate(
            start, len(text[:end].rstrip(" (")), day, hour, zone, bool(after["second"])
        )
    before = _TIME_BEFORE.search(text[max(first, start - _LONGEST_TIME) : start])
    if before and (hour := _time(before)):
        zone, start = zone_of(before["zone"] or ""), start - len(before[0])
        return WrittenDate(start, end, day, hour, zone, bool(before["second"]))
    return WrittenDate(start, end, day)


def _time(clock: Match[str]) -> time | None:
    """Return the time of a match. None if it is impossible."""
    half = fold(clock["first"] or clock["last"] or "").replace(".", "")
    hour = int(clock["hour"])
    if half in _AFTER_NOON and hour < 12:
        hour += 12
    elif half in _BEFORE_NOON and hour == 12:
        hour = 0
    try:
        return time(hour, int(clock["minute"]), int(clock["second"] or 0))
    except ValueError:
        return None

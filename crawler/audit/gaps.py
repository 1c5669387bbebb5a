"""Days on which an edition has fewer posts than usual: gaps in the archive."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from math import sqrt
from statistics import median_low

WEEKS = 4  # on either side; their same weekdays show what is usual
MOST = 3  # a day is thin below a third of the usual number
LEAST = 3  # posts per day; below it, the posts around a silence may be strays
CHANCE = 3  # standard deviations of a Poisson distribution
SILENCE = 7  # with more empty days in a row, weekdays cannot explain them


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Thin days in a row: how many posts they have, and how many are usual on such days."""

    first: date
    last: date
    posts: int
    usual: int

    @property
    def days(self) -> int:
        """The number of days."""
        return (self.last - self.first).days + 1


def thin_days(posts: Mapping[date, int]) -> list[Gap]:
    """Return the gaps in an edition's posts by day (of the agency's own calendar), oldest first.

    1. A day's neighbours are the same weekday in the four weeks before and the four after it. The
       fifth highest of these eight numbers is the usual one. Most neighbours reach it, so one odd
       week decides nothing, and neither growth nor a slow decline is a gap.
    2. A day is thin if it has less than a third of the usual number.
    3. More than seven empty days in a row are a silence. Days around it skip it and use neighbours
       beyond it. A silence is one gap if the median of the week before it, and of the week after
       it, is at least three posts per day.
    4. Thin days in a row are one gap. It is left out if chance may explain it: if it lacks no more
       posts than three times the square root of the usual number for all of its days.

    The time before an edition's first post and after its last is not judged, and of its first and
    last week only little, because neighbours are missing. A low level that lasts for over four
    weeks, and is not empty, becomes the usual one.
    """
    known = sorted(day for day, number in posts.items() if number)
    if not known:
        return []
    span = range((known[-1] - known[0]).days + 1)
    counts = [posts.get(known[0] + timedelta(days=day), 0) for day in span]
    silences = list(_silences(counts))
    usual = dict(_thin(counts, silences)) | dict(_silent(counts, silences))
    gaps = [_gap(known[0], run, counts, usual) for run in _runs(sorted(usual))]
    return [gap for gap in gaps if gap.usual - gap.posts > CHANCE * sqrt(gap.usual)]


def _silences(counts: Sequence[int]) -> Iterator[range]:
    """Yield the stretches without any post that are longer than a week."""
    for run in _runs([day for day, number in enumerate(counts) if not number]):
        if len(run) > SILENCE:
            yield run


def _silent(counts: Sequence[int], silences: Sequence[range]) -> Iterator[tuple[int, int]]:
    """Yield the days of silences between busy weeks, with the usual number."""
    for run in silences:
        before = counts[max(0, run.start - 7) : run.start]
        after = counts[run.stop : run.stop + 7]
        usual = min(median_low(before), median_low(after))
        if usual >= LEAST:
            yield from ((day, usual) for day in run)


def _thin(counts: Sequence[int], silences: Sequence[range]) -> Iterator[tuple[int, int]]:
    """Yield the days with too few posts for their weekday, with the usual number."""
    silent = {day for run in silences for day in run}
    for weekday in range(7):
        days = [day for day in range(weekday, len(counts), 7) if day not in silent]
        history = [counts[day] for day in days]
        for place, day in enumerate(days):
            usual = _usual(history, place)
            if history[place] * MOST < usual:
                yield day, usual


def _usual(history: Sequence[int], place: int) -> int:
    around = [*history[max(0, place - WEEKS) : place], *history[place + 1 : place + 1 + WEEKS]]
    return sorted(around, reverse=True)[WEEKS] if len(around) > WEEKS else 0


def _runs(days: Sequence[int]) -> Iterator[range]:
    """Yield ascending days as stretches of consecutive days."""
    for _, numbered in groupby(enumerate(days), lambda pair: pair[1] - pair[0]):
        run = [day for _, day in numbered]
        yield range(run[0], run[-1] + 1)


def _gap(start: date, run: range, counts: Sequence[int], usual: Mapping[int, int]) -> Gap:
    return Gap(
        first=start + timedelta(days=run[0]),
        last=start + timedelta(days=run[-1]),
        posts=sum(counts[day] for day in run),
        usual=sum(usual[day] for day in run),
    )

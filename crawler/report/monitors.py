"""Monitors notice that we read less of the articles than before, or that an edition is silent.

These are pure functions over rows, newest first, and moments. A monitor compares the newest
articles with those before them of the same layout and edition: what is usual differs from edition
to edition. Two windows are looked at, a short one for what broke at once, a long one for what
broke in part; none is ever shorter than ``LEAST``.
"""

import heapq
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from math import sqrt
from operator import itemgetter
from statistics import fmean, median
from typing import Any

from crawler.crawl.run_result import UNMODIFIED, UNREAD, Alarm
from crawler.model.article import UNKNOWN

Row = Mapping[str, Any]
LEAST_PAGES = 5  # of which a layout reads none: where one in ten fails, one chance in 100,000
GUESSED = 0.1  # share of pages in no known layout, above which a class is missing
READ_AT_ALL = 0.1  # share of pages that layouts read, below which the site is another one
LEAST = 30  # articles that say something; of fewer, chance does
READ = 1000  # articles of a layout and edition that are looked at: the window and what was before
SIGMAS = 4  # some hundred figures are judged twice an hour, and none may fail by chance
NEWS_DAYS = 30  # what was published longer before it was fetched is no news, and has other fields
ERRORS = 0.2  # share of articles refused or failed; on bad days of a site it is below a tenth
# Where nothing is known of before: every article has these, bar some pictures and videos.
FLOORS = {"title": 0.99, "published_at": 0.9, "body": 0.8}
EDITED_SHARE = 0.5  # of the articles that somebody had visited again
LEAST_EDITS = 10  # of fewer, an editor may well have changed most
EXAMPLES = 3
HISTORY = timedelta(days=28)  # of an edition, to know its pauses by; at least half of it
PAUSES = 3  # times its longest pause, before an edition counts as silent
LEAST_SILENCE = timedelta(hours=12)

# Fields that the articles of a healthy site fill about as often one week as the next.
FIELDS = (
    "summary",
    "published_at",
    "authors",
    "category",
    "tags",
    "images",
    "language",
    "body",
)
SLOWEST = 5


@dataclass(frozen=True, slots=True)
class Window:
    """How many articles are judged, and what part of the usual figure is a failure below."""

    size: int
    share: float
    length: float


# Of 30 articles a night's may well be half; of 200 a quarter less is no chance.
WINDOWS = (Window(LEAST, 0.25, 0.25), Window(200, 0.75, 0.5))


def judge_layout(place: str, rows: Sequence[Row]) -> Iterator[Alarm]:
    """Yield what is read less of a layout's articles: fields, and length of the text."""
    news = only_news(rows)
    for name in ("title", *FIELDS):
        yield from _judge_share(place, name, news, itemgetter(name))
    yield from _judge_length(place, news)


def judge_source(place: str, rows: Sequence[Row], promised: Collection[str]) -> Iterator[Alarm]:
    """Yield that fewer of an edition's articles are read from their pages than before.

    The others are read from the API, or by guessing. ``promised``: the layouts of pages. If pages
    are read as before, one layout may still be read in place of another, as by a mistake; but the
    rows of other code, which may know other layouts, tell nothing of that.
    """
    news = only_news(rows)
    of_pages = [*_judge_share(place, "page", news, partial(_is_read_by, promised))]
    yield from of_pages
    code = news[0]["extractor"]["code"] if news else None
    alike = [row for row in news if row["extractor"]["code"] == code]
    for layout in () if of_pages else promised:
        yield from _judge_share(place, f"layout {layout}", alike, partial(_is_read_by, [layout]))


def judge_pages(
    place: str, runs: Iterable[Mapping[str, int]], promised: Collection[str]
) -> Iterator[Alarm]:
    """Yield that hardly a page is read in the agency's own layouts, whatever else reads it.

    ``runs``: pages that answered, by what read them, the last run first; runs are taken together
    until enough was done, and the last must have had some and be as bad by itself. ``promised``:
    the layouts.
    There is no usual figure to compare with: a layout promises to read pages from the first run on.
    """
    done, read, last = 0, 0, None
    for pages in runs:
        done += sum(pages.values())
        read += sum(pages.get(layout, 0) for layout in (*promised, UNMODIFIED))
        last = read / max(done, 1) if last is None else last
        if not done or done >= LEAST_PAGES:
            break
    if not promised or last is None or done < LEAST_PAGES:
        return
    if max(last, read / done) < READ_AT_ALL:
        found = f"read {read} of the last {done} pages"
        yield Alarm(place, f"layouts {', '.join(promised)}", found, "nearly all is usual", [])


def judge_guesses(place: str, pages: Mapping[str, int]) -> Iterator[Alarm]:
    """Yield that many pages of a run are in no layout of the agency, whatever else told the text.

    ``pages``: those that answered, by what read them. What has not changed tells nothing.
    """
    done, guessed = sum(pages.values()) - pages.get(UNMODIFIED, 0), pages.get(UNKNOWN, 0)
    unread = pages.get(UNREAD, 0)
    if guessed > GUESSED * done:
        found = f"of {guessed} of the {done} pages"
        yield Alarm(place, "layout unknown", found, f"at most {GUESSED:.0%} is usual", [])
    elif done >= LEAST and unread > ERRORS * done:
        found = f"in {unread} of the {done} pages"
        yield Alarm(place, "no layout", found, f"at most {ERRORS:.0%} is usual", [])


def judge_lists(place: str, failed: int, unread: Sequence[str]) -> Iterator[Alarm]:
    """Yield that no source of a run could be read, though the site answered.

    ``failed``: sources, of which all failed; ``unread``: addresses that answered with no list.
    """
    if failed and unread:
        found = f"were read at 0 of {failed} sources"
        yield Alarm(place, "lists and feeds", found, "nearly all is usual", [*unread[:EXAMPLES]])


def judge_edits(place: str, outcomes: Mapping[str, int]) -> Iterator[Alarm]:
    """Yield that most of the articles that were visited again had changed.

    No agency rewrites most of its articles: it is the site that shows them otherwise.
    """
    edited = outcomes.get("edited", 0)
    visited = sum(outcomes.get(each, 0) for each in ("edited", "respelled", "unchanged"))
    if edited >= LEAST_EDITS and edited > EDITED_SHARE * visited:
        found = f"of {edited} of the {visited} articles that were visited again"
        yield Alarm(place, "edited", found, f"at most {EDITED_SHARE:.0%} is usual", [])


def judge_errors(place: str, runs: Iterable[Mapping[str, int]]) -> Iterator[Alarm]:
    """Yield that too much was refused or failed; ``runs``: their outcomes, the last one first.

    Runs are taken together until enough was done; the last must be as bad by itself.
    """
    done, wrong, last = 0, 0, None
    for outcomes in runs:
        done += sum(outcomes.values())
        wrong += outcomes.get("refused", 0) + outcomes.get("failed", 0)
        last = wrong / max(done, 1) if last is None else last
        if done >= LEAST:
            break
    if done >= LEAST and last is not None and min(last, wrong / done) > ERRORS:
        found = f"of {wrong / done:.0%} of the last {done} articles"
        yield Alarm(place, "refused or failed", found, f"at most {ERRORS:.0%} is usual", [])


def judge_silence(edition: str, published: Iterable[datetime], moment: datetime) -> Iterator[Alarm]:
    """Yield that nothing is published any more, by the edition's own pauses."""
    told = sorted(time for time in published if time <= moment)
    known = [time for time in told if time >= told[-1] - HISTORY]
    if len(known) < LEAST or known[-1] - known[0] < HISTORY / 2:
        return
    pause = max(after - before for before, after in pairwise(known))
    silence = moment - known[-1]
    if silence > max(PAUSES * pause, LEAST_SILENCE):
        found = f"published for {_hours(silence)} hours"
        yield Alarm(edition, "nothing", found, f"the longest pause was {_hours(pause)}", [])


def _is_read_by(layouts: Collection[str], row: Row) -> bool:
    return row["extractor"]["layout"] in layouts


def only_news(rows: Sequence[Row]) -> list[Row]:
    """Leave out what was old when it was fetched; if that is most, there is nothing to judge.

    Undated articles count as news, unless they came in between so much that is old.
    """
    newest = rows[: WINDOWS[-1].size]
    if 2 * sum(map(_is_old, newest)) > len(newest):
        return []
    return [row for row in rows if not _is_old(row)]


def _is_old(row: Row) -> bool:
    if not row["published_at"]:
        return False
    published = datetime.fromisoformat(row["published_at"]).date()
    return datetime.fromisoformat(row["fetched_at"]).date() - published > timedelta(NEWS_DAYS)


def _judge_share(
    place: str, name: str, rows: Sequence[Row], has: Callable[[Row], object]
) -> Iterator[Alarm]:
    """Yield that fewer rows than usual have something, and that the newest are no better."""
    marks = [bool(has(row)) for row in rows]
    for window in WINDOWS:
        recent, before = marks[: window.size], marks[window.size :]
        if len(recent) < LEAST:
            return
        bound, usual = FLOORS.get(name, 0), f"at least {FLOORS.get(name, 0):.0%} is usual"
        if len(before) >= LEAST:
            bound, usual = _bound(recent, before, window), f"{_told(before)} before"
        if max(fmean(recent), fmean(recent[:LEAST])) >= bound:
            continue
        examples = [row["url"] for row in rows[: window.size] if not has(row)][:3]
        found = f"in {_told(recent)} newest articles"
        yield Alarm(place, name, found, usual, examples)
        return


def _bound(recent: Sequence[bool], before: Sequence[bool], window: Window) -> float:
    """Return the share below which a drop is neither small nor chance."""
    usual, pooled = fmean(before), fmean([*recent, *before])
    spread = sqrt(pooled * (1 - pooled) * (1 / len(recent) + 1 / len(before)))
    return min(window.share * usual, usual - SIGMAS * spread)


def _judge_length(place: str, rows: Sequence[Row]) -> Iterator[Alarm]:
    """Yield that texts are much shorter than they used to be, and that the newest are as short."""
    lengths = [len(row["body"]) for row in rows]
    for window in WINDOWS:
        recent, before = lengths[: window.size], lengths[window.size :]
        if len(before) < LEAST:
            return
        usual = median(before)
        if max(median(recent), median(recent[:LEAST])) >= window.length * usual:
            continue
        shortest = sorted(rows[: window.size], key=lambda row: len(row["body"]))[:3]
        found = f"of {median(recent):.0f} characters in the {len(recent)} newest articles"
        text = f"{usual:.0f} in the {len(before)} before"
        yield Alarm(place, "body", found, text, [row["url"] for row in shortest])
        return


def _told(marks: Sequence[bool]) -> str:
    return f"{fmean(marks):.0%} of the {len(marks)}"


def _hours(time: timedelta) -> int:
    return round(time / timedelta(hours=1))


class Tally:
    """Counts recorded rows by edition and source, filled fields, and keeps the slowest answers."""

    def __init__(self) -> None:
        self.articles: Counter[str] = Counter()  # by edition and source: "en/api"
        self._filled: Counter[str] = Counter()
        self._slowest: list[tuple[float, str]] = [(0.0, "")] * SLOWEST

    def stored(self, row: Mapping[str, Any], source: str) -> None:
        """Count a recorded row that a source led to."""
        self.articles[f"{row.get('edition') or '?'}/{source}"] += 1
        self._filled.update(name for name in FIELDS if row.get(name))

    def answered(self, url: str, seconds: float) -> None:
        """Take note of how long an answer took."""
        if seconds > self._slowest[0][0]:
            heapq.heapreplace(self._slowest, (seconds, url))

    @property
    def fill_rates(self) -> dict[str, float]:
        """Share of the recorded rows in which each field is filled; empty without rows."""
        rows = self.articles.total()
        return {name: round(self._filled[name] / rows, 3) for name in FIELDS} if rows else {}

    @property
    def slowest(self) -> list[tuple[str, float]]:
        """The slowest answers, slowest first: URL and seconds."""
        ranked = sorted(self._slowest, reverse=True)
        return [(url, round(seconds, 3)) for seconds, url in ranked if url]

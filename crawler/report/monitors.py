"""Monitors: notice that less can be read from articles than before, or that an edition is silent.

These are pure functions over rows, newest first, and times. A monitor compares the newest articles
with earlier ones of the same layout and edition, because editions differ. There are two windows: a
short one for total failures, and a long one for partial ones. No window is shorter than ``LEAST``.
"""

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
LEAST_PAGES = 5  # none of them readable: if one in ten fails, the probability is 1 in 100,000
GUESSED = 0.1  # with a larger share of pages in no layout, a class is missing
READ_AT_ALL = 0.1  # with a smaller share of pages in known layouts, the site has changed
LEAST = 30  # with fewer articles, chance decides
READ = 1000  # articles of a layout and edition: the window and those before it
SIGMAS = 4  # hundreds of figures are checked twice an hour; none may fail by chance
NEWS_DAYS = 30  # older articles have other fields
ERRORS = 0.2  # share of refused or failed articles; below 10 % even on a site's bad days
# Used without a history: every article has these, except some pictures and videos.
FLOORS = {"title": 0.99, "published_at": 0.9, "body": 0.8}
EDITED_SHARE = 0.5  # of the revisited articles
LEAST_EDITS = 10  # of fewer, an editor may really have changed most
EXAMPLES = 3
HISTORY = timedelta(days=28)  # of an edition, to know its usual pauses; half may do
PAUSES = 3  # times its longest pause, until an edition counts as silent
LEAST_SILENCE = timedelta(hours=12)

# Fields that are filled about equally often in every week, if the site has not changed.
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


@dataclass(frozen=True, slots=True)
class Window:
    """The number of articles to check, and the part of the usual figure that is a failure."""

    size: int
    share: float
    length: float


# Of 30 articles, half may come from one night; of 200, a quarter less is no coincidence.
WINDOWS = (Window(LEAST, 0.25, 0.25), Window(200, 0.75, 0.5))


def judge_layout(place: str, rows: Sequence[Row]) -> Iterator[Alarm]:
    """Yield what is read less often in a layout's articles: fields, and length of the text."""
    news = only_news(rows)
    for name in ("title", *FIELDS):
        yield from _judge_share(place, name, news, itemgetter(name))
    yield from _judge_length(place, news)


def judge_source(place: str, rows: Sequence[Row], promised: Collection[str]) -> Iterator[Alarm]:
    """Yield if fewer of an edition's articles are read from their pages than before.

    The others are read from the API, or guessed. ``promised``: the layouts of pages. One layout may
    replace another while pages are read as before. Rows of other code, which may have other
    layouts, are not compared.
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
    """Yield if hardly any page is read in the agency's own layouts.

    ``runs``: pages with a response, by what read them, the last run first. Runs are combined until
    there are enough pages; the last one must have some and be as bad by itself. ``promised``: the
    layouts. No usual figure is needed: a layout promises to read pages from the first run on.
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
    """Yield if many pages of a run are in no layout of the agency.

    ``pages``: pages with a response, by what read them. Unchanged pages are not counted.
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
    """Yield if no source of a run could be read, though the site responded.

    ``failed``: sources, all of which failed. ``unread``: addresses that returned no list.
    """
    if failed and unread:
        found = f"were read at 0 of {failed} sources"
        yield Alarm(place, "lists and feeds", found, "nearly all is usual", [*unread[:EXAMPLES]])


def judge_edits(place: str, outcomes: Mapping[str, int]) -> Iterator[Alarm]:
    """Yield if most of the revisited articles had changed.

    No agency rewrites most of its articles: the site now shows them differently.
    """
    edited = outcomes.get("edited", 0)
    visited = sum(outcomes.get(each, 0) for each in ("edited", "respelled", "unchanged"))
    if edited >= LEAST_EDITS and edited > EDITED_SHARE * visited:
        found = f"of {edited} of the {visited} articles that were visited again"
        yield Alarm(place, "edited", found, f"at most {EDITED_SHARE:.0%} is usual", [])


def judge_errors(place: str, runs: Iterable[Mapping[str, int]]) -> Iterator[Alarm]:
    """Yield if too many articles were refused or failed. ``runs``: outcomes, the last run first.

    Runs are combined until there are enough articles; the last one must be as bad by itself.
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
    """Yield if an edition has stopped publishing, by its own usual pauses."""
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
    """Leave out articles that were old when fetched. If most are old, nothing is checked.

    Undated articles count as new, unless most articles around them are old.
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
    """Yield if fewer rows than usual have something, and the newest are no better."""
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
    """Return the share below which a decrease is neither small nor a coincidence."""
    usual, pooled = fmean(before), fmean([*recent, *before])
    spread = sqrt(pooled * (1 - pooled) * (1 / len(recent) + 1 / len(before)))
    return min(window.share * usual, usual - SIGMAS * spread)


def _judge_length(place: str, rows: Sequence[Row]) -> Iterator[Alarm]:
    """Yield if texts are much shorter than before, and the newest are as short."""
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

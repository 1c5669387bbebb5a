"""How complete an archive is, as figures and as tables for a terminal.

Also which of its versions have an impossible time.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rich import box
from rich.console import RenderableType
from rich.table import Table

from crawler.audit.coverage import (
    IS_NATIVE,
    NUMBER,
    Conditions,
    Ids,
    Sources,
    Unfetched,
    bounds,
    read_ids,
    read_sources,
    read_unfetched,
)
from crawler.audit.gaps import Gap, thin_days
from crawler.extract.memento import AHEAD
from crawler.store.selection import Selection
from crawler.system.clock import FIRST_PAGE, now, rfc3339

LARGEST = 1000  # missing ranges that are shown one by one
EXAMPLES = 20  # versions with an impossible time that are shown

PostsByDay = dict[str, dict[date, int]]

MOST_ROWS = 15  # of a table; --json has all


@dataclass(frozen=True, slots=True, kw_only=True)
class FalseTimes:
    """Versions dated before the web or after now, in the whole archive; and some of them.

    ``examples``: id, number and time of those with the latest dates.
    """

    versions: int
    examples: list[tuple[str, int, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """The findings, as ``--json`` prints them.

    ``selection``: days and editions. ``ids``: None for an agency without native ids. ``gaps``: thin
    days by edition. ``queued``: what ``--fix`` has queued, by kind.
    """

    selection: dict[str, date | tuple[str, ...] | None]
    seen: Sources
    unfetched: list[Unfetched]
    ids: Ids | None
    gaps: dict[str, list[Gap]]
    false_times: FalseTimes
    queued: dict[str, int] | None = None


def read_audit(database: sqlite3.Connection, selection: Selection) -> Audit:
    """Return the findings on the selected articles. Nothing is written.

    Editions do not narrow the ids, because all editions share one sequence.
    """
    within = bounds(database, selection)
    wanted = conditions(selection, within)
    return Audit(
        selection={each: getattr(selection, each) for each in ("since", "until", "editions")},
        seen=read_sources(database, wanted),
        unfetched=read_unfetched(database, wanted),
        ids=read_ids(database, within, LARGEST),
        gaps=gaps(posts_by_day(database, selection), selection),
        false_times=_false_times(database),
    )


def _false_times(database: sqlite3.Connection) -> FalseTimes:
    found = database.execute(
        "SELECT article_id, number, fetched_at, count(*) OVER () FROM version "
        "WHERE fetched_at < ? OR fetched_at > ? ORDER BY fetched_at DESC, article_id LIMIT ?",
        (rfc3339(FIRST_PAGE), rfc3339(now() + AHEAD), EXAMPLES),
    ).fetchall()
    return FalseTimes(
        versions=found[0][3] if found else 0,
        examples=[(article_id, number, time) for article_id, number, time, _ in found],
    )


def conditions(selection: Selection, within: range) -> Conditions:
    """Return the selection as conditions on ``article``, with their values.

    An article without a date counts by its native id, as lying between its neighbours.
    """
    wanted: dict[str, list[object]] = {name: [v] for name, v in selection.of_editions.items()}
    if dates := selection.published:
        native, number = IS_NATIVE.format("article"), NUMBER.format("article")
        ends = [within[0], within[-1]] if within else [0, 0]
        wanted[
            "id IN (SELECT id FROM article INDEXED BY article_year WHERE version IS NOT NULL "
            f"AND {' AND '.join(dates)} UNION ALL SELECT id FROM article INDEXED BY article_number "
            f"WHERE {native} AND {number} BETWEEN ? AND ? AND published_at IS NULL)"
        ] = [*dates.values(), *ends]
    return wanted


def posts_by_day(database: sqlite3.Connection, selection: Selection) -> PostsByDay:
    """Return the number of articles per day of publication, for each selected edition."""
    posts: PostsByDay = {}
    for edition, day, number in database.execute(
        "SELECT edition, day, number FROM day_count WHERE number > 0 AND edition <> ''"
    ):
        if not selection.editions or edition in selection.editions:
            posts.setdefault(edition, {})[date.fromisoformat(day)] = number
    return posts


def chosen_days(posts: PostsByDay, selection: Selection) -> PostsByDay:
    """Return the selected ones among the days. Editions without any are left out."""
    since, until = selection.since or date.min, selection.until or date.max
    found = {
        edition: {day: number for day, number in days.items() if since <= day <= until}
        for edition, days in posts.items()
    }
    return {edition: days for edition, days in found.items() if days}


def gaps(posts: Mapping[str, Mapping[date, int]], selection: Selection) -> dict[str, list[Gap]]:
    """Return each edition's gaps that overlap the selected days. Editions without are left out."""
    since, until = selection.since or date.min, selection.until or date.max
    found = {
        edition: [gap for gap in thin_days(days) if gap.last >= since and gap.first <= until]
        for edition, days in posts.items()
    }
    return {edition: some for edition, some in found.items() if some}


def audit_tables(audit: Audit) -> Iterator[RenderableType]:
    """Yield the parts to print."""
    yield _sources(audit)
    yield _overlaps(audit)
    yield _unfetched(audit)
    if audit.ids:
        yield _missing_ids(audit.ids)
    yield _gaps(audit)
    if audit.false_times.versions:
        yield _table_of_false_times(audit.false_times)
    if audit.queued is not None:
        yield _queued(audit.queued, audit.ids)


def _table(title: str, *columns: str, left: int = 1) -> Table:
    """Return a table whose first columns are words, and the others numbers."""
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, title_style="bold")
    for place, column in enumerate(columns):
        table.add_column(column, justify="left" if place < left else "right", overflow="fold")
    return table


def _fill(table: Table, rows: Sequence[tuple[object, ...]], total: int | None = None) -> Table:
    """Add the first rows, of ``total``, and state how many are not shown."""
    for row in rows[:MOST_ROWS]:
        table.add_row(*(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row))
    if (more := (total or len(rows)) - MOST_ROWS) > 0:
        table.caption = f"and {more:,} more: --json"
    return table


def _sources(audit: Audit) -> Table:
    table = _table(
        "Articles that each source saw", "source", "articles", "only here", "by old slug"
    )
    rows = [
        (source.source, source.articles, source.only_here, source.slugs)
        for source in audit.seen.sources
    ]
    if audit.seen.nowhere:
        table.caption = f"{audit.seen.nowhere:,}: which source saw them is not known"
    return _fill(table, rows)


def _overlaps(audit: Audit) -> Table:
    shared = [
        (sources.replace(" ", " + "), n)
        for sources, n in audit.seen.overlaps.items()
        if " " in sources
    ]
    return _fill(_table("Seen by several sources", "sources", "articles"), shared)


def _unfetched(audit: Audit) -> Table:
    table = _table("Never fetched", "state", "reason", "such as", "articles", left=3)
    rows = [
        (each.state, each.reason or "", ", ".join(each.examples), each.articles)
        for each in audit.unfetched
    ]
    return _fill(table, rows)


def _missing_ids(ids: Ids) -> Table:
    title = f"Ids {ids.lowest} to {ids.highest}: {ids.known:,} known, {ids.missing:,} missing"
    if ids.queued:
        title += f", of these {ids.queued:,} queued"
    table = _table(title, "from", "to", "after", "before", "ids", left=4)
    rows = [
        (str(each.first), str(each.last), each.after or "?", each.before or "?", each.ids)
        for each in ids.largest
    ]
    return _fill(table, rows, ids.missing_ranges)


def _table_of_false_times(found: FalseTimes) -> Table:
    table = _table(
        "Versions dated before the web or after now", "article", "time", "version", left=2
    )
    return _fill(table, [(name, time, n) for name, n, time in found.examples], found.versions)


def _gaps(audit: Audit) -> Table:
    title = "Days with fewer posts than usual"
    table = _table(title, "edition", "from", "to", "days", "posts", "usual", left=3)
    listed = [(edition, gap) for edition, some in audit.gaps.items() for gap in some]
    listed.sort(key=lambda pair: _missing(pair[1]), reverse=True)
    rows = [
        (edition, gap.first, gap.last, gap.days, gap.posts, gap.usual) for edition, gap in listed
    ]
    return _fill(table, rows)


def _missing(gap: Gap) -> int:
    return gap.usual - gap.posts


def _queued(queued: dict[str, int], ids: Ids | None) -> str:
    kinds = {"ids": "missing ids", "failed": "that failed", "refused": "that were refused"}
    told = ", ".join(f"{queued[kind]:,} {words}" for kind, words in kinds.items())
    before = f"; {ids.queued:,} ids were queued before" if ids and ids.queued else ""
    return f"Queued: {told}{before}. The next plain run of scrapy crawl fetches them."

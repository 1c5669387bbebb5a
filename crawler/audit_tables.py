"""An audit as tables for a terminal."""

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import RenderableType
from rich.table import Table

from crawler.audit import Audit, FalseTimes
from crawler.gaps import Gap
from crawler.holes import Ids

MOST_ROWS = 15  # of a table; --json tells more


def audit_tables(audit: Audit) -> Iterator[RenderableType]:
    """Yield what to print, one thing after the other."""
    yield _roads(audit)
    yield _overlaps(audit)
    yield _unfetched(audit)
    if audit.ids:
        yield _holes(audit.ids)
    yield _gaps(audit)
    if audit.false_times.versions:
        yield _false_times(audit.false_times)
    if audit.queued is not None:
        yield _queued(audit.queued, audit.ids)


def _table(title: str, *columns: str, left: int = 1) -> Table:
    """Return a table whose first columns are words, the others figures."""
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, title_style="bold")
    for place, column in enumerate(columns):
        table.add_column(column, justify="left" if place < left else "right", overflow="fold")
    return table


def _fill(table: Table, rows: Sequence[tuple[object, ...]], total: int | None = None) -> Table:
    """Add the first rows, of so many in ``total``, and say how many are not shown."""
    for row in rows[:MOST_ROWS]:
        table.add_row(*(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row))
    if (more := (total or len(rows)) - MOST_ROWS) > 0:
        table.caption = f"and {more:,} more: --json"
    return table


def _roads(audit: Audit) -> Table:
    table = _table("Articles that each road saw", "road", "articles", "only here", "by old slug")
    rows = [(road.road, road.articles, road.only_here, road.slugs) for road in audit.seen.roads]
    if audit.seen.nowhere:
        table.caption = f"{audit.seen.nowhere:,}: which source saw them is not known"
    return _fill(table, rows)


def _overlaps(audit: Audit) -> Table:
    shared = [
        (roads.replace(" ", " + "), n) for roads, n in audit.seen.overlaps.items() if " " in roads
    ]
    return _fill(_table("Seen by several roads", "roads", "articles"), shared)


def _unfetched(audit: Audit) -> Table:
    table = _table("Never fetched", "state", "reason", "such as", "articles", left=3)
    rows = [
        (each.state, each.reason or "", ", ".join(each.examples), each.articles)
        for each in audit.unfetched
    ]
    return _fill(table, rows)


def _holes(ids: Ids) -> Table:
    title = f"Ids {ids.lowest} to {ids.highest}: {ids.known:,} known, {ids.missing:,} missing"
    if ids.queued:
        title += f", of these {ids.queued:,} queued"
    table = _table(title, "from", "to", "after", "before", "ids", left=4)
    rows = [
        (str(hole.first), str(hole.last), hole.after or "?", hole.before or "?", hole.ids)
        for hole in ids.largest
    ]
    return _fill(table, rows, ids.holes)


def _false_times(found: FalseTimes) -> Table:
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
    kinds = {"ids": "ids of holes", "failed": "that failed", "refused": "that were refused"}
    told = ", ".join(f"{queued[kind]:,} {words}" for kind, words in kinds.items())
    before = f"; {ids.queued:,} ids were queued before" if ids and ids.queued else ""
    return f"Queued: {told}{before}. The next plain run of scrapy crawl fetches them."

"""How complete an archive is: roads, what was never fetched, holes in the ids, thin days.

And which of its versions are dated by a clock that cannot have been right.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from crawler.choice import Choice
from crawler.clock import now, rfc3339
from crawler.gaps import Gap, thin_days
from crawler.holes import IS_NATIVE, NUMBER, Ids, bounds, read_ids
from crawler.memento import AHEAD, FIRST_PAGE
from crawler.roads import Conditions, Roads, Unfetched, read_roads, read_unfetched

LARGEST = 1000  # holes that are told one by one
EXAMPLES = 20  # versions with a false time that are named

PostsByDay = dict[str, dict[date, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FalseTimes:
    """How many versions are dated before the web or after now, whatever is chosen; some of them.

    ``examples``: id, number and time of those dated the latest.
    """

    versions: int
    examples: list[tuple[str, int, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """The findings, as ``--json`` tells them.

    ``ids``: null for an agency without native ids. ``gaps``: thin days by edition. ``queued``: with
    ``--fix``, what became work, by kind.
    """

    choice: Choice
    seen: Roads
    unfetched: list[Unfetched]
    ids: Ids | None
    gaps: dict[str, list[Gap]]
    false_times: FalseTimes
    queued: dict[str, int] | None = None


def read_audit(database: sqlite3.Connection, choice: Choice) -> Audit:
    """Read the findings on the chosen articles; nothing is written.

    Editions do not narrow the ids, of which they share one sequence.
    """
    within = bounds(database, choice)
    wanted = conditions(choice, within)
    return Audit(
        choice=choice,
        seen=read_roads(database, wanted),
        unfetched=read_unfetched(database, wanted),
        ids=read_ids(database, within, LARGEST),
        gaps=gaps(posts_by_day(database, choice), choice),
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


def conditions(choice: Choice, within: range) -> Conditions:
    """Return the choice as conditions on ``article``, with their values; none chooses all.

    An article without a date of its own counts by its native id, as lying between its neighbours.
    """
    wanted: dict[str, list[object]] = {name: [v] for name, v in choice.of_editions.items()}
    if dates := choice.published:
        native, number = IS_NATIVE.format("article"), NUMBER.format("article")
        ends = [within[0], within[-1]] if within else [0, 0]
        wanted[
            "id IN (SELECT id FROM article INDEXED BY article_year WHERE version IS NOT NULL "
            f"AND {' AND '.join(dates)} UNION ALL SELECT id FROM article INDEXED BY article_number "
            f"WHERE {native} AND {number} BETWEEN ? AND ? AND published_at IS NULL)"
        ] = [*dates.values(), *ends]
    return wanted


def posts_by_day(database: sqlite3.Connection, choice: Choice) -> PostsByDay:
    """Return how many articles each chosen edition has, by day of publication in its own zone."""
    posts: PostsByDay = {}
    for edition, day, number in database.execute(
        "SELECT edition, day, number FROM day_count WHERE number > 0 AND edition <> ''"
    ):
        if not choice.editions or edition in choice.editions:
            posts.setdefault(edition, {})[date.fromisoformat(day)] = number
    return posts


def chosen_days(posts: PostsByDay, choice: Choice) -> PostsByDay:
    """Return the days among the chosen ones; editions without any are left out."""
    since, until = choice.since or date.min, choice.until or date.max
    found = {
        edition: {day: number for day, number in days.items() if since <= day <= until}
        for edition, days in posts.items()
    }
    return {edition: days for edition, days in found.items() if days}


def gaps(posts: Mapping[str, Mapping[date, int]], choice: Choice) -> dict[str, list[Gap]]:
    """Return each edition's gaps that reach into the chosen days; editions without are left out."""
    since, until = choice.since or date.min, choice.until or date.max
    found = {
        edition: [gap for gap in thin_days(days) if gap.last >= since and gap.first <= until]
        for edition, days in posts.items()
    }
    return {edition: some for edition, some in found.items() if some}

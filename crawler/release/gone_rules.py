"""When an article counts as gone: the settings of the runs that made the archive.

They decide how many deletions a release has, so whoever compares two archives needs them.
"""

import sqlite3
from collections.abc import Sequence

from msgspec import Struct

# Reports of earlier versions do not have them. A run's id is the time when it began.
_RULES = """
SELECT told ->> 'sightings', told ->> 'hours', told ->> 'share', count(*), min(id), max(id)
FROM (SELECT id, iif(json_valid(report), report -> '$.gone_after', NULL) AS told FROM run)
GROUP BY 1, 2, 3 ORDER BY min(id)
"""


class GoneRule(Struct, frozen=True):
    """The settings of some runs; null if their reports do not have them.

    ``sightings`` and ``hours``: how many responses without the article are needed, over how long.
    ``share``: how many of the articles visited again in a week may be missing at once, or else none
    of them counts as gone, if there are more than two and it is more than usual.
    """

    sightings: int | None
    hours: int | None
    share: float | None
    runs: int
    first_run: str
    last_run: str


def read_gone_rules(database: sqlite3.Connection) -> list[GoneRule]:
    """Return the settings of all runs, in the order in which they were first used."""
    return [GoneRule(*row) for row in database.execute(_RULES)]


def told(rules: Sequence[GoneRule], confirmed: int) -> str:
    """Return the settings in sentences. ``confirmed``: by a person, of the gone articles."""
    by_person = f" A person confirmed {confirmed:,} of those here." if confirmed else ""
    known = [each for each in rules if each.sightings is not None]
    if not known:
        unknown = "How long an article had to be missing to count as gone was not recorded."
        return unknown + by_person
    ways = dict.fromkeys(
        f"{each.sightings} or more responses, over {each.hours} or more hours, were without it"
        for each in known
    )
    more = " Some runs did not record this." if len(known) < len(rules) else ""
    return f"An article counts as gone if {', or '.join(ways)}.{more}{by_person}"

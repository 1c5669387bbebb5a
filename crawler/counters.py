"""The counters of two ledgers, compared: the one that a rebuild found, and the one it made."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from crawler.database import one_line

# A journal does not tell that an article is missing: until the next visits it is stored.
_COUNTERS = """
SELECT iif(state = 'missing', 'stored', state) AS state, edition, year, sum(number)
FROM article_count WHERE state IN ('stored', 'missing', 'gone', 'withdrawn') GROUP BY 1, 2, 3
UNION ALL SELECT 'version', change, '', number FROM version_count
"""
_WITHOUT_VERSION = """
SELECT state, sum(number) FROM article_count
WHERE state NOT IN ('stored', 'archived', 'missing', 'gone', 'withdrawn')
GROUP BY 1 HAVING sum(number) > 0
"""

Counters = dict[tuple[str, ...], int]


def compare(old: Path, rebuilt: sqlite3.Connection, say: Callable[[str], None]) -> None:
    """Say whether the counters agree, as far as a journal tells, and what it cannot tell.

    The old ledger's log is taken into its file, which can then be put aside by itself.
    """
    if not old.exists():
        say(f"{old}: not there, counters not checked")
        return
    try:
        with closing(sqlite3.connect(old)) as database:
            (found,) = database.execute("PRAGMA quick_check(1)").fetchone()
            if found != "ok":
                raise sqlite3.DatabaseError(found)
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            before = _counters(database)
            left = database.execute(_WITHOUT_VERSION).fetchall()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        say(f"{old}: cannot be read ({one_line(error)}), counters not checked")
        return
    differences = list(_differences(before, _counters(rebuilt)))
    say("counters checked: " + ("; ".join(differences) or "those of the old ledger agree"))
    if left:
        found = ", ".join(f"{number} {state}" for state, number in left)
        say(f"left to the next run to find again: {found}")


def _counters(database: sqlite3.Connection) -> Counters:
    return {tuple(names): number for *names, number in database.execute(_COUNTERS)}


def _differences(before: Counters, now: Counters) -> Iterator[str]:
    for names in sorted(before.keys() | now.keys(), key=str):  # what is damaged may be of any kind
        old, new = before.get(names, 0), now.get(names, 0)
        if old != new:
            yield f"{' '.join(map(str, filter(None, names)))}: {old} before, {new} now"

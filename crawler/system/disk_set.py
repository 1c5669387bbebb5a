"""A set of strings with constant memory use, for millions of members."""

import sqlite3
from collections.abc import Iterator, MutableSet

_CACHE = 16_000  # KB in memory; the rest is on disk, in TMPDIR


class DiskSet(MutableSet[str]):
    """A set in a temporary file, which is deleted with it. Iteration is in sorted order."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)  # "": a temporary file
        self._database.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA cache_size = -{_CACHE}; "
            "CREATE TABLE member (name TEXT PRIMARY KEY) WITHOUT ROWID; BEGIN"
        )

    def __contains__(self, name: object) -> bool:
        found = self._database.execute("SELECT 1 FROM member WHERE name = ?", (name,))
        return found.fetchone() is not None

    def __iter__(self) -> Iterator[str]:
        return (name for (name,) in self._database.execute("SELECT name FROM member ORDER BY name"))

    def __len__(self) -> int:
        (number,) = self._database.execute("SELECT count(*) FROM member").fetchone()
        return int(number)

    def add(self, value: str) -> None:
        """Add a string, if it is not a member yet."""
        self._database.execute("INSERT OR IGNORE INTO member VALUES (?)", (value,))

    def discard(self, value: str) -> None:
        """Remove a string, if it is a member."""
        self._database.execute("DELETE FROM member WHERE name = ?", (value,))

"""A set of texts that takes as much memory with ten million of them as with a thousand."""

import sqlite3
from collections.abc import Iterator, MutableSet

_CACHE = 16_000  # KB in memory; the rest is on the disk, in TMPDIR


class DiskSet(MutableSet[str]):
    """Keeps texts in a temporary file that is gone with the set. They come out in their order."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)  # "": a file without a name
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
        """Add a text, unless it is there."""
        self._database.execute("INSERT OR IGNORE INTO member VALUES (?)", (value,))

    def discard(self, value: str) -> None:
        """Remove a text, if it is there."""
        self._database.execute("DELETE FROM member WHERE name = ?", (value,))

"""The outbox: announcements to send, and the position up to which each archive was read.

Both are written in one transaction, and an announcement is removed only after it was sent. So each
is sent at least once, even if the process dies; if it is sent twice, both have the same key. A
power failure may undo the last transactions; they are then repeated in order. The outbox names
versions and contains no article text. It is a separate file because a run locks the ledger.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from uuid import NAMESPACE_URL, uuid5

import msgspec

from crawler.errors import StorageError
from crawler.model.article import Article
from crawler.store.changes import Position

_TABLES = """
BEGIN;
CREATE TABLE IF NOT EXISTS position (agency TEXT PRIMARY KEY, place TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS announcement (
    number INTEGER PRIMARY KEY,
    search TEXT NOT NULL,
    channel TEXT NOT NULL,             -- webhook mail service print
    article TEXT NOT NULL,
    version INTEGER NOT NULL,
    key TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,   -- that failed
    due REAL NOT NULL DEFAULT 0,       -- Unix time of the next one
    UNIQUE (key, channel)
);
COMMIT;
"""
_FIRST, _LONGEST = 60, 3_600  # seconds between two attempts


@dataclass(frozen=True, slots=True)
class Announcement:
    """A version that matched a search, to be sent over one channel.

    ``key``: identifier for the receiver. ``attempts``: failed ones.
    """

    number: int
    search: str
    channel: str
    article: str
    version: int
    key: str
    attempts: int


class Outbox:
    """Opens or creates the file; every method commits. Raises ``StorageError``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._explained():
            self.database = sqlite3.connect(path, isolation_level=None)
            self.database.execute("PRAGMA journal_mode = WAL")
            self.database.execute("PRAGMA synchronous = NORMAL")  # no fsync per commit
            self.database.executescript(_TABLES)

    def position(self, agency: str) -> Position | None:
        """Return the position up to which an archive was read; None if it never was."""
        with self._explained():
            query = "SELECT place FROM position WHERE agency = ?"
            found = self.database.execute(query, (agency,)).fetchone()
            return msgspec.json.decode(found[0], type=Position) if found else None

    def take(
        self, agency: str, position: Position, found: Iterable[tuple[str, str, Article]]
    ) -> None:
        """Store announcements together with the new position in their archive.

        ``found``: names of search and channel, and the version.
        """
        place = msgspec.json.encode(position).decode()
        with self._explained(), self._transaction():
            self.database.executemany(
                "INSERT OR IGNORE INTO announcement (search, channel, article, version, key) "
                "VALUES (?, ?, ?, ?, ?)",
                (
                    (search, channel, row.id, row.version, key_of(search, row))
                    for search, channel, row in found
                ),
            )
            self.database.execute("INSERT OR REPLACE INTO position VALUES (?, ?)", (agency, place))

    def due(self, moment: float) -> list[Announcement]:
        """Return the announcements that may be sent now, those with fewest failures first."""
        query = (
            "SELECT number, search, channel, article, version, key, attempts FROM announcement "
            "WHERE due <= ? ORDER BY attempts, number"
        )
        with self._explained():
            return [Announcement(*row) for row in self.database.execute(query, (moment,))]

    def remove(self, announcement: Announcement) -> None:
        """Delete an announcement: it was sent, or its article was withdrawn."""
        with self._explained():
            query = "DELETE FROM announcement WHERE number = ?"
            self.database.execute(query, (announcement.number,))

    def postpone(self, announcement: Announcement, moment: float, asked: float = 0) -> None:
        """Delay the next attempt, twice as long each time; ``asked``: at least so many seconds."""
        pause = max(asked, min(_FIRST * 2.0**announcement.attempts, _LONGEST))
        with self._explained():
            self.database.execute(
                "UPDATE announcement SET attempts = attempts + 1, due = ? WHERE number = ?",
                (moment + pause, announcement.number),
            )

    def keep_only(self, wanted: Iterable[tuple[str, str]]) -> int:
        """Delete the announcements of all other searches and channels; return their number."""
        known = set(wanted)
        with self._explained(), self._transaction():
            query = "SELECT DISTINCT search, channel FROM announcement"
            others = [pair for pair in self.database.execute(query).fetchall() if pair not in known]
            before = self.database.total_changes
            remove = "DELETE FROM announcement WHERE search = ? AND channel = ?"
            self.database.executemany(remove, others)
            return self.database.total_changes - before

    def waiting(self) -> int:
        """Return the number of announcements that are not sent yet."""
        with self._explained():
            query = "SELECT count(*) FROM announcement"
            return int(self.database.execute(query).fetchone()[0])

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.database.execute("ROLLBACK")
            raise
        self.database.execute("COMMIT")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, msgspec.DecodeError) as error:
            raise StorageError(
                f"{self.path}: cannot be used ({error}); free disk space, or, if it is damaged, "
                "remove it: then only later changes are announced"
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()


def key_of(search: str, row: Article) -> str:
    """Return an identifier derived from search and version; the same whenever it is made."""
    parts = ("announcement", search, row.id, str(row.version), row.content_hash)
    return str(uuid5(NAMESPACE_URL, "\n".join(parts)))

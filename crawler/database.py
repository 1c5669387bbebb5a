"""Connections to SQLite: one whose first failure is its last, and one that only reads."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Open a file that somebody else may be writing; raise ``sqlite3.Error`` if that cannot be."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


class Database(sqlite3.Connection):
    """Writes nothing more once a statement has failed; reading goes on.

    SQLite ends a transaction itself when the disk is full, and commits at once what comes after:
    versions would stand in the ledger whose lines are not in the journal.
    """

    failure: sqlite3.Error | None = None

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """Execute a statement."""
        return self._guarded(super().execute, sql, parameters)

    def executemany(self, sql: str, parameters: Any, /) -> sqlite3.Cursor:
        """Execute a statement with each of several sets of parameters."""
        return self._guarded(super().executemany, sql, parameters)

    def scrub(self) -> bool:
        """Leave nothing of what was deleted in free pages or in the log; commits.

        Return whether that could be done: somebody who reads keeps the log from being emptied.
        """
        self.execute("COMMIT")
        self.execute("VACUUM")
        (held_up, _, _) = self.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        self.execute("BEGIN IMMEDIATE")
        return not held_up

    def _guarded(
        self, execute: Callable[[str, Any], sqlite3.Cursor], sql: str, parameters: Any
    ) -> sqlite3.Cursor:
        if self.failure and not sql.startswith("SELECT"):
            raise type(self.failure)(*self.failure.args) from self.failure
        try:
            return execute(sql, parameters)
        except sqlite3.IntegrityError:  # nothing was written, and nothing is lost
            raise
        except sqlite3.Error as failure:
            self.failure = failure
            raise

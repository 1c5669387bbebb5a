"""Connections to the ledger's file that report damage in one line and stop writing after it."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any, Self

from crawler.errors import StorageError
from crawler.store.migrations import MIGRATIONS, SCHEMA_VERSION
from crawler.system.clock import steady

CHECK_SECONDS = 2.0  # spent at a start on looking for damage; enough for 400,000 articles
_STEPS = 1000  # SQLite instructions between two looks at the clock
_LONGEST = 200  # characters of SQLite's message, which may quote any damaged value

# Failures of disk, permissions or another process. They do not mean damage.
_OTHERS = (
    sqlite3.SQLITE_ABORT,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
)

# What a program raises when a value has another type than expected.
FOLLOWING = (TypeError, ValueError, LookupError, AssertionError)


def damaged(path: Path, what: object) -> StorageError:
    """Return the message for a ledger that contains something it cannot have been given."""
    return StorageError(
        f"{path}: damaged ({one_line(what)}); restore it and the journal from the same backup, or "
        f"make it again by: scrapy rebuild {path.parent.name}"
    )


def one_line(what: object) -> str:
    """Return SQLite's message as one printable line, whatever it quotes."""
    shown = "".join(each if each.isprintable() else " " for each in str(what)[:_LONGEST])
    return " ".join(shown.split())


def of_another_release(path: Path, found: int) -> StorageError:
    """Return the message for a ledger of a version that this release does not know."""
    return StorageError(
        f"{path}: of ledger version {found}, and this release knows {SCHEMA_VERSION}; update the "
        "project, or, if no newer release made it, make it again by: scrapy rebuild "
        f"{path.parent.name}"
    )


def named(path: Path, error: sqlite3.Error | UnicodeDecodeError) -> Exception:
    """Return an SQLite error as damage of the ledger, if it is that, or as it is."""
    if isinstance(error, sqlite3.ProgrammingError):  # such as the use of a closed ledger
        return error
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    return error if code in _OTHERS else damaged(path, error)


class _Cursor(sqlite3.Cursor):
    """Reports damage that only shows while rows are read."""

    connection: "Reading"

    def __next__(self) -> Any:
        try:
            return super().__next__()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise self.connection.failed(error) from error

    def fetchone(self) -> Any:
        return next(self, None)

    def fetchall(self) -> list[Any]:
        return list(self)


_Execute = Callable[[_Cursor, str, Any], sqlite3.Cursor]


class Reading(sqlite3.Connection):
    """A ledger's file. Damage that a statement meets raises ``StorageError`` with the remedy."""

    path: Path

    @classmethod
    def of(cls, path: Path, address: str | None = None) -> Self:
        """Open a file by SQLite's ``address`` of it. Raises ``sqlite3.Error``."""
        place = address or str(path)
        database = sqlite3.connect(place, isolation_level=None, factory=cls, uri=bool(address))
        database.path = path
        return database

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """Execute a statement."""
        return self._guarded(_Cursor.execute, sql, parameters)

    def executemany(self, sql: str, parameters: Any, /) -> sqlite3.Cursor:
        """Execute a statement with each of several sets of parameters."""
        return self._guarded(_Cursor.executemany, sql, parameters)

    def _guarded(self, execute: _Execute, sql: str, parameters: Any) -> sqlite3.Cursor:
        cursor = self.cursor(_Cursor)
        try:
            return execute(cursor, sql, parameters)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            cursor.close()  # otherwise, whoever keeps the error would keep the ledger locked
            if isinstance(error, sqlite3.IntegrityError):  # nothing was written or lost
                raise
            raise self.failed(error) from error

    def failed(self, error: sqlite3.Error | UnicodeDecodeError) -> Exception:
        """Return the exception to raise for an SQLite error."""
        return named(self.path, error)

    def check(self) -> None:
        """Look for damaged pages and keys, for at most ``CHECK_SECONDS``.

        Raises ``StorageError`` if there are any. The values themselves are not checked.
        """
        end = steady() + CHECK_SECONDS
        self.set_progress_handler(lambda: steady() > end, _STEPS)
        if (found := self._ask("PRAGMA quick_check(1)")) not in ("", "ok"):
            raise damaged(self.path, found)

    def check_schema(self) -> None:
        """Raise ``StorageError`` if the tables differ from those that the migrations create."""
        schema, _ = _as_made()
        if missing := schema - set(self.execute(_SCHEMA)):
            raise damaged(self.path, f"not as made: {' '.join(sorted(missing)[0][:2])}")

    def blame(self) -> None:
        """Raise ``StorageError`` if there is any damage that could make a program fail.

        Takes long: it checks pages, keys, every index, and the type of every value.
        """
        if (found := self._ask("PRAGMA integrity_check(1)")) != "ok":
            raise damaged(self.path, found)
        _, queries = _as_made()
        for table in filter(None, map(self._ask, queries)):
            raise damaged(self.path, f"a value of another kind in {table}")

    def explain(self, error: BaseException | None) -> None:
        """Raise ``StorageError`` if damage of the ledger can be the reason for a program's error.

        Otherwise it is an internal error, and reported as one.
        """
        if isinstance(error, FOLLOWING):
            self.blame()

    def _ask(self, query: str) -> str:
        """Return the first result of a query. None if there is none, or if it takes too long."""
        try:
            return str(next(sqlite3.Connection.execute(self, query), [""])[0])
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT:
                return ""  # as far as the query came
            raise named(self.path, error) from error
        except UnicodeDecodeError as error:
            raise named(self.path, error) from error
        finally:
            self.set_progress_handler(None, 0)


class Database(Reading):
    """Writes nothing more once a statement has failed. Reading still works.

    When the disk is full, SQLite ends the transaction itself and would commit the next statements
    at once. Then the ledger would have versions that the journal does not.
    """

    failure: Exception | None = None

    def scrub(self) -> bool:
        """Overwrite deleted content in free pages and in the log. Commits.

        Return whether this was possible: a reader can prevent the log from being emptied.
        """
        self.execute("COMMIT")
        self.execute("VACUUM")
        (held_up, _, _) = self.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        self.execute("BEGIN IMMEDIATE")
        return not held_up

    def _guarded(self, execute: _Execute, sql: str, parameters: Any) -> sqlite3.Cursor:
        if self.failure and not sql.startswith("SELECT"):
            raise type(self.failure)(*self.failure.args) from self.failure
        return super()._guarded(execute, sql, parameters)

    def failed(self, error: sqlite3.Error | UnicodeDecodeError) -> Exception:
        """Return the exception for an SQLite error, and raise it for every later write."""
        self.failure = super().failed(error)
        return self.failure


_SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"

_COLUMNS = """
SELECT sqlite_master.name, column.name, column.type FROM sqlite_master
JOIN pragma_table_info(sqlite_master.name) AS column WHERE sqlite_master.type = 'table'
"""
_KINDS = {"INTEGER": "'integer'", "REAL": "'real', 'integer'", "TEXT": "'text'"}


@cache
def _as_made() -> tuple[frozenset[tuple[Any, ...]], Sequence[str]]:
    """Return tables, indexes and triggers of the migrations, and queries for wrong values."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript("".join(MIGRATIONS))
        schema = frozenset(database.execute(_SCHEMA))
        conditions: dict[str, list[str]] = {}
        for table, column, kind in database.execute(_COLUMNS):
            condition = f"typeof({column}) NOT IN ('null', {_KINDS[kind]})"
            conditions.setdefault(table, []).append(condition)
    return schema, [
        f"SELECT '{table}' FROM {table} WHERE {' OR '.join(wrong)} LIMIT 1"
        for table, wrong in conditions.items()
    ]


def first_value(database: sqlite3.Connection, query: str, values: Sequence[object] = ()) -> Any:
    """Return the first value that a query finds. None if it finds none."""
    row = database.execute(query, values).fetchone()
    return row[0] if row else None


def note(database: sqlite3.Connection, key: str, value: str) -> None:
    """Note something about a ledger as a whole."""
    database.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def noted(database: sqlite3.Connection, key: str) -> str | None:
    """Return what was noted under a key. None if nothing was."""
    told: str | None = first_value(database, "SELECT value FROM meta WHERE key = ?", (key,))
    return told

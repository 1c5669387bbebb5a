"""Connections to a ledger's file: one says its damage in a line, one writes no more after that."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any, Self

from crawler.errors import StorageError
from crawler.store.migrations import MIGRATIONS, SCHEMA_VERSION
from crawler.system.clock import steady

CHECK_SECONDS = 2.0  # that a start may spend on looking for damage; 400,000 articles take as long
_STEPS = 1000  # of SQLite between two looks at the clock
_LONGEST = 200  # characters of what SQLite says: it quotes what it finds, which may be anything

# Failures of disk, rights or another process: they say nothing of what stands in the file.
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

# What a program fails with that meets a value of another kind.
FOLLOWING = (TypeError, ValueError, LookupError, AssertionError)


def damaged(path: Path, what: object) -> StorageError:
    """Return what to say of a ledger in which something stands that nobody wrote."""
    return StorageError(
        f"{path}: damaged ({one_line(what)}); restore it and the journal from the same backup, or "
        f"make it again by: scrapy rebuild {path.parent.name}"
    )


def one_line(what: object) -> str:
    """Return what SQLite says in a line that a terminal shows, whatever it quotes."""
    shown = "".join(each if each.isprintable() else " " for each in str(what)[:_LONGEST])
    return " ".join(shown.split())


def of_another_release(path: Path, found: int) -> StorageError:
    """Return what to say of a ledger whose version this release does not know."""
    return StorageError(
        f"{path}: of ledger version {found}, and this release knows {SCHEMA_VERSION}; update the "
        "project, or, if no newer release made it, make it again by: scrapy rebuild "
        f"{path.parent.name}"
    )


def named(path: Path, error: sqlite3.Error | UnicodeDecodeError) -> Exception:
    """Return the error as damage of the ledger, if it is that, or as it is."""
    if isinstance(error, sqlite3.ProgrammingError):  # such as the use of a closed ledger
        return error
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    return error if code in _OTHERS else damaged(path, error)


class _Cursor(sqlite3.Cursor):
    """Says damage that only comes to light while rows are taken."""

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
    """A ledger's file; damage that a statement meets is a ``StorageError``, with the way out."""

    path: Path

    @classmethod
    def of(cls, path: Path, address: str | None = None) -> Self:
        """Open a file, as SQLite's ``address`` of it says; raise ``sqlite3.Error``."""
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
            cursor.close()  # whoever keeps the error would keep the ledger locked
            if isinstance(error, sqlite3.IntegrityError):  # nothing was written, or is lost
                raise
            raise self.failed(error) from error

    def failed(self, error: sqlite3.Error | UnicodeDecodeError) -> Exception:
        """Return what to raise for an error of SQLite."""
        return named(self.path, error)

    def check(self) -> None:
        """Look for damaged pages and keys for at most ``CHECK_SECONDS``.

        Raises ``StorageError`` if there are any; what the values say is not looked at.
        """
        end = steady() + CHECK_SECONDS
        self.set_progress_handler(lambda: steady() > end, _STEPS)
        if (found := self._ask("PRAGMA quick_check(1)")) not in ("", "ok"):
            raise damaged(self.path, found)

    def check_schema(self) -> None:
        """Raise ``StorageError`` if the tables are not those that the steps to them make."""
        schema, _ = _as_made()
        if missing := schema - set(self.execute(_SCHEMA)):
            raise damaged(self.path, f"not as made: {' '.join(sorted(missing)[0][:2])}")

    def blame(self) -> None:
        """Raise ``StorageError`` if anything is damaged that could make a program fail.

        Takes long: pages, keys, every index, and the kind of every value are looked at.
        """
        if (found := self._ask("PRAGMA integrity_check(1)")) != "ok":
            raise damaged(self.path, found)
        _, queries = _as_made()
        for table in filter(None, map(self._ask, queries)):
            raise damaged(self.path, f"a value of another kind in {table}")

    def explain(self, error: BaseException | None) -> None:
        """Raise ``StorageError`` if damage of the ledger can be why a program failed so.

        Else it is an internal error, and reported as that.
        """
        if isinstance(error, FOLLOWING):
            self.blame()

    def _ask(self, query: str) -> str:
        """Return the first thing that a query finds, if that does not take too long."""
        try:
            return str(next(sqlite3.Connection.execute(self, query), [""])[0])
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT:
                return ""  # as far as it came
            raise named(self.path, error) from error
        except UnicodeDecodeError as error:
            raise named(self.path, error) from error
        finally:
            self.set_progress_handler(None, 0)


class Database(Reading):
    """Writes nothing more once a statement has failed; reading goes on.

    SQLite ends a transaction itself when the disk is full, and commits at once what comes after:
    versions would stand in the ledger whose lines are not in the journal.
    """

    failure: Exception | None = None

    def scrub(self) -> bool:
        """Leave nothing of what was deleted in free pages or in the log; commits.

        Return whether that could be done: somebody who reads keeps the log from being emptied.
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
        """Return what to raise for an error of SQLite, and for all that would be written then."""
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
    """Return tables, indexes and triggers as the steps make them, and queries for other values."""
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

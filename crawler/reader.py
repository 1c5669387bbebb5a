"""Read an archive without its lock, as far as it is committed, also while a run writes to it."""

import sqlite3
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from crawler.database import Reading, of_another_release
from crawler.errors import ArchiveError, StorageError, UsageError
from crawler.journal import Journal
from crawler.migrations import SCHEMA_VERSION

# SQLite reads a ledger in WAL mode through a file beside it, which somebody has to make.
_NOT_ALLOWED = (sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)


class Reader:
    """Opens an agency's data folder for reading, and shows one moment of it.

    Raises ``UsageError`` if there is no archive that this user can read; ``StorageError`` if it is
    damaged or of another release, also when only the code in the ``with`` block finds the damage.
    The quick look for damage is left out of what is ``checked`` already.
    """

    def __init__(self, folder: Path, *, checked: bool = False) -> None:
        self.folder = folder
        self.journal = Journal(folder / "journal")
        path = folder / "ledger.sqlite"
        _check_present(path)
        self.database = Reading.of(path, f"{path.resolve().as_uri()}?mode=ro")
        try:
            # One view of the ledger, whatever a run commits meanwhile.
            self.database.execute("BEGIN")
            self._check(path, checked=checked)
        except sqlite3.Error as error:
            self.database.close()
            raise _explained(path, error) from error
        except StorageError:
            self.database.close()
            raise

    def _check(self, path: Path, *, checked: bool) -> None:
        if not checked:
            self.database.check()
        (found,) = self.database.execute("PRAGMA user_version").fetchone()
        _check_version(path, found)
        if not checked:
            self.database.check_schema()

    def versions(self, article_id: str) -> list[dict[str, Any]]:
        """Return the rows of an article in order of recording; none if it is not known."""
        places = self.database.execute(
            "SELECT number, file, offset, length FROM version WHERE article_id = ? ORDER BY number",
            (article_id,),
        )
        return [self.journal.version(article_id, *place) for place in places]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with closing(self.database) as database:
            database.explain(error)
        if isinstance(error, sqlite3.Error):
            raise _explained(self.folder / "ledger.sqlite", error) from error


def _check_present(path: Path) -> None:
    try:
        present = path.exists()
    except PermissionError:
        raise _not_allowed(path, "no permission") from None
    if not present:
        raise UsageError(
            f"{path}: there is no archive; crawl first, or name its place with -s DATA_DIR=PATH"
        )


def _check_version(path: Path, found: int) -> None:
    if found > SCHEMA_VERSION:
        raise of_another_release(path, found)
    if found < SCHEMA_VERSION:
        raise StorageError(
            f"{path}: made by an earlier release; the next run of scrapy crawl "
            f"{path.parent.name} brings it up to date"
        )


def _not_allowed(path: Path, why: str) -> UsageError:
    return UsageError(f"{path}: cannot be read ({why}); ask as the user who crawls")


def _explained(path: Path, error: sqlite3.Error) -> ArchiveError:
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in _NOT_ALLOWED:
        return _not_allowed(path, str(error))
    return StorageError(
        f"{path}: cannot be read ({error}); restore it and the journal from the same backup, or "
        f"make it anew by: scrapy rebuild {path.parent.name}"
    )

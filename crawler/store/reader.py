"""A consistent view of an agency's archive, for commands and notebooks. It writes nothing."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import msgspec

from crawler.errors import ArchiveError, EarlierLedger, NoArchive, StorageError, UsageError
from crawler.model.article import Article
from crawler.model.versions import farewell
from crawler.store.database import Reading, damaged, of_another_release
from crawler.store.journal import Journal
from crawler.store.migrations import SCHEMA_VERSION
from crawler.store.newest_versions import Place, lines_at, newest_places, rows_at
from crawler.store.selection import Selection, check_editions, check_ids, choose
from crawler.system.offloaded import sizes_of
from crawler.warc.index import CaptureIndex
from crawler.warc.writer import Captures

if TYPE_CHECKING:
    from crawler.extract.document import Document
    from crawler.warc.record import Record

# To read a ledger in WAL mode, SQLite needs a file beside it, which a reader may have to create.
_NOT_ALLOWED = (sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)

Day = str | date | None


@dataclass(frozen=True, slots=True)
class History:
    """All recorded versions of one article. ``versions`` has the oldest first."""

    id: str
    versions: list[Article]


class ArchiveReader:
    """Opens an agency's data folder for reading, and shows it as it was at that moment.

    Raises ``UsageError`` if there is no archive that this user can read, and ``StorageError`` if it
    is damaged or of another release, even if the code in the ``with`` block is the first to meet
    the damage. ``checked``: skip the quick check for damage.
    """

    def __init__(self, folder: Path, *, checked: bool = False) -> None:
        self.folder = folder
        self.journal = Journal(folder / "journal")
        path = folder / "ledger.sqlite"
        _check_present(path)
        self.database = Reading.of(path, _address(path))
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

    def articles(
        self, *, editions: Iterable[str] = (), since: Day = None, until: Day = None
    ) -> Iterator[Article]:
        """Yield the newest version of each article, by year and id, undated ones first.

        ``since`` and ``until``: first and last day of publication. With either, undated articles
        are left out. Raises ``UsageError`` for an edition that the archive does not have.
        """
        return self.chosen(choose(since, until, editions))

    def chosen(self, selection: Selection) -> Iterator[Article]:
        """Yield the same of a selection. Raises ``UsageError`` for an unknown edition or id."""
        return rows_at(self._places(selection), self.journal.folder)

    def lines(self, selection: Selection) -> Iterator[bytes]:
        """Yield the journal's lines of the same articles."""
        return lines_at(self._places(selection), self.journal.folder)

    def _places(self, selection: Selection) -> Iterator[Place]:
        check_editions(self.database, selection)
        check_ids(self.database, selection)
        conditions = selection.published | selection.of_editions | selection.of_ids
        places = newest_places(self.database, conditions, order="article.id")
        return islice(places, selection.limit)

    def __iter__(self) -> Iterator[Article]:
        return self.articles()

    def __contains__(self, article_id: object) -> bool:
        return bool(self.versions(str(article_id)))

    def __getitem__(self, article_id: str) -> History:
        rows = self.versions(article_id)
        if not rows:
            raise UsageError(f"{article_id}: no version of it is recorded in {self.folder}")
        return History(article_id, msgspec.convert(rows, list[Article]))

    def capture(self, article: Article) -> Document:
        """Return the archived response that a version was read from. It may still be compressed."""
        from crawler.extract.agencies import charset_of
        from crawler.extract.document import Document

        record = self.record(article)
        status, headers, body = record.answer
        url = record.fields.get("warc-target-uri", article.url)
        return Document(url, status, headers, body, charset_of(article.agency))

    def record(self, article: Article) -> Record:
        """Return the WARC record of that response. Raises ``UsageError`` if there is none."""
        if article.change == "withdrawn":
            raise UsageError(farewell(msgspec.to_builtins(article)))
        if article.capture is None:
            raise UsageError(
                f"{article.id} version {article.version} ({article.change}) has no capture: it was "
                "not read from a response, or captures were switched off"
            )
        return Captures(self.folder / "warc", CaptureIndex(self.database)).read(article.capture)

    def picture(self, address: str, moment: str) -> tuple[str, bytes] | None:
        """Return the type and content of an archived picture; None if the archive does not have it.

        Our runs archive no pictures, but WARC files of other tools may have them. Of several, the
        one that is closest to ``moment`` counts. Raises ``StorageError`` and ``BadBody``.
        """
        from crawler.extract.decode import undo_coding

        index = CaptureIndex(self.database)
        found = index.picture(address, moment)
        if found is None:
            return None
        _, headers, body = Captures(self.folder / "warc", index).read(found.place).answer
        return found.mime, undo_coding(body, headers.get("content-encoding", ""))

    def to_arrow(
        self, *, editions: Iterable[str] = (), since: Day = None, until: Day = None
    ) -> Any:
        """Return the result of ``articles`` as a ``pyarrow`` table. Times are text."""
        from crawler.model.arrow import arrow_fields, has_arrow, record_batches

        if not has_arrow():
            raise UsageError("to_arrow needs pyarrow; install it by: pip install pyarrow")
        import pyarrow

        rows = map(msgspec.to_builtins, self.articles(editions=editions, since=since, until=until))
        schema = pyarrow.schema(arrow_fields())
        return pyarrow.Table.from_batches(record_batches(rows, schema), schema)

    def versions(self, article_id: str) -> list[dict[str, Any]]:
        """Return the rows of an article in order of recording. Empty if it is not known."""
        places = self.database.execute(
            "SELECT number, file, offset, length FROM version WHERE article_id = ? ORDER BY number",
            (article_id,),
        )
        return [self.journal.version(article_id, *place) for place in places]

    def last_seen(self, article_id: str) -> str | None:
        """Return the last visit to the site that found an article; None if there was none."""
        query = "SELECT fetched_at FROM article WHERE id = ?"
        found = self.database.execute(query, (article_id,)).fetchone()
        return found[0] if found else None

    def close(self) -> None:
        """Close the ledger."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        with closing(self.database) as database:
            database.explain(error)
        if isinstance(error, sqlite3.Error):
            raise _explained(self.folder / "ledger.sqlite", error) from error


def open_archive(folder: str | Path) -> ArchiveReader:
    """Open the archive in a folder. This is ``crawler.open``."""
    path = Path(folder).expanduser()
    if not path.is_dir():
        raise UsageError(f"{path}: there is no such folder; name that of an archive: data/AGENCY")
    if not (path / "ledger.sqlite").exists():
        inside = sorted(file.parent.as_posix() for file in path.glob("*/ledger.sqlite"))
        hint = f"there are: {', '.join(inside)}" if inside else "crawl first"
        raise UsageError(f"{path}: there is no archive in this folder; {hint}")
    return ArchiveReader(path)


def _address(path: Path) -> str:
    """Return a ledger's address for SQLite.

    To read it, SQLite makes a file beside it. Where it may not, a ledger that no run has open is
    read as it stands.
    """
    is_allowed = os.access(
        path.parent, os.W_OK, effective_ids=os.access in os.supports_effective_ids
    )
    is_open = path.with_name(f"{path.name}-wal").exists()
    return f"{path.resolve().as_uri()}?mode=ro{'' if is_allowed or is_open else '&immutable=1'}"


def is_archive(folder: Path) -> bool:
    """Return whether a folder has an archive, even one that cannot be read."""
    try:
        _check_present(folder / "ledger.sqlite")
    except NoArchive:
        return False
    except ArchiveError:
        pass
    return True


def _check_present(path: Path) -> None:
    try:
        if path.exists():
            return
        left = [name for name in ("journal", "warc") if sizes_of(path.parent / name, "*")]
    except PermissionError:
        raise _not_allowed(path, "no permission") from None
    if left:
        raise damaged(path, f"it is missing beside {left[0]}/")
    raise NoArchive(
        f"{path}: there is no archive; crawl first, or set its folder with -s DATA_DIR=PATH"
    )


def _check_version(path: Path, found: int) -> None:
    if found > SCHEMA_VERSION:
        raise of_another_release(path, found)
    if found < SCHEMA_VERSION:
        raise EarlierLedger(
            f"{path}: made by an earlier release; the next run of scrapy crawl "
            f"{path.parent.name} brings it up to date"
        )


def _not_allowed(path: Path, why: str) -> UsageError:
    return UsageError(f"{path}: cannot be read ({why}); run this as the user who crawls")


def _explained(path: Path, error: sqlite3.Error) -> ArchiveError:
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in _NOT_ALLOWED:
        return _not_allowed(path, str(error))
    return StorageError(
        f"{path}: cannot be read ({error}); restore it and the journal from the same backup, or "
        f"make it again by: scrapy rebuild {path.parent.name}"
    )

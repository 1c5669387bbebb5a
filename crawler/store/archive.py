"""The data folder of one agency: opened, locked and committed together, or only read.

    data/<agency>/ledger.sqlite      what is known
    data/<agency>/ledger.id          which ledger wrote the journal, and in which run
    data/<agency>/journal/*.jsonl    what was recorded
    data/<agency>/warc/*.warc.gz     what it was read from
    data/<agency>/lock               held while a run works

Order of a commit: captures and journal are written and synced, then the ledger covers them.
Whenever the process dies, what the ledger does not cover is cut off at the next start and fetched
again.
"""

import errno
import fcntl
import os
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import IO, Any, Self

from crawler.errors import DamagedVersion, Locked, StorageError, UsageError
from crawler.model.article import Article
from crawler.model.versions import Known
from crawler.store.database import FOLLOWING, damaged
from crawler.store.journal import GROUP, GROUP_BYTES, Journal, read_row
from crawler.store.ledger import Ledger
from crawler.system.clock import FIRST_PAGE, now, rfc3339
from crawler.system.files import replace_file
from crawler.warc.writer import Captures

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

# SQLite reads a ledger in WAL mode through a file beside it, which somebody has to make.
_NOT_ALLOWED = (sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)


class Archive:
    """Opens an agency's data folder for writing; raises ``ArchiveError`` if it cannot."""

    def __init__(self, folder: Path) -> None:
        _check_clock()
        self.folder = folder
        self._waiting = 0
        self._uncounted: set[str] = set()  # articles recorded, whose outcome is not noted yet
        self.report: Callable[[], bytes] | None = None  # of the run so far, kept by each commit
        self._failure: StorageError | None = None
        self.damages: dict[tuple[str, int], DamagedVersion] = {}  # that were met, by version
        self.run = ""  # id of the run that records
        with ExitStack() as opened:
            self._make_folder(opened)
            self.journal = Journal(folder / "journal")
            self._check_complete()
            self.ledger = opened.enter_context(closing(Ledger(folder / "ledger.sqlite")))
            self.captures = Captures(folder / "warc", self.ledger.captures)
            try:
                self._reconcile()
            except (OSError, sqlite3.Error) as error:
                raise self.unwritable(error) from error
            except (TypeError, ValueError) as error:
                self.ledger.database.explain(error)
                raise
            self._opened = opened.pop_all()

    def _make_folder(self, opened: ExitStack) -> None:
        try:
            for name in ("journal", "warc"):
                (self.folder / name).mkdir(parents=True, exist_ok=True)
            opened.enter_context(lock_folder(self.folder / "lock"))
        except OSError as error:
            if error.errno in FULL:
                raise self.unwritable(error) from error
            raise UsageError(
                f"{self.folder}: cannot be written ({error.strerror}); choose another folder with "
                "-s DATA_DIR=PATH or change its permissions"
            ) from error

    def _check_complete(self) -> None:
        """Refuse what was recorded without the ledger and the sidecar that belong to it."""
        files = [self.folder / "ledger.sqlite", self.folder / "ledger.id"]
        for kept in (self.journal.folder, self.folder / "warc"):
            missing = [file for file in files if any(kept.iterdir()) and not file.exists()]
            if missing:
                raise StorageError(f"{missing[0]} is missing beside {kept}; {self._remedy}")

    def _reconcile(self) -> None:
        """Cut the journal back to what the ledger covers, if this ledger wrote it last."""
        sidecar = self.folder / "ledger.id"
        name, generation = self.ledger.identity
        # A run that died between its first commit and the sidecar leaves that one behind.
        expected = {f"{name} {generation}", f"{name} {generation - 1}"}
        if sidecar.exists() and sidecar.read_text().strip() not in expected:
            raise StorageError(
                f"{self.ledger.path}: not the ledger that wrote the journal last; {self._remedy}"
            )
        committed, closed = self.ledger.committed_lengths(), self._has_ended()
        self.journal.check(committed, closed=closed)  # before a capture is cut off
        self.captures.files.settle(committed, closed=closed)
        self.journal.settle(committed, closed=closed)
        self._describe()
        replace_text(sidecar, f"{name} {generation}\n")  # it falls behind by one run, never by two
        self.ledger.next_generation()
        self.commit()
        replace_text(sidecar, f"{name} {generation + 1}\n")

    def _has_ended(self) -> bool:
        """Whether the last run came to its end, or a later one that this ledger knows nothing of.

        Then nothing was left beyond the last commit; the ledger may be from a backup.
        """
        *_, last = ["", *self.ledger.runs()]
        told = [path.stem for path in (self.folder / "runs").glob("*.json")]
        return self.ledger.is_closed or (bool(last) and max(told, default="") > last)

    def _describe(self) -> None:
        """Tell a ledger of an earlier release from the journal what it did not note then."""
        for file, offset, length in self.ledger.undescribed():
            try:
                self.ledger.describe(read_row(self.journal.read_bytes(file, offset, length)))
            except ValueError as error:
                raise StorageError(
                    f"{self.journal.folder / file}: no row at byte {offset} ({error}); restore "
                    f"the file, or leave the line out by: scrapy rebuild {self.folder.name} "
                    "--skip-damaged"
                ) from error

    @property
    def _remedy(self) -> str:
        return (
            "restore it and the journal from the same backup, or make a ledger from the journal "
            f"by: scrapy rebuild {self.folder.name}"
        )

    def begin_run(self, moment: datetime) -> str:
        """Return the id of a run that begins; one more in the same second gets a number."""
        stamp = moment.strftime("%Y%m%dT%H%M%SZ")
        taken = {path.stem for path in (self.folder / "runs").glob(f"{stamp}*.json")}
        taken |= {run for run in self.ledger.runs() if run.startswith(stamp)}
        self.run = f"{stamp}-{len(taken) + 1}" if taken else stamp
        return self.run

    def record(self, row: Article, *, visited: bool = True) -> None:
        """Record a version; it is durable after the next commit, together with its outcome."""
        place = self.journal.append(row, now())
        self.ledger.record(row, place, visited=visited)
        self._uncounted.add(row.id)

    def counted(self, article_id: str) -> None:
        """Take note that an article's outcome stands in the ledger; commit a full group."""
        self._uncounted.discard(article_id)
        self.captures.keep(article_id)
        self._waiting += 1
        waiting_bytes = self.journal.waiting_bytes + self.captures.files.waiting_bytes
        if self._waiting >= GROUP or waiting_bytes >= GROUP_BYTES:
            self.commit()

    @property
    def is_whole(self) -> bool:
        """Whether what is recorded is also counted; a group that ends here is complete."""
        return not self._uncounted

    def read(self, known: Known) -> Any:
        """Return a recorded version as plain JSON values; raises ``DamagedVersion``."""
        place = known.file, known.offset, known.length
        return self.version(known.article_id, known.number, *place)

    def version(self, article_id: str, number: int, file: str, offset: int, length: int) -> Any:
        """Return the version that stands at a place; if it is damaged, the run tells of it."""
        try:
            return self.journal.version(article_id, number, file, offset, length)
        except DamagedVersion as error:
            self.damages[article_id, number] = error
            raise

    def commit(self, *, last: bool = False) -> None:
        """Make everything since the last commit durable; raise ``StorageError`` if it fails.

        After a failure nothing more is written: half of it may stand in the file, and the next
        start cuts it off.
        """
        if self._failure:
            raise self._failure
        try:
            if self.report:
                self.ledger.keep_report(self.run, self.report())
            if last:
                self.captures.keep_all()
                self.ledger.mark_closed()
            # What a row was read from is there before the row is.
            self.ledger.commit(self.captures.files.write() | self.journal.write())
        except (OSError, sqlite3.Error) as error:
            self._failure = self.unwritable(error)
            raise self._failure from error
        self._waiting = 0

    def unwritable(self, error: Exception) -> StorageError:
        """Return what to say of a failed write."""
        if isinstance(error, sqlite3.IntegrityError):  # two of what there can be one of
            return damaged(self.ledger.path, error)
        return StorageError(
            f"{self.folder}: cannot be written ({error}). Free disk space or repair the disk, then "
            "run again. No committed data was lost."
        )

    def explained(self, error: Exception) -> Exception:
        """Return the damage of the ledger that made a program fail so, or the error as it is."""
        return (self._damage or error) if isinstance(error, FOLLOWING) else error

    @cached_property
    def _damage(self) -> StorageError | None:
        """The ledger's damage; to look for it takes long, and is done once."""
        try:
            self.ledger.database.blame()
        except StorageError as damage:
            return damage
        except sqlite3.Error:  # it is closed
            return None
        return None

    def close(self) -> None:
        """Commit and release the folder."""
        with self._opened:
            self.commit(last=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Close it; what fails because of a damaged ledger is told as that."""
        with closing(self):
            self.ledger.database.explain(error)


def _check_clock() -> None:
    """Refuse to date what is recorded by a clock that cannot be right."""
    if now() < FIRST_PAGE:
        raise UsageError(f"the clock of this machine says {rfc3339(now())}; set it, then run again")


def lock_folder(path: Path) -> IO[str]:
    """Take the folder's lock; it is the OS's, so a dead run never blocks the next."""
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read().strip() or "an unknown process"
        file.close()
        raise Locked(
            f"{path.parent}: another run holds it ({holder}); wait for it to end"
        ) from None
    try:
        file.truncate(0)
        os.write(file.fileno(), f"pid {os.getpid()}, since {rfc3339(now())}\n".encode())
    except OSError:
        file.close()
        raise
    return file


def replace_text(path: Path, text: str) -> None:
    """Write a small file so that a reader sees the old or the new text, never a part."""
    replace_file(path, [text.encode()])

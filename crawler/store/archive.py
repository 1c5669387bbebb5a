"""The data folder of one agency: opened, locked and committed as a whole, or only read.

    data/<agency>/ledger.sqlite      what is known
    data/<agency>/ledger.id          which ledger wrote the journal last, and in which run
    data/<agency>/journal/*.jsonl    the recorded rows
    data/<agency>/warc/*.warc.gz     the captures that the rows were read from
    data/<agency>/lock               held while a run works

A commit first writes and syncs captures and journal; then the ledger records how far they are
valid. Whenever the process dies, the next start cuts off what the ledger does not cover, and those
articles are fetched again.
"""

import errno
import fcntl
import os
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import UTC, datetime
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
from crawler.system.offloaded import sizes_of
from crawler.warc.writer import Captures

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Archive:
    """Opens an agency's data folder for writing. Raises ``ArchiveError`` if it cannot."""

    def __init__(self, folder: Path) -> None:
        _check_clock()
        self.folder = folder
        self._waiting = 0
        self._uncounted: set[str] = set()  # articles that are recorded but not counted yet
        self.report: Callable[[], bytes] | None = None  # of the run so far; saved by each commit
        self._failure: StorageError | None = None
        self.damages: dict[tuple[str, int], DamagedVersion] = {}  # found in this run, by version
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
        """Refuse a folder whose journal was written by another ledger, or has lost its ledger."""
        files = [self.folder / "ledger.sqlite", self.folder / "ledger.id"]
        for kept in (self.journal.folder, self.folder / "warc"):
            missing = [file for file in files if sizes_of(kept, "*") and not file.exists()]
            if missing:
                raise StorageError(f"{missing[0]} is missing beside {kept}; {self._remedy}")

    def _reconcile(self) -> None:
        """Cut the journal back to what the ledger covers, if this ledger wrote it last."""
        sidecar = self.folder / "ledger.id"
        name, generation = self.ledger.identity
        # A run that died between its first commit and this file leaves an older one.
        expected = {f"{name} {generation}", f"{name} {generation - 1}"}
        if sidecar.exists() and sidecar.read_text().strip() not in expected:
            raise StorageError(
                f"{self.ledger.path}: not the ledger that wrote the journal last; {self._remedy}"
            )
        committed, closed = self.ledger.committed_lengths(), self._has_ended()
        self.journal.check(committed, closed=closed)  # before captures are cut off
        self.captures.files.settle(committed, closed=closed)
        self.journal.settle(committed, closed=closed)
        self._describe()
        replace_text(sidecar, f"{name} {generation}\n")  # it can be one run behind, never two
        self.ledger.next_generation()
        self.commit()
        replace_text(sidecar, f"{name} {generation + 1}\n")

    def _has_ended(self) -> bool:
        """Whether the last run ended normally, or a later one exists that this ledger lacks.

        Then nothing was left beyond the last commit. The ledger may come from a backup.
        """
        *_, last = ["", *self.ledger.runs()]
        told = [path.stem for path in (self.folder / "runs").glob("*.json")]
        return self.ledger.is_closed or (bool(last) and max(told, default="") > last)

    def _describe(self) -> None:
        """Add to a ledger of an earlier release what it did not yet record of each version."""
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
        """Return the id of a new run. A second run in the same second gets a number."""
        stamp = moment.strftime("%Y%m%dT%H%M%SZ")
        taken = {path.stem for path in (self.folder / "runs").glob(f"{stamp}*.json")}
        taken |= {run for run in self.ledger.runs() if run.startswith(stamp)}
        self.run = f"{stamp}-{len(taken) + 1}" if taken else stamp
        return self.run

    def record(self, row: Article, *, visited: bool = True) -> None:
        """Record a version. The next commit makes it durable, together with its outcome."""
        place = self.journal.append(row, now())
        self.ledger.record(row, place, visited=visited)
        self._uncounted.add(row.id)

    def counted(self, article_id: str) -> None:
        """Record that an article's outcome is in the ledger. Commits if the group is full."""
        self._uncounted.discard(article_id)
        self.captures.keep(article_id)
        self._waiting += 1
        waiting_bytes = self.journal.waiting_bytes + self.captures.files.waiting_bytes
        if self._waiting >= GROUP or waiting_bytes >= GROUP_BYTES:
            self.commit()

    @property
    def is_whole(self) -> bool:
        """Whether every recorded article is also counted, so that a group may end here."""
        return not self._uncounted

    def read(self, known: Known) -> Any:
        """Return a recorded version as plain JSON values. Raises ``DamagedVersion``."""
        place = known.file, known.offset, known.length
        return self.version(known.article_id, known.number, *place)

    def version(self, article_id: str, number: int, file: str, offset: int, length: int) -> Any:
        """Return the version at a place in the journal. Damage is also reported by the run."""
        try:
            return self.journal.version(article_id, number, file, offset, length)
        except DamagedVersion as error:
            self.damages[article_id, number] = error
            raise

    def commit(self, *, last: bool = False) -> None:
        """Make everything since the last commit durable. Raises ``StorageError`` on failure.

        After a failure nothing more is written: the file may end in half a row, which the next
        start cuts off.
        """
        if self._failure:
            raise self._failure
        try:
            if self.report:
                self.ledger.keep_report(self.run, self.report())
            if last:
                self.captures.keep_all()
                self.ledger.mark_closed()
            # Captures come before the rows that were read from them.
            self.ledger.commit(self.captures.files.write() | self.journal.write())
        except (OSError, sqlite3.Error) as error:
            self._failure = self.unwritable(error)
            raise self._failure from error
        self._waiting = 0

    def unwritable(self, error: Exception) -> StorageError:
        """Return the message for a failed write."""
        if isinstance(error, sqlite3.IntegrityError):  # an OSError may name two files
            return damaged(self.ledger.path, error)
        return StorageError(
            f"{self.folder}: cannot be written ({error}). Free disk space or repair the disk, then "
            "run again. No committed data was lost."
        )

    def explained(self, error: Exception) -> Exception:
        """Return the damage of the ledger that caused an error, or the error itself."""
        return (self._damage or error) if isinstance(error, FOLLOWING) else error

    @cached_property
    def _damage(self) -> StorageError | None:
        """The ledger's damage. The check takes long and is done once."""
        try:
            self.ledger.database.blame()
        except StorageError as damage:
            return damage
        except sqlite3.Error:  # the ledger is closed
            return None
        return None

    def close(self) -> None:
        """Commit, and release the folder."""
        with self._opened:
            self.commit(last=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Close the archive. An error caused by a damaged ledger is reported as such damage."""
        with closing(self):
            self.ledger.database.explain(error)


def _check_clock() -> None:
    """Refuse to record with a clock that is certainly wrong."""
    if now() < FIRST_PAGE:
        raise UsageError(f"the clock of this machine says {rfc3339(now())}; set it, then run again")


def lock_folder(path: Path) -> IO[str]:
    """Take the folder's lock. It is the operating system's: a dead run never blocks the next.

    The time of the file is when somebody wanted the lock last; see ``last_wanted``.
    """
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        _note_time(file)
        file.seek(0)
        holder = file.read().strip() or "an unknown process"
        file.close()
        raise Locked(
            f"{path.parent}: another run holds it ({holder}); wait for it to end"
        ) from None
    try:
        file.truncate(0)
        os.write(file.fileno(), f"pid {os.getpid()}, since {rfc3339(now())}\n".encode())
        _note_time(file)
    except OSError:
        file.close()
        raise
    return file


def _note_time(file: IO[str]) -> None:
    seconds = now().timestamp()
    os.utime(file.fileno(), (seconds, seconds))


def is_locked(folder: Path) -> bool:
    """Return whether a run, or another command, holds the folder; raise ``UsageError``."""
    try:
        with (folder / "lock").open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    except PermissionError as error:
        raise UsageError(
            f"{folder / 'lock'}: cannot be read (no permission); run this as the user who crawls"
        ) from error
    return False


def last_wanted(folder: Path) -> datetime:
    """Return when a run, or another command, wanted to hold the folder last: now if one does."""
    try:
        wanted = datetime.fromtimestamp((folder / "lock").stat().st_mtime, UTC)
    except FileNotFoundError:
        return datetime.fromtimestamp(0, UTC)
    return now() if is_locked(folder) else wanted


def replace_text(path: Path, text: str) -> None:
    """Write a small file so that a reader sees the old or the new text, never a part."""
    replace_file(path, [text.encode()])

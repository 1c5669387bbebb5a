"""The input of a verification: a snapshot of an archive, and counts of what was checked."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from re import Pattern
from zlib import crc32

from crawler.errors import OutOfReach, StorageError
from crawler.report.progress import Rate, duration
from crawler.store.database import Reading, noted
from crawler.system.clock import steady
from crawler.system.offloaded import check_object, is_offloaded

SHARE = 30  # one capture in 30 is read completely each day, so all are within a month
_EVERY = 10.0  # seconds between two progress messages


def sizes_in(folder: Path) -> dict[str, int]:
    """Return the sizes of an archive's growing files by name. Call it before the snapshot."""
    found = {}
    for path in (*folder.glob("journal/*.jsonl"), *folder.glob("warc/*.warc.gz")):
        with suppress(FileNotFoundError):
            found[path.name] = path.stat().st_size
    return found


@dataclass(kw_only=True)
class Context:
    """An archive at one moment. ``checked`` and ``notes`` are filled during the checks.

    ``sizes``: of the files before that moment. ``image_size``: from the agency's rules.
    ``certificates``: of the authority that time-stamped the proofs. ``whole``: read every capture
    completely, not only one in ``SHARE``, selected by ``turn``. ``say`` gets the progress.
    """

    folder: Path
    database: Reading
    sizes: dict[str, int]
    image_size: Pattern[str] | None = None
    certificates: Path | None = None
    whole: bool = False
    turn: int = 0
    say: Callable[[str], None] = lambda line: None
    checked: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    @cached_property
    def lengths(self) -> dict[str, int]:
        """The committed length of each file."""
        return dict(self.database.execute("SELECT name, length FROM file"))

    @cached_property
    def is_at_rest(self) -> bool:
        """Whether no run was active at that moment, and none had been killed."""
        return noted(self.database, "closed") is not None

    def reads(self, path: Path) -> bool:
        """Return whether a file is read: always if it is here; in a bucket, if it is its turn."""
        return not is_offloaded(path) or self.is_turn(path.name)

    def is_turn(self, name: str) -> bool:
        """Return whether it is a file's turn: one in ``SHARE`` files per day."""
        return self.whole or (crc32(name.encode()) + self.turn) % SHARE == 0

    def files_of(self, table: str, ending: str) -> set[str]:
        """Return the names of the files with this ending that the ledger knows."""
        rows = self.database.execute(f"SELECT DISTINCT file FROM {table}")
        return {name for name in self.lengths if name.endswith(ending)} | {name for (name,) in rows}

    def problems_of(self, path: Path, problems: Iterator[str]) -> Iterator[str]:
        """Yield the problems of a file, or why it cannot be read, and what is beyond its end.

        Only the length is checked of a file in a bucket, if it is not its turn.
        """
        try:
            if self.reads(path):
                yield from problems
            else:
                self.checked["files in the bucket, by their lengths"] += 1
                check_object(path)
        except OSError as error:
            yield f"{path}: cannot be read ({error.strerror})"
        except OutOfReach:
            raise
        except StorageError as error:
            yield f"{path}: {error}"
        if problem := self.tail(path):
            yield problem

    def count(self, table: str) -> int:
        """Count the rows of a table."""
        (number,) = self.database.execute(f"SELECT count(*) FROM {table}").fetchone()
        return int(number)

    def tail(self, path: Path) -> str:
        """Return what is wrong after the committed end; an active run's tail is only a note."""
        beyond = self.sizes.get(path.name, 0) - self.lengths.get(path.name, 0)
        if beyond <= 0:
            return ""
        told = f"{path}: {beyond} bytes beyond what the ledger covers"
        if self.is_at_rest:
            return f"{told}, and no run left them there"
        self.notes.append(f"{told}, from a run that is active or was killed")
        return ""


class Pace:
    """Reports from time to time how many of how many items are done."""

    def __init__(self, what: str, total: int, say: Callable[[str], None]) -> None:
        self.what = what
        self.total = total
        self.say = say
        self.done = 0
        self._rate = Rate()
        self._told = steady()

    def step(self) -> None:
        """Count one more item."""
        self.done += 1
        if self.done % 1_000 or (moment := steady()) - self._told < _EVERY:
            return
        self._told = moment
        rate = self._rate.take(moment, self.done)
        wait = f", {duration((self.total - self.done) / rate)} to go" if rate else ""
        self.say(f"{self.what}: {self.done:,} of {self.total:,}{wait}")

"""Makes a lost, foreign or damaged ledger again from journal and captures."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import msgspec

from crawler.errors import StorageError, UsageError
from crawler.maintenance.rediscover import Rediscovery
from crawler.model.article import Article
from crawler.model.fields import MISFIT, fits
from crawler.store.archive import lock_folder, replace_text
from crawler.store.database import one_line
from crawler.store.journal import DamagedLines, Line, lines_of, read_row
from crawler.store.ledger import Ledger
from crawler.store.newest_versions import note_written_years
from crawler.store.stand_in_site import note_stand_in, read_stand_in
from crawler.store.states import find_unfinished
from crawler.system.offloaded import bring_back, files_in, size_of
from crawler.warc.index import capture_record
from crawler.warc.scan import Scanned, scan

PROGRESS = 100_000  # journal lines between two progress messages
GROUP = 10_000  # journal lines per commit; nothing depends on them until the end
EXAMPLES = 3  # examples of versions without a capture
CACHE = 64_000  # kB; with SQLite's default of 2 MB a million articles would be read again and again

# A journal does not say that an article is missing. It is stored until the next visits.
_COUNTERS = """
SELECT iif(state = 'missing', 'stored', state) AS state, edition, year, sum(number)
FROM article_count WHERE state IN ('stored', 'missing', 'gone', 'withdrawn') GROUP BY 1, 2, 3
UNION ALL SELECT 'version', change, '', number FROM version_count
"""
_WITHOUT_VERSION = """
SELECT state, sum(number) FROM article_count
WHERE state NOT IN ('stored', 'archived', 'missing', 'gone', 'withdrawn')
GROUP BY 1 HAVING sum(number) > 0
"""

Counters = dict[tuple[str, ...], int]


class Rebuild:
    """Makes an agency's ledger from journal, captures and reports. ``say`` gets the progress.

    1. Under the folder's lock a new ledger is made beside the old one.
    2. A line that is no row, or does not match its hash, stops everything; or it is reported,
       counted and left out. The same holds for damaged captures and reports.
    3. The counters of the old ledger are compared with those of the new one.
    4. Lines that were left out are moved into a file beside the journal. A last line without its
       line end gets one, so that the next row begins on a line of its own. A last capture that is
       incomplete is put aside, unless a row was read from it.
    5. The old ledger is put aside and replaced by the new one, and the file beside it last. In
       between, a run refuses to work and names this command.

    ``sources``, if given, record again which source showed which article. What no file has is found
    again by the next run: checkpoints, pending articles, failures. Articles of which only captures
    are left can be read from them by ``scrapy reparse``.
    """

    def __init__(
        self,
        folder: Path,
        say: Callable[[str], None],
        *,
        skip_damaged: bool = False,
        sources: Rediscovery | None = None,
    ) -> None:
        self.folder = folder
        self.sources = sources
        self.say = say
        self.skip_damaged = skip_damaged
        self.image_size = sources.rules.image_size if sources else None
        self.versions = self.captures = self.runs = self.damaged = 0
        self._lengths: dict[str, int] = {}
        self._damaged_lines: list[DamagedLines] = []
        self._torn: list[Path] = []
        self._cut_short: list[tuple[Path, int]] = []
        self._read_from: dict[str, int] = {}  # by WARC file: the last place named in a row
        self._without: list[str] = []  # versions whose capture is missing

    def make(self) -> None:
        """Make the ledger. Raises ``ArchiveError``, with nothing changed, if it cannot."""
        if not any((self.folder / name).is_dir() for name in ("journal", "warc")):
            raise UsageError(f"{self.folder}: no journal to make a ledger from; check DATA_DIR")
        try:
            with lock_folder(self.folder / "lock"):
                self._make(self.folder / "ledger.sqlite", self.folder / "ledger.sqlite.rebuilt")
        except (OSError, sqlite3.Error) as error:
            raise StorageError(
                f"{self.folder}: cannot be read or written ({error}); free disk space or "
                "repair the disk, then rebuild again"
            ) from error

    def _make(self, place: Path, temporary: Path) -> None:
        try:
            _remove(temporary)
            with closing(Ledger(temporary)) as ledger:
                self._fill(ledger)
                compare(place, ledger.database, self.say)
                self._name_missing_captures()
                self._move_damaged_lines()
                self._end_torn_lines()
                self._part_with_torn_records()
                identity = self._complete(ledger)
            _put_aside(place)
            temporary.replace(place)
            replace_text(self.folder / "ledger.id", f"{identity}\n")
        finally:
            _remove(temporary)
        self.say(
            f"{place}: made from {self.versions} versions, {self.captures} captures, "
            f"{self.runs} run reports; {self.damaged} damaged"
        )

    def _fill(self, ledger: Ledger) -> None:
        ledger.database.execute(f"PRAGMA cache_size = -{CACHE}")
        if self.sources:
            self.sources.begin(ledger)
        for file in files_in(self.folder / "warc", "*.warc.gz"):
            self._take_captures(ledger, file)
        for file in files_in(self.folder / "journal", "*.jsonl"):
            self._take_journal(ledger, file)
        for file in sorted((self.folder / "runs").glob("*.json")):
            self._take_report(ledger, file)
        if made_up := read_stand_in(self.folder):
            note_stand_in(ledger.database, made_up)
        note_written_years(ledger.database, self.folder)
        find_unfinished(ledger.database)
        if self.sources:
            self.sources.restore(self.folder, self.say)

    def _take_journal(self, ledger: Ledger, file: Path) -> None:
        found = DamagedLines(file)
        for number, line in enumerate(lines_of(file), 1):
            damage = self._take_line(ledger, file.name, line)
            told = damage if line.is_ended else "is incomplete: it has no line end"
            if told:
                self._refuse(f"{file}: line {number}, byte {line.offset}, {told}")
            if damage:
                found.lines.append(line)
                continue
            found.keep(line)
            if not line.is_ended:  # it is complete, and counts
                self._torn.append(file)
                found.end += 1
        self._lengths[file.name] = found.end
        if found.lines:
            self._damaged_lines.append(found)

    def _take_captures(self, ledger: Ledger, file: Path) -> None:
        self._lengths[file.name] = size_of(file)
        for found in scan(file):
            if found.record:
                self._take_capture(ledger, file, found)
                continue
            if found.offset + found.length == self._lengths[file.name]:
                self._cut_short.append((file, found.offset))
            self._refuse(f"{file}: the record at byte {found.offset} {found.problem}")

    def _take_capture(self, ledger: Ledger, file: Path, found: Scanned) -> None:
        try:
            capture = capture_record(file.name, found)
        except (KeyError, ValueError) as error:  # it lacks a field, or has no response
            self._refuse(f"{file}: the record at byte {found.offset} has no response ({error})")
            return
        if capture:
            ledger.captures.add(capture)
            if self.sources and found.record:
                self.sources.take(found.record)
            self.captures += 1
            if self.captures % GROUP == 0:
                ledger.commit({})

    def _take_line(self, ledger: Ledger, file: str, line: Line) -> str:
        """Record a line's version in the ledger, or return what is wrong with the line."""
        length = line.length if line.is_ended else line.length + 1
        try:
            row = read_row(line.data)
            if not fits(row, self.image_size):
                return f"is not a row as recorded: {MISFIT}"
            ledger.restore(row, (file, line.offset, length))
        except sqlite3.IntegrityError:
            return "repeats a version that an earlier line has"
        except ValueError as error:
            return f"is not a row of an article ({error})"
        self._note_capture(ledger, row)
        self._count(ledger)
        return ""

    def _note_capture(self, ledger: Ledger, row: Article) -> None:
        if row.capture is None:
            return
        file, offset = row.capture.file, row.capture.offset
        self._read_from[file] = max(offset, self._read_from.get(file, 0))
        if not ledger.captures.knows(row.capture):
            self._without.append(f"{row.id} version {row.version}")

    def _name_missing_captures(self) -> None:
        if self._without:
            shown = ", ".join(self._without[:EXAMPLES])
            more = " ..." if len(self._without) > EXAMPLES else ""
            self.say(
                f"{self.folder / 'warc'}: the captures of {len(self._without)} versions are not "
                f"there, or damaged ({shown}{more}); bring their files back, then rebuild again"
            )

    def _count(self, ledger: Ledger) -> None:
        self.versions += 1
        if self.versions % GROUP == 0:
            ledger.commit({})
        if self.versions % PROGRESS == 0:
            self.say(f"{self.versions} versions read")

    def _take_report(self, ledger: Ledger, file: Path) -> None:
        report = file.read_bytes()
        try:
            msgspec.json.decode(report)
        except ValueError as error:
            self._refuse(f"{file}: is not a run report ({error})")
        else:
            ledger.keep_report(file.stem, report, ended=True)
            self.runs += 1

    def _refuse(self, damage: str) -> None:
        if not self.skip_damaged:
            raise StorageError(
                f"{damage}; restore the file from a backup, or leave out what is damaged by: "
                f"scrapy rebuild {self.folder.name} --skip-damaged"
            )
        self.damaged += 1
        self.say(damage)

    def _move_damaged_lines(self) -> None:
        for found in self._damaged_lines:
            aside = found.move()
            number = len(found.lines)
            self.say(f"{aside}: contains damaged lines of {found.path.name}: {number}")

    def _end_torn_lines(self) -> None:
        for file in self._torn:
            bring_back(file)
            with file.open("ab") as journal:
                journal.write(b"\n")
                journal.flush()
                os.fsync(journal.fileno())

    def _part_with_torn_records(self) -> None:
        """Move incomplete records, left by a killed run, into a file beside theirs.

        A record that a row was read from was complete once; its place is never used again.
        """
        for file, offset in self._cut_short:
            if offset <= self._read_from.get(file.name, -1):
                continue
            bring_back(file)
            self._lengths[file.name] = offset
            names = (f"{file.name}.{number}.torn" for number in count(1))
            place = next(place for place in map(file.with_name, names) if not place.exists())
            with file.open("rb") as whole, place.open("xb") as torn:
                whole.seek(offset)
                shutil.copyfileobj(whole, torn)
                torn.flush()
                os.fsync(torn.fileno())
            os.truncate(file, offset)

    def _complete(self, ledger: Ledger) -> str:
        """Commit, and leave a single file without a log. Return its name."""
        ledger.commit(self._lengths)
        name, generation = ledger.identity
        ledger.database.execute("ROLLBACK")
        ledger.database.execute("PRAGMA journal_mode = DELETE")
        return f"{name} {generation}"


def _put_aside(ledger: Path) -> None:
    """Rename a ledger, and its log if that could not be merged into it.

    The log gets a name that SQLite does not look for: beside another file it would destroy that.
    """
    for suffix in ("", "-wal", "-shm"):
        path = Path(f"{ledger}{suffix}")
        if path.exists():
            path.replace(f"{path}.before-rebuild")


def _remove(ledger: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{ledger}{suffix}").unlink(missing_ok=True)


def compare(old: Path, rebuilt: sqlite3.Connection, say: Callable[[str], None]) -> None:
    """Compare the counters of two ledgers, as far as a journal has them, and name the others.

    The old ledger's log is merged into its file, which can then be moved by itself.
    """
    if not old.exists():
        say(f"{old}: missing, counters not checked")
        return
    try:
        with closing(sqlite3.connect(old)) as database:
            (found,) = database.execute("PRAGMA quick_check(1)").fetchone()
            if found != "ok":
                raise sqlite3.DatabaseError(found)
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            before = _counters(database)
            left = database.execute(_WITHOUT_VERSION).fetchall()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        say(f"{old}: cannot be read ({one_line(error)}), counters not checked")
        return
    differences = list(_differences(before, _counters(rebuilt)))
    say("counters checked: " + ("; ".join(differences) or "they match the old ledger"))
    if left:
        found = ", ".join(f"{number} {state}" for state, number in left)
        say(f"the next run finds again: {found}")


def _counters(database: sqlite3.Connection) -> Counters:
    return {tuple(names): number for *names, number in database.execute(_COUNTERS)}


def _differences(before: Counters, now: Counters) -> Iterator[str]:
    for names in sorted(before.keys() | now.keys(), key=str):  # a damaged value may have any type
        old, new = before.get(names, 0), now.get(names, 0)
        if old != new:
            yield f"{' '.join(map(str, filter(None, names)))}: {old} before, {new} now"

"""The archive read again: what the present code sees in it that was not recorded so."""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, takewhile
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, Self

import msgspec

from crawler.errors import DamagedVersion
from crawler.extract.errors import AnotherArticle, FurtherPage, UnknownLayout
from crawler.maintenance.reread import CHUNK, Place, Reading, Rereader, Task, read_all
from crawler.model.article import Article
from crawler.model.versions import Change, Known, judge, number_after
from crawler.store.archive import Archive
from crawler.store.journal import GROUP_BYTES
from crawler.store.ledger import Ledger
from crawler.system.files import GrowingFiles
from crawler.system.processes import WorkerPool
from crawler.system.signals import in_one_piece
from crawler.text.respelling import compare_spelled
from crawler.warc.index import CaptureRecord, Wanted

PROGRESS = 10_000  # captures between two lines for the operator
EXAMPLES = 3  # differences that a summary shows

FILE = "trial"  # no file of the journal has this name


def verdict(
    versions: Sequence[Known], capture: CaptureRecord, reading: Reading, code: str
) -> tuple[Known | None, Change | None]:
    """Tell what a reading of a capture is: its change, and against which version.

    ``versions`` are the article's, newest first. A reading that says what was known at the time
    has no change. One that differs from what was read from the same capture is ``reparsed``; from
    an earlier capture, ``edited``: the site changed then, and the code did not see it. But where
    the present ``code`` has not read the earlier one, the difference may be the code's.
    """
    own = next((known for known in versions if known.number == capture.version), None)
    if own:
        return _among_readings(own, versions, reading)
    content = [known for known in versions if known.change not in ("gone", "withdrawn")]
    content = [known for known in content if known.is_guess == reading.is_guess] or content
    if not content:
        return None, "new"
    then = [known for known in content if known.fetched_at <= capture.said_at] or content[-1:]
    among = content if reading.is_archived else then
    known, change = judge(
        among, reading.content_hash, reading.source, capture.said_at, is_guess=reading.is_guess
    )
    is_of_code = change == "edited" and known.code != code
    return known, "reparsed" if is_of_code else change


def _among_readings(
    own: Known, versions: Sequence[Known], reading: Reading
) -> tuple[Known, Change | None]:
    """Tell what a reading of a version's capture is; a crawl may have seen by a later one the same.

    Then what it recorded is the next version, and nothing was edited in between.
    """
    later = sorted((k for k in versions if k.number > own.number), key=attrgetter("number"))
    better = takewhile(lambda known: known.change == "reparsed", later)
    alike = [k for k in better if k.source == own.source and k.fetched_at >= own.fetched_at]
    known = [own] if reading.is_archived else [own, *alike]
    said = next((each for each in known if each.content_hash == reading.content_hash), None)
    return (said, None) if said and not reading.is_better else (own, "reparsed")


@dataclass(slots=True)
class Summary:
    """What came of it: captures by outcome, problems and fields by how often, some differences."""

    outcomes: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    examples: list[tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=list)


class Recorder(Protocol):
    """What versions are recorded in: an archive, or what stands in for one."""

    ledger: Ledger
    folder: Path

    def record(self, row: Article, *, visited: bool) -> None:
        """Record a version."""

    def read(self, known: Known) -> Any:
        """Return a recorded version as plain JSON values."""

    def counted(self, article_id: str) -> None:
        """Take note that an article is done with."""

    def commit(self) -> None:
        """Make all of it durable."""


class Reparse:
    """Reads captures in order of time, and records as versions what differs.

    Those that no layout described are first: what a layout says of them now is what the others are
    to be compared with, not what was guessed.

    Those that the present ``code`` has read are left out, so that a second time there is nothing
    to do, and one that was interrupted goes on. Nothing of it depends on the machine, nor on the
    clock, but that no answer is read that was captured after now.
    """

    def __init__(
        self, archive: Recorder, rereader: Rereader, code: str, say: Callable[[str], None]
    ) -> None:
        self.archive = archive
        self.rereader = rereader
        self.code = code
        self.say = say
        self.summary = Summary()
        self._given: deque[CaptureRecord] = deque()

    def work(self, wanted: Wanted, pool: WorkerPool | None = None) -> Summary:
        """Read what is wanted; raise ``StorageError`` if the archive cannot be read or written."""
        for part in (replace(wanted, guessed=True), wanted):
            unread = self.archive.ledger.captures.unread(self.code, part)
            tasks = self._tasks(unread)
            self._take_all(read_all(tasks, self.rereader, self.archive.folder, pool))
        with in_one_piece():
            self.archive.commit()
        return self.summary

    def _take_all(self, readings: Iterator[Reading]) -> None:
        number = 0
        while batch := list(islice(readings, CHUNK)):
            with in_one_piece():
                for reading in batch:
                    self._take(self._given.popleft(), reading)
            number += len(batch)
            if number % PROGRESS == 0:
                self.say(f"{number} captures read")

    def _tasks(self, unread: Iterator[CaptureRecord]) -> Iterator[Task]:
        captures = self.archive.ledger.captures
        several = captures.with_several_addresses()
        for capture in unread:
            self._given.append(capture)
            article_id = capture.article_id or ""
            others = captures.of_article(article_id) if article_id in several else ()
            yield Task(capture.place, *self._expected(capture), others)

    def _expected(self, capture: CaptureRecord) -> tuple[str, CaptureRecord | None, Place | None]:
        """Return the rest of a task: what was known at the time, of which no more is needed."""
        ledger = self.archive.ledger
        original = ledger.captures.response(capture.digest) if capture.kind == "revisit" else None
        versions = ledger.versions(capture.article_id or "")
        for known in versions:
            if known.number == capture.version:
                return known.content_hash, original, (known.file, known.offset, known.length)
        then = (known.content_hash for known in versions if known.fetched_at <= capture.said_at)
        return next(then, ""), original, None

    def _take(self, capture: CaptureRecord, reading: Reading) -> None:
        assert capture.article_id is not None
        if reading.is_guess and not self._is_confirmed(capture, reading):
            reading = Reading(problem=UnknownLayout.reason)
        if self.archive.ledger.states.is_anothers(capture.article_id, reading.own_ids):
            reading = Reading(problem=AnotherArticle.reason)
        if not reading.problem:
            try:
                self._judge(capture, capture.article_id, reading)
            except DamagedVersion as error:  # what it would be compared with
                reading = Reading(problem=str(error), is_damaged=True)
        if reading.problem == FurtherPage.reason:  # its text was read with the first page
            self.summary.outcomes["same"] += 1
        elif reading.problem:
            self.summary.outcomes["damaged" if reading.is_damaged else "unreadable"] += 1
            self.summary.problems[reading.problem] += 1
        if not reading.is_damaged:
            self.archive.ledger.captures.was_read(capture, self.code)
        self.archive.counted(capture.article_id)

    def _is_confirmed(self, capture: CaptureRecord, reading: Reading) -> bool:
        """Tell whether a guess is of a capture that a crawl guessed, or says what one did.

        Whose text others have, too, only a crawl sees.
        """
        assert capture.article_id is not None
        versions = self.archive.ledger.versions(capture.article_id)
        return any(
            known.number == capture.version or known.content_hash == reading.content_hash
            for known in versions
            if known.is_guess
        )

    def _judge(self, capture: CaptureRecord, article_id: str, reading: Reading) -> None:
        ledger = self.archive.ledger
        versions = ledger.versions(article_id)
        known, change = verdict(versions, capture, reading, self.code)
        if change is None:
            assert known is not None
            self.summary.outcomes["same"] += 1
            if known.source == reading.source and known.code != self.code:
                ledger.prove(article_id, known.number, self.code)
            return
        row = self._row(capture, reading)
        row.change, row.run = change, f"reparse-{self.code}"
        if known and change == "reparsed":
            # A clock that was set back makes no version older than the one it is to replace.
            row.fetched_at = max(row.fetched_at, known.fetched_at)
        row.version = number_after(versions)
        if known:
            self._compare(row, self.archive.read(known))
        self.summary.outcomes[row.change] += 1
        self._record(row)

    def _row(self, capture: CaptureRecord, reading: Reading) -> Article:
        """Return the row; it was left out if it seemed to say what was known."""
        if not reading.row:
            return self.rereader.read(capture.place)
        return msgspec.json.decode(reading.row, type=Article)

    def _compare(self, row: Article, old: dict[str, Any]) -> None:
        compare_spelled(row, old)
        self.summary.fields.update(row.changed_fields)
        if len(self.summary.examples) < EXAMPLES:
            self.summary.examples.append((old, msgspec.to_builtins(row)))

    def _record(self, row: Article) -> None:
        ledger = self.archive.ledger
        ledger.states.restored(row)
        if origin := ledger.origin(row.id):
            row.url, row.first_seen_at = origin
        self.archive.record(row, visited=False)


class DryRunArchive:
    """Stands in for an archive within a ``with`` block; at its end the archive is as before.

    Ledger and rows answer meanwhile as if all had been recorded.
    """

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.ledger, self.folder = archive.ledger, archive.folder

    def __enter__(self) -> Self:
        self._place = TemporaryDirectory()
        self._rows = GrowingFiles(Path(self._place.name))
        return self

    def __exit__(self, *_: object) -> None:
        self.ledger.roll_back()
        self._place.cleanup()

    def record(self, row: Article, *, visited: bool = True) -> None:
        """Take a version."""
        place = self._rows.add(FILE, msgspec.json.encode(row))
        self.ledger.record(row, place, visited=visited)
        if self._rows.waiting_bytes > GROUP_BYTES:
            self._rows.write()

    def read(self, known: Known) -> Any:
        """Return a version as plain JSON values."""
        if known.file != FILE:
            return self.archive.read(known)
        return msgspec.json.decode(self._rows.read_bytes(FILE, known.offset, known.length))

    def counted(self, article_id: str) -> None:
        """Do nothing: there is no group to complete."""

    def commit(self) -> None:
        """Do nothing: nothing is to last."""

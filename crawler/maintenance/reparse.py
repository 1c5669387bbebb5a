"""Reads the archive again with the present code, and finds what differs from the record."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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

PROGRESS = 10_000  # captures between two progress messages
EXAMPLES = 3  # examples of differences in a summary

FILE = "trial"  # no journal file has this name


def verdict(
    versions: Sequence[Known], capture: CaptureRecord, reading: Reading, code: str
) -> tuple[Known | None, Change | None]:
    """Return what a reading of a capture is: its change, and the version to compare it with.

    ``versions``: the article's, newest first. A reading with the content known at that time has no
    change. One that differs from the version read from the same capture is ``reparsed``. One that
    differs from an earlier capture's is ``edited``: the site changed, and the code of that time did
    not see it. But if the present ``code`` has not read the earlier capture, the difference may
    come from the code.
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
    """Return what a reading of a version's capture is, if a later crawl saw the same.

    Then the crawl recorded it as the next version, and nothing was edited in between.
    """
    later = sorted((k for k in versions if k.number > own.number), key=attrgetter("number"))
    better = takewhile(lambda known: known.change == "reparsed", later)
    alike = [k for k in better if k.source == own.source and k.fetched_at >= own.fetched_at]
    known = [own] if reading.is_archived else [own, *alike]
    said = next((each for each in known if each.content_hash == reading.content_hash), None)
    return (said, None) if said and not reading.is_better else (own, "reparsed")


@dataclass(slots=True)
class Summary:
    """The result: captures by outcome, problems and fields by count, some differences."""

    outcomes: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    examples: list[tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=list)


class Recorder(Protocol):
    """The place where versions are recorded: an archive, or its stand-in."""

    ledger: Ledger
    folder: Path

    def record(self, row: Article, *, visited: bool) -> None:
        """Record a version."""

    def read(self, known: Known) -> Any:
        """Return a recorded version as plain JSON values."""

    def counted(self, article_id: str) -> None:
        """Record that an article is done."""

    def commit(self) -> None:
        """Make everything durable."""


class Reparse:
    """Reads captures in order of time, and records differences as versions.

    Captures that no layout described come first: the others are compared with what a layout reads
    there now, not with the guess.

    Captures that the present ``code`` has read are left out. So running it again does nothing, and
    an interrupted one continues. The result does not depend on the machine or the time, except that
    captures from the future are left out.
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
        """Read the selected captures. Raises ``StorageError`` if the archive fails."""
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
        """Complete a task with what was known then, so that only differences are returned."""
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
            except DamagedVersion as error:  # the version to compare with
                reading = Reading(problem=str(error), is_damaged=True)
        if reading.problem == FurtherPage.reason:  # its text was read together with the first page
            self.summary.outcomes["same"] += 1
        elif reading.problem:
            self.summary.outcomes["damaged" if reading.is_damaged else "unreadable"] += 1
            self.summary.problems[reading.problem] += 1
        if not reading.is_damaged:
            self.archive.ledger.captures.was_read(capture, self.code)
        self.archive.counted(capture.article_id)

    def _is_confirmed(self, capture: CaptureRecord, reading: Reading) -> bool:
        """Return whether a guess is one that a crawl believed, or equals one.

        Only a crawl can see whether other articles have the same text.
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
            # A version must not be older than the one it replaces, even if the clock was set back.
            row.fetched_at = max(row.fetched_at, known.fetched_at)
        row.version = number_after(versions)
        if known:
            before = (each for each in versions if each.fetched_at <= row.fetched_at)
            self._compare(row, self.archive.read(known), map(self.archive.read, before))
        else:
            row.announced = None
        self.summary.outcomes[row.change] += 1
        self._record(row)

    def _row(self, capture: CaptureRecord, reading: Reading) -> Article:
        """Return the row. It was left out if it seemed to have the expected content."""
        if not reading.row:
            return self.rereader.read(capture.place)
        return msgspec.json.decode(reading.row, type=Article)

    def _compare(
        self, row: Article, old: dict[str, Any], earlier: Iterable[Mapping[str, Any]]
    ) -> None:
        compare_spelled(row, old, earlier)
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
    """Replaces an archive within a ``with`` block. At the end the archive is as before.

    Until then, ledger and rows read as if everything had been recorded.
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
        """Do nothing: nothing is kept."""

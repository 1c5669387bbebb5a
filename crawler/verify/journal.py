"""The journal: checks each line against its hash, its ledger entry and its capture."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from crawler.errors import OutOfReach, StorageError
from crawler.model.article import Article, Capture
from crawler.model.fields import MISFIT, fits
from crawler.store.journal import lines_of, read_row
from crawler.store.states import unfinished_withdrawals
from crawler.system.offloaded import files_in, is_kept, read_at, size_of
from crawler.verify.context import Context, Pace
from crawler.warc.record import read_record


class _Place(NamedTuple):
    """A version in the ledger. The fields after ``length`` are compared with its row."""

    offset: int
    length: int
    id: str
    version: int
    change: str
    content_hash: str
    fetched_at: str
    is_newest: bool  # then the ledger has these, too
    title: str | None
    published_at: str | None


_PLACES = (
    "SELECT offset, length, article_id, number, change, version.content_hash, version.fetched_at, "
    "id IS NOT NULL, title, published_at FROM version LEFT JOIN article "
    "ON id = article_id AND article.version = number AND state <> 'withdrawn' "
    "WHERE file = ? ORDER BY offset"
)


class JournalCheck:
    """Checks every committed line."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.folder = context.folder / "journal"
        self._pace = Pace("lines of the journal", context.count("version"), context.say)
        self._unfinished = set(unfinished_withdrawals(context.database))

    def problems(self) -> Iterator[str]:
        """Yield what is wrong, one line each."""
        present = {path.name for path in files_in(self.folder, "*.jsonl")}
        for name in sorted(present | self.context.files_of("version", ".jsonl")):
            path = self.folder / name
            yield from self.context.problems_of(path, self._check_file(path))

    def _check_file(self, path: Path) -> Iterator[str]:
        length = self.context.lengths.get(path.name, 0)
        if (size := size_of(path)) < length:
            yield f"{path}: {size} bytes where the ledger has {length}"
        yield from self._check_lines(path, _lines(path, length))

    def _check_lines(self, path: Path, lines: Iterator[tuple[int, bytes]]) -> Iterator[str]:
        places = map(_Place._make, self.context.database.execute(_PLACES, (path.name,)))
        place = next(places, None)
        for number, (offset, line) in enumerate(lines, 1):
            while place and place.offset < offset:
                yield _without_line(path, place)
                place = next(places, None)
            here = place if place and place.offset == offset else None
            for problem in self._check_line(line, here):
                yield f"{path}: line {number}: {problem}"
            if here:
                place = next(places, None)
        while place:
            yield _without_line(path, place)
            place = next(places, None)

    def _check_line(self, line: bytes, place: _Place | None) -> Iterator[str]:
        self.context.checked["lines of the journal"] += 1
        self._pace.step()
        name = f"{place.id} version {place.version}" if place else "no version"
        try:
            row = read_row(line)
        except ValueError as error:
            yield f"is not a row of an article ({error}); the ledger has {name} here"
            return
        yield from self._check_row(row)
        if place is None:
            yield f"{row.id} version {row.version} is not known to the ledger here"
        elif place.id not in self._unfinished:
            yield from _differences(row, line, place)

    def _check_row(self, row: Article) -> Iterator[str]:
        told = f"{row.id} version {row.version}"
        if not fits(row, self.context.image_size):
            yield f"{told}: {MISFIT}"
        if row.agency != self.context.folder.name:
            yield f"{told}: is of agency {row.agency!r}"
        if row.capture and (problem := self._check_capture(row.capture)):
            yield f"{told}: its capture {problem}"

    def _check_capture(self, place: Capture) -> str:
        """Return what is wrong with the place of a row's capture."""
        known = self.context.database.execute(
            "SELECT length, digest FROM capture WHERE file = ? AND offset = ?",
            (place.file, place.offset),
        ).fetchone()
        if known == (place.length, place.digest):
            return ""
        at = f"at byte {place.offset} of {place.file}"
        if known:
            length, digest = known
            return (
                f"{at} has {place.length} bytes and {place.digest} here, {length} bytes and "
                f"{digest} in the ledger"
            )
        return "" if self._was_withdrawn(place) else f"{at} is not known to the ledger"

    def _was_withdrawn(self, place: Capture) -> bool:
        """Return whether the capture was withdrawn with another article, or is kept elsewhere."""
        path = self.context.folder / "warc" / place.file
        if place.file not in self.context.lengths and not is_kept(path):
            self.context.checked["captures of rows that are not here"] += 1
            return True
        try:
            return read_record(read_at(path, place.offset, place.length)).kind == "metadata"
        except OutOfReach:
            raise
        except (OSError, StorageError):
            return False


def _lines(path: Path, length: int) -> Iterator[tuple[int, bytes]]:
    """Yield the position of each committed line, and the line."""
    for line in lines_of(path):
        if line.offset >= length:
            return
        yield line.offset, line.data


def _without_line(path: Path, place: _Place) -> str:
    return (
        f"{path}: the ledger has {place.id} version {place.version} at byte {place.offset}, "
        "where no line begins"
    )


def _differences(row: Article, line: bytes, place: _Place) -> Iterator[str]:
    if (row.id, row.version) != (place.id, place.version):
        yield (
            f"{row.id} version {row.version} is where the ledger has {place.id} version "
            f"{place.version}"
        )
        return
    of_newest = ("title", "published_at") if place.is_newest else ()
    for name in ("change", "content_hash", "fetched_at", *of_newest):
        here, there = getattr(row, name), getattr(place, name)
        if here != there:
            yield f"{row.id} version {row.version}: {name} is {here}, in the ledger {there}"
    if len(line) != place.length:
        yield f"{row.id} version {row.version}: {len(line)} bytes, in the ledger {place.length}"

"""The rows of a release, written year by year, so that a run that is killed can be gone on from."""

from collections.abc import Iterable
from contextlib import ExitStack
from functools import cached_property, partial
from itertools import groupby
from pathlib import Path
from typing import IO

import msgspec
from msgspec import Struct, field

from crawler.release.figures import Figures
from crawler.release.files import RowFile, compress
from crawler.release.near_duplicates import Duplicates, Sketch
from crawler.release.rows import GONE, Partition, Row, Told, partition_of, released_line
from crawler.release.stories import Link, Stories
from crawler.system.files import replace_file
from crawler.system.processes import WorkerPool, spread, without_gc

_encode = msgspec.json.Encoder().encode


class Progress(Struct):
    """How far a release has come; kept at the end of each year."""

    fingerprint: str  # of what it is made from
    year: str | None = None  # the last that is whole; "" is that of undated articles
    month: str = ""
    figures: Figures = field(default_factory=Figures)
    duplicates: Duplicates = field(default_factory=Duplicates)
    stories: Stories = field(default_factory=Stories)

    def keep(self, path: Path) -> None:
        """Write it so that a reader sees the old or the new state, never a part."""
        replace_file(path, [msgspec.msgpack.encode(self)])


def progress_at(path: Path, fingerprint: str) -> Progress:
    """Return how far a release from the same rows came before, or that of one that begins."""
    if path.exists():
        known = msgspec.msgpack.decode(path.read_bytes(), type=Progress)
        if known.fingerprint == fingerprint:
            return known
    return Progress(fingerprint)


class YearWriter:
    """Writes the newest versions of one year: rows, links, and copies of what is gone.

    Where there is a pool, it compresses the rows when all are there, file by file.
    """

    def __init__(
        self, folder: Path, year: str, progress: Progress, pool: WorkerPool | None = None
    ) -> None:
        self._folder = folder
        self._pool = pool
        self._name = year or "undated"
        self._progress = progress
        self._open = ExitStack()
        self._parts: dict[Partition, RowFile | IO[bytes]] = {}
        self._gone: list[bytes] = []

    def write(self, rows: Iterable[Row]) -> None:
        """Write all of them, which stand in order of publication."""
        with self._open:
            for row, line, sketched in rows:
                self._write(row, line, sketched)
            for file in (*self._parts.values(), self._links):
                if isinstance(file, RowFile):
                    file.finish()
        self._finish()

    def _write(self, row: Told, line: bytes, sketched: Sketch) -> None:
        progress = self._progress
        self._turn(row.published_at)
        progress.figures.count(row)
        near = progress.duplicates.find(row.id, sketched)
        story, link = progress.stories.find(row, near.id if near else None)
        if link:
            self._link(link)
        if near:
            progress.figures.near_duplicates += 1
            self._link(Link("near_duplicate", row.id, near.id, ["text"], round(near.likeness, 3)))
        told = released_line(line, row, near.first if near else None, story)
        self._part(partition_of(row.edition, row.published_at)).write(told)
        if row.change in GONE:
            self._gone.append(told)

    def _turn(self, published_at: str | None) -> None:
        month = (published_at or "")[:7]
        if month != (last := self._progress.month):
            self._progress.month = month
            for _ in range(1 if _is_next(month, last) else 2):
                self._progress.duplicates.turn()
                self._progress.stories.turn()

    def _part(self, partition: Partition) -> RowFile | IO[bytes]:
        if partition not in self._parts:
            self._parts[partition] = self._begin(partition)
        return self._parts[partition]

    def _begin(self, partition: Partition) -> RowFile | IO[bytes]:
        if self._pool is None:
            return self._rows(f"articles/{partition.path}")
        path = self._folder / "work" / f"{partition.edition}-{partition.year}.rows"
        return self._open.enter_context(path.open("wb"))

    @cached_property
    def _links(self) -> RowFile:
        """The file of links, which a year has also if it has no links."""
        return self._rows(f"links/{self._name}.jsonl.gz")

    def _rows(self, name: str) -> RowFile:
        file = RowFile(self._folder / name)
        self._open.callback(file.close)
        return file

    def _link(self, link: Link) -> None:
        self._links.write(_encode(link) + b"\n")
        for each in link.evidence:
            self._progress.figures.evidence[f"{link.kind} {each}"] += 1

    def _finish(self) -> None:
        plain = {
            partition.path: Path(file.name)
            for partition, file in self._parts.items()
            if not isinstance(file, RowFile)
        }
        work = partial(compress, self._folder.resolve())
        pieces = [(path.name, name) for name, path in plain.items()]
        for path, _ in zip(plain.values(), spread(self._pool, work, pieces), strict=True):
            path.unlink()
        if self._gone:
            kept = self._folder / "work" / f"gone-{self._name}.jsonl"
            kept.write_bytes(b"".join(self._gone))


def _is_next(month: str, last: str) -> bool:
    """Tell whether one month is that after the other; undated articles have none."""
    if not last:
        return False
    (year, number), (last_year, last_number) = (map(int, each.split("-")) for each in (month, last))
    return year * 12 + number == last_year * 12 + last_number + 1


def write_years(
    rows: Iterable[Row], folder: Path, progress: Progress, pool: WorkerPool | None
) -> None:
    """Write the newest versions, which stand in order of publication, undated ones first.

    The years up to ``progress.year`` are written already, and must not be among the rows.
    """
    with without_gc():
        for year, of_year in groupby(rows, lambda each: (each[0].published_at or "")[:4]):
            YearWriter(folder, year, progress, pool).write(of_year)
            progress.year = year
            progress.keep(folder / "work" / "progress")

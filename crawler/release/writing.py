"""Writes the rows of a release year by year, so that few files are open at once."""

from collections.abc import Iterable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import groupby
from pathlib import Path
from typing import IO

import msgspec

from crawler.release import content
from crawler.release.content import mentioned_in
from crawler.release.figures import Figures
from crawler.release.files import RowFile, compress
from crawler.release.near_duplicates import Duplicates, Near, Sketch, Text
from crawler.release.rows import (
    GONE,
    UNDATED,
    Partition,
    Row,
    Told,
    partition_of,
    released_line,
)
from crawler.release.stories import Link, Stories
from crawler.system.processes import WorkerPool, spread, without_gc
from crawler.text.dates import all_months

_encode = msgspec.json.Encoder().encode


def write_years(rows: Iterable[Row], folder: Path, pool: WorkerPool | None) -> Figures:
    """Write the newest versions, given in order of publication with undated ones first."""
    with without_gc(), closing(RowFile(folder / "gone.jsonl.gz")) as gone:
        carried = Carried(gone)
        for year, of_year in groupby(rows, lambda each: (each[0].published_at or "")[:4]):
            YearWriter(folder, year or UNDATED, carried, pool).write(of_year)
        gone.finish()
    return carried.figures


@dataclass(slots=True)
class Marks:
    """Finds the copies and the stories of articles, given in order of publication."""

    month: str = ""
    duplicates: Duplicates = field(default_factory=Duplicates)
    stories: Stories = field(default_factory=Stories)

    def find(self, row: Told, sketched: Sketch) -> tuple[Near | None, str, Link | None]:
        """Return the earlier article with nearly the same text, the story, and the link to it."""
        self._turn((row.published_at or "")[:7])
        near = self.duplicates.find(text_of(row, sketched))
        return near, *self.stories.find(row, near.id if near else None)

    def _turn(self, month: str) -> None:
        """At the start of a month, forget everything older than the month before it."""
        if month == self.month:
            return
        passed = len(all_months({self.month, month})) - 1 if self.month else 2
        for _ in range(min(passed, 2)):
            self.duplicates.turn()
            self.stories.turn()
        self.month = month


@dataclass(slots=True)
class Carried:
    """Data that continues from one year to the next."""

    gone: RowFile
    figures: Figures = field(default_factory=Figures)
    marks: Marks = field(default_factory=Marks)


class YearWriter:
    """Writes the newest versions of one year: rows, links, and the copies in ``gone.jsonl.gz``.

    With a pool, it compresses the rows at the end, file by file.
    """

    def __init__(
        self, folder: Path, name: str, carried: Carried, pool: WorkerPool | None = None
    ) -> None:
        self._folder = folder
        self._pool = pool
        self._name = name
        self._carried = carried
        self._open = ExitStack()
        self._parts: dict[Partition, RowFile | IO[bytes]] = {}

    def write(self, rows: Iterable[Row]) -> None:
        """Write all rows of the year, given in order of publication."""
        with self._open:
            for row, line, sketched in rows:
                self._write(row, line, sketched)
            for file in (*self._parts.values(), self._links):
                if isinstance(file, RowFile):
                    file.finish()
        self._compress()

    def _write(self, row: Told, line: bytes, sketched: Sketch) -> None:
        carried = self._carried
        carried.figures.count(row)
        near, story, link = carried.marks.find(row, sketched)
        if link:
            self._link(link)
        if near:
            carried.figures.near_duplicates += 1
            self._link(Link("near_duplicate", row.id, near.id, ["text"], round(near.similarity, 3)))
        told = released_line(line, row, near.id if near else None, story)
        self._part(partition_of(row.edition, row.published_at)).write(told)
        if row.change in GONE:
            carried.gone.write(told)

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
        """The file of links, which a year has even without links."""
        return self._rows(f"links/{self._name}.jsonl.gz")

    def _rows(self, name: str) -> RowFile:
        file = RowFile(self._folder / name)
        self._open.callback(file.close)
        return file

    def _link(self, link: Link) -> None:
        self._links.write(_encode(link) + b"\n")
        for each in link.evidence:
            self._carried.figures.evidence[f"{link.kind} {each}"] += 1

    def _compress(self) -> None:
        plain = {
            partition.path: Path(file.name)
            for partition, file in self._parts.items()
            if not isinstance(file, RowFile)
        }
        work = partial(compress, self._folder.resolve())
        pieces = [(path.name, name) for name, path in plain.items()]
        for path, _ in zip(plain.values(), spread(self._pool, work, pieces), strict=True):
            path.unlink()


def text_of(row: Told, sketched: Sketch) -> Text:
    """Return the part of a row's text that is compared with others."""
    day, body = (row.published_at or "")[:10], row.body[: content.LETTERS]
    return Text(row.id, sketched, row.title, body, day, mentioned_in(row.title, row.body))

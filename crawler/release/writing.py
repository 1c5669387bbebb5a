"""Writes the rows of a release year by year, so that few files are open at once."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import IO, TypeAlias

import msgspec

from crawler.release.figures import Figures
from crawler.release.files import RowFile, compress
from crawler.release.rows import GONE, Partition, Row, Told, partition_of, released_line
from crawler.release.similarity.marks import Marks
from crawler.release.similarity.near_duplicates import Sketch
from crawler.release.similarity.stories import Link
from crawler.release.years import Year, Years
from crawler.store.newest_versions import Place
from crawler.system.processes import WorkerPool, spread, without_gc

_encode = msgspec.json.Encoder().encode

Places: TypeAlias = Callable[[], Iterable[Place]]


def write_years(
    years: Iterable[tuple[str, Places]],
    read: Callable[[Iterable[Place]], Iterable[Row]],
    folder: Path,
    pool: WorkerPool | None,
    known: Years | None,
) -> Figures:
    """Write the newest versions, given in order of publication with undated ones first.

    ``known``: the years of the previous release.
    """
    figures, marks = Figures(), Marks()
    with without_gc(), closing(RowFile(folder / "gone.jsonl.gz")) as gone:
        for name, places in years:
            made: Year | Carried | None = known.take(name, places()) if known else None
            if made is None:
                marks = known.handed_on(marks) if known else marks
                made = Carried(marks)
                YearWriter(folder, name, made, pool).write(read(places()))
                if known:
                    known.record(name, made.figures, made.gone, marks)
            figures.add(made.figures)
            for line in made.gone:
                gone.write(line)
        gone.finish()
    return figures


@dataclass(slots=True)
class Carried:
    """The results of one year, apart from its files."""

    marks: Marks
    figures: Figures = field(default_factory=Figures)
    gone: list[bytes] = field(default_factory=list)


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
            for file in (*self._parts.values(), *([self._links] if self._parts else [])):
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
            carried.gone.append(told)

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

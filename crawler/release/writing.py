"""Writes the rows of a release year by year, so that few files are open at once."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack, closing
from itertools import groupby
from pathlib import Path
from typing import TypeAlias

import msgspec

from crawler.release.figures import Figures
from crawler.release.files import RowFile
from crawler.release.rows import GONE, Row, Told, partition_of, released_line
from crawler.release.similarity.marks import Marks
from crawler.release.similarity.near_duplicates import Sketch
from crawler.release.similarity.stories import Link
from crawler.release.years import Carried, Year, Years, links_of
from crawler.store.newest_versions import Place
from crawler.system.processes import without_gc

_encode = msgspec.json.Encoder().encode

Places: TypeAlias = Callable[[str], Iterable[Place]]  # those after a month, all if it is empty


def write_years(
    years: Iterable[tuple[str, Places]],
    read: Callable[[Iterable[Place]], Iterable[Row]],
    folder: Path,
    known: Years | None,
) -> Figures:
    """Write the newest versions, given in order of publication with undated ones first.

    ``known``: the years of the previous release.
    """
    figures, marks = Figures(), Marks()
    with without_gc(), closing(RowFile(folder / "gone.jsonl.gz")) as gone:
        for name, places in years:
            made: Year | Carried | None = known.take(name) if known else None
            if made is None:
                made = known.begin(marks) if known else Carried(marks)
                marks = made.marks
                YearWriter(folder, name, made, known).write(read(places(made.month)))
                if known:
                    known.record(name, made)
            figures.add(made.figures)
            for line in made.gone:
                gone.write(line)
        gone.finish()
    return figures


class YearWriter:
    """Writes the newest versions of one year: rows, links, and the copies in ``gone.jsonl.gz``."""

    def __init__(self, folder: Path, name: str, carried: Carried, known: Years | None) -> None:
        self._folder = folder
        self._links = links_of(name)
        self._carried = carried
        self._known = known
        self._open = ExitStack()
        self._files: dict[str, RowFile] = {}

    def write(self, rows: Iterable[Row]) -> None:
        """Write all remaining rows of the year, given in order of publication."""
        with self._open:
            for path in self._carried.begun:
                self._file(path)
            for month, of_month in groupby(rows, lambda each: (each[0].published_at or "")[:7]):
                for row, line, sketched in of_month:
                    self._write(row, line, sketched)
                self._carried.marks.end_month()
                if self._known:
                    self._known.end_month(month, self._carried, self._files)
            self._file(self._links)  # a year has it even without links
            for file in self._files.values():
                file.finish()

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
        partition = partition_of(row.edition, row.published_at)
        self._file(f"articles/{partition.path}").write(told)
        if row.change in GONE:
            carried.gone.append(told)

    def _file(self, path: str) -> RowFile:
        if path not in self._files:
            file = RowFile(self._folder / path, self._carried.begun.get(path))
            self._files[path] = file
            self._open.callback(file.close)
        return self._files[path]

    def _link(self, link: Link) -> None:
        self._file(self._links).write(_encode(link) + b"\n")
        self._carried.figures.count_link(link)

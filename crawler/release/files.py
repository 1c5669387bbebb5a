"""The files of a release: gzip files whose bytes depend only on their rows.

libdeflate takes half the time of zlib and makes smaller files, with the same bytes on every
processor, which faster libraries do not guarantee.

Superseded versions are stored by their own edition and year, which may differ from those of the
newest version. Earlier versions of a withdrawn article are not released.
"""

import io
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

from deflate import gzip_compress
from isal.igzip import IGzipFile
from isal.igzip_lib import IsalError
from msgspec import Struct

from crawler.release.figures import Figures
from crawler.release.rows import Partition, Told, partition_of, released_line

_LEVEL = 1  # the next level takes 50% more time to save 3% of the bytes
_FULL = 1 << 18  # bytes per gzip member; more hardly saves space
_BUFFER = 1 << 18  # bytes read at once

SUPERSEDED = """
SELECT version.file, version.offset, version.length, version.article_id, version.number
FROM version JOIN article ON article.id = version.article_id
JOIN version AS newest ON newest.article_id = article.id AND newest.number = article.version
WHERE version.number <> article.version AND newest.change <> 'withdrawn'{conditions}
ORDER BY version.article_id, version.number
"""
_ISAL_ERROR: type[Exception] = IsalError  # type: ignore[assignment]  # isal's stub: an instance
BROKEN = (OSError, EOFError, _ISAL_ERROR)  # raised when a damaged file is read
_MOST_HELD = 4_000_000  # bytes kept before writing them to the partitions' files


class Begun(Struct):
    """How far a file of rows was written: its bytes, and rows that were not compressed yet."""

    size: int
    waiting: bytes


class RowFile:
    """Writes rows to a file, perhaps after those that it has."""

    def __init__(self, path: Path, begun: Begun | None = None) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab" if begun else "wb")
        self._waiting = [begun.waiting] if begun and begun.waiting else []
        self._waiting_bytes = sum(map(len, self._waiting))

    def write(self, line: bytes) -> None:
        """Add a row."""
        self._waiting.append(line)
        self._waiting_bytes += len(line)
        if self._waiting_bytes >= _FULL:
            self._compress()

    def _compress(self) -> None:
        self._file.write(gzip_compress(b"".join(self._waiting), _LEVEL))
        self._waiting.clear()
        self._waiting_bytes = 0

    def finish(self) -> None:
        """Write the remaining rows. A file without rows gets one empty member."""
        if self._waiting or not self._file.tell():
            self._compress()
        self._file.close()

    def begun(self) -> Begun:
        """Return how far it was written, so that another file can be continued from there."""
        return Begun(self._file.tell(), b"".join(self._waiting))

    def close(self) -> None:
        """Close the file as it is, even in the middle of its rows."""
        self._file.close()


def link(source: Path, target: Path) -> None:
    """Create a hard link to a file, or a copy on another disk."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        target.hardlink_to(source)
    except OSError:  # on another disk, for example
        shutil.copyfile(source, target)


def copy_start(source: Path, target: Path, size: int) -> None:
    """Copy the first bytes of a file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as old, target.open("wb") as new:
        for begin in range(0, size, _BUFFER):
            new.write(old.read(min(_BUFFER, size - begin)))


def is_linked(one: Path, other: Path) -> bool:
    """Return whether two paths are hard links to one file."""
    return other.exists() and one.samefile(other)


def open_rows(path: Path) -> BinaryIO:
    """Open a file of rows. The buffer avoids a call into Python for each line.

    A damaged file raises one of ``BROKEN``, now or later.
    """
    return io.BufferedReader(IGzipFile(path), _BUFFER)  # type: ignore[no-untyped-call]


def write_rows(path: Path, lines: Iterable[bytes]) -> None:
    """Write a complete file of rows."""
    with closing(RowFile(path)) as file:
        for line in lines:
            file.write(line)
        file.finish()


def scatter(rows: Iterable[tuple[Told, bytes]], work: Path, figures: Figures) -> dict[str, Path]:
    """Write superseded versions to one file per partition, in order. Return the files by path."""
    files: dict[str, Path] = {}
    waiting: dict[Partition, list[bytes]] = {}
    held = 0
    for row, line in _counted(rows, figures):
        partition = partition_of(row.edition, row.published_at)
        waiting.setdefault(partition, []).append(released_line(line, row, None, None))
        held += len(line)
        if held > _MOST_HELD:
            _flush(waiting, work, files)
            held = 0
    _flush(waiting, work, files)
    return files


def _counted(rows: Iterable[tuple[Told, bytes]], figures: Figures) -> Iterator[tuple[Told, bytes]]:
    """Yield the versions, which are grouped by article, and count them."""
    for _, of_article in groupby(rows, lambda each: each[0].id):
        number = 1  # the newest
        for row, line in of_article:
            figures.count_superseded(row)
            number += 1
            yield row, line
        figures.versions["1"] -= 1
        figures.versions[str(number)] += 1


def _flush(waiting: dict[Partition, list[bytes]], work: Path, files: dict[str, Path]) -> None:
    for partition, lines in waiting.items():
        path = work / f"{partition.edition}-{partition.year}.older"
        with path.open("ab") as file:
            file.writelines(lines)
        files[partition.path] = path
    waiting.clear()


def write_versions(folder: Path, older: Mapping[str, Path]) -> None:
    """Write ``versions/``: the rows that the rows of ``articles/`` superseded."""
    for path, source in older.items():
        with source.open("rb") as lines:
            write_rows(folder / "versions" / path, lines)

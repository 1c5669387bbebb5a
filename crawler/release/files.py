"""The files of a release: gzip files whose bytes depend on nothing but their rows.

libdeflate takes half of zlib's time for fewer bytes, the same on every processor, which faster ones
do not promise.

Superseded versions stand by their own edition and year, which can differ from those of the newest
version. What an article was before it was withdrawn is not released.
"""

import gzip
import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from deflate import gzip_compress

from crawler.release.figures import Figures
from crawler.release.rows import Partition, Told, partition_of, released_line

_LEVEL = 1  # the next would take half as much time again for a thirtieth of the bytes
_FULL = 1 << 18  # bytes gathered for a member; more would hardly make the file smaller
_BUFFER = 1 << 18  # bytes read at once

SUPERSEDED = """
SELECT version.file, version.offset, version.length, version.article_id, version.number
FROM version JOIN article ON article.id = version.article_id
JOIN version AS newest ON newest.article_id = article.id AND newest.number = article.version
WHERE version.number <> article.version AND newest.change <> 'withdrawn'{conditions}
ORDER BY version.article_id, version.number
"""
_MOST_HELD = 4_000_000  # bytes held before they are written to the partitions' files


class RowFile:
    """Writes rows to a file."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("wb")
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0

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
        """Write what waits; a file without rows is an empty member."""
        if self._waiting or not self._file.tell():
            self._compress()
        self._file.close()

    def close(self) -> None:
        """Leave the file as it is, in the middle of its rows."""
        self._file.close()


def open_rows(path: Path) -> BinaryIO:
    """Open a file of rows; the buffer spares a call into Python for each line."""
    return io.BufferedReader(gzip.GzipFile(path), _BUFFER)


def compress(folder: Path, piece: tuple[str, str]) -> None:
    """Make a file of ``articles/`` from one of ``work/`` that has the same rows as they are.

    Others may make it at the same time, of the same bytes: it is whole whenever it is seen.
    """
    source, name = piece
    temporary = folder / "work" / uuid4().hex
    with (folder / "work" / source).open("rb") as lines:
        write_rows(temporary, lines)
    target = folder / "articles" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary.replace(target)


def write_rows(path: Path, lines: Iterable[bytes]) -> None:
    """Write a whole file of rows."""
    with closing(RowFile(path)) as file:
        for line in lines:
            file.write(line)
        file.finish()


def scatter(rows: Iterable[tuple[Told, bytes]], work: Path, figures: Figures) -> dict[str, Path]:
    """Write superseded versions to a file a partition, in their order; return the files."""
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
    """Yield the versions, which stand article by article, and count them."""
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
    """Write ``versions/``: what the rows of ``articles/`` superseded."""
    for path, source in older.items():
        with source.open("rb") as lines:
            write_rows(folder / "versions" / path, lines)

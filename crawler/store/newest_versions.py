"""The newest version of each article as JSON Lines: exports and ``articles/<year>.jsonl``."""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from re import Pattern
from typing import IO, TypeAlias, TypeVar

import msgspec

from crawler.errors import StorageError
from crawler.model.article import Article
from crawler.model.fields import MISFIT, fits
from crawler.store.journal import damaged_line, read_row
from crawler.system.files import replace_file
from crawler.system.offloaded import (
    files_in,
    has_object,
    is_kept,
    is_offloaded,
    open_file,
    read_at,
)

Read = TypeVar("Read")
Place: TypeAlias = tuple[str, int, int, str, int]  # file, offset, length; expected id and version

# The ledger has the number of each article's newest version. Its place was committed after the
# journal was synced, so nothing beyond the committed length is ever read.
_PLACES = """
SELECT {also}version.file, version.offset, version.length, article.id, article.version
FROM article INDEXED BY article_year
CROSS JOIN version ON version.article_id = article.id AND version.number = article.version
WHERE article.version IS NOT NULL{conditions} ORDER BY article.year, {order}
"""

UNDATED = "undated"


def newest_lines(
    database: sqlite3.Connection, journal: Path, conditions: dict[str, object] | None = None
) -> Iterator[bytes]:
    """Yield the line of each article's newest version, by year and id, undated ones first.

    ``conditions``: SQL on columns of ``article``, with its value. Memory does not grow with the
    number of articles. Raises ``StorageError`` if a line is missing in the journal.
    """
    return lines_at(newest_places(database, conditions or {}, "article.id"), journal)


def newest_places(
    database: sqlite3.Connection, conditions: dict[str, object], order: str
) -> Iterator[Place]:
    """Yield the places of the same lines. ``order``: within a year."""
    asked = "".join(f" AND article.{each}" for each in conditions)
    query = _PLACES.format(also="", conditions=asked, order=order)
    return database.execute(query, tuple(conditions.values()))


def places_by_month(
    database: sqlite3.Connection, year: str | None
) -> Iterator[tuple[str, Iterator[tuple[object, ...]]]]:
    """Yield each month of a year with the places of its lines, in order of publication.

    Each begins with the month again. The month of undated articles, whose year is None, is empty.
    """
    query = _PLACES.format(
        also="coalesce(substr(article.published_at, 1, 7), ''), ",
        conditions=" AND article.year IS ?",
        order="article.published_at, article.id",
    )
    return groupby(database.execute(query, (year,)), itemgetter(0))


def lines_at(
    places: Iterable[Place | tuple[str, int, int]], journal: Path, *, checked: bool = False
) -> Iterator[bytes]:
    """Yield the lines at the given places in the journal.

    ``checked``: the caller checks that each line is the expected row with its recorded content.
    """
    return _read_at(places, journal, _as_it_is if checked else _checked)


def rows_at(places: Iterable[Place], journal: Path) -> Iterator[Article]:
    """Yield the rows at the given places, with the content that was recorded."""
    return _read_at(places, journal, _row)


def few_lines_at(places: Iterable[Place], journal: Path) -> Iterator[bytes]:
    """Yield lines likewise, with one request for each line of a journal in a bucket."""
    for name, offset, length, *wanted in places:
        try:
            line = read_at(journal / name, offset, length)
            yield _checked(_whole(line, length), wanted)
        except (OSError, ValueError, TypeError, OverflowError, MemoryError) as error:
            what = " version ".join(map(str, wanted))
            raise damaged_line(journal / name, offset, what, error) from error


def _read_at(
    places: Iterable[Place | tuple[str, int, int]],
    journal: Path,
    read: Callable[[bytes, Sequence[object]], Read],
) -> Iterator[Read]:
    """Yield what is read from the lines at these places; a file is opened once."""
    with ExitStack() as opened:
        files: dict[str, IO[bytes]] = {}
        for name, offset, length, *wanted in places:
            if name not in files:
                files[name] = opened.enter_context(_open(journal / str(name)))
            try:
                found = read(_line(files[name], offset, length), wanted)
            except (OSError, ValueError, TypeError, OverflowError, MemoryError) as error:
                what = " version ".join(map(str, wanted)) or "a row"
                raise damaged_line(journal / str(name), offset, what, error) from error
            yield found


def _line(file: IO[bytes], offset: int, length: int) -> bytes:
    return _whole(os.pread(file.fileno(), length, offset), length)


def _whole(line: bytes, length: int) -> bytes:
    if len(line) != length or not line.endswith(b"\n"):
        raise ValueError("no whole line")
    return line


def _as_it_is(line: bytes, wanted: Sequence[object]) -> bytes:
    return line


def _checked(line: bytes, wanted: Sequence[object]) -> bytes:
    line.decode()
    _check(_decode(line), wanted)
    return line


def _row(line: bytes, wanted: Sequence[object]) -> Article:
    row = read_row(line)
    _check(row, wanted)
    return row


def _check(row: "_Row | Article", wanted: Sequence[object]) -> None:
    """Raise ``ValueError`` unless it is the expected row with its recorded content."""
    if wanted and wanted != [row.id, row.version]:
        raise ValueError(f"found {row.id} version {row.version} there")
    if not is_as_recorded(row):
        raise ValueError(MISFIT)


def is_as_recorded(row: "_Row | Article") -> bool:
    """Return whether a row's content has the recorded hash."""
    return fits(row) or (bool(row.images) and fits(row, image_size_of(row.agency)))


class _Image(msgspec.Struct, gc=False):
    url: str


class _Row(msgspec.Struct, gc=False):
    """The fields that every row has, and those that its hash covers."""

    id: str
    version: int
    agency: str
    title: str
    content_hash: str
    body: str = ""
    byline_raw: str | None = None
    published_at: str | None = None
    images: list[_Image] = []


_decode = msgspec.json.Decoder(_Row).decode


@cache
def image_size_of(agency: str) -> Pattern[str] | None:
    """Return the size pattern that an agency's hashes ignore in image URLs; few rows need it."""
    from crawler.extract.agencies import find_agency, is_agency

    return find_agency(agency).rules.image_size if is_agency(agency) else None


def _open(path: Path) -> IO[bytes]:
    try:
        return open_file(path, again=True)
    except (OSError, ValueError) as error:  # also if the name cannot be that of a file
        why = getattr(error, "strerror", error)
        raise StorageError(
            f"{path}: cannot be read ({why}); restore the file from a backup or run scrapy rebuild "
            f"{path.parent.parent.name}"
        ) from error


def note_written_years(database: sqlite3.Connection, folder: Path) -> None:
    """Let the next run write every existing year file again, even one without articles."""
    years = [path.stem.replace(UNDATED, "") for path in files_in(folder / "articles", "*.jsonl")]
    database.executemany("INSERT OR IGNORE INTO changed_year VALUES (?)", [(y,) for y in years])


def write_changed_years(database: sqlite3.Connection, folder: Path) -> list[str]:
    """Rewrite the files of years that have changed. Return their names.

    The ledger clears these marks with its next commit. Without that commit, the files are written
    once more. A year without articles loses its file. Raises ``OSError`` and ``StorageError``.
    """
    years = [year for (year,) in database.execute("SELECT year FROM changed_year ORDER BY year")]
    if years:
        (folder / "articles").mkdir(exist_ok=True)
    for year in years:
        path = folder / "articles" / f"{year or UNDATED}.jsonl"
        places = newest_places(database, {"year IS ?": year or None}, "article.id")
        written = replace_file(path, _year_lines(places, folder / "journal", path))
        if written == 0 and not has_object(path):
            path.unlink()
        database.execute("DELETE FROM changed_year WHERE year = ?", (year,))
    return [year or UNDATED for year in years]


def _year_lines(places: Iterator[Place], journal: Path, path: Path) -> Iterator[bytes]:
    """Yield the lines of a year's file.

    Rows whose journal is in a bucket are copied from the present file, so that a run does not
    download a journal for one new line.
    """
    away = {file.name for file in files_in(journal, "*.jsonl") if is_offloaded(file)}
    if not away or not is_kept(path):
        yield from lines_at(places, journal)
        return
    with open_file(path) as file:
        before = _LinesBefore(file)
        for place in places:
            line = before.find(*place[3:]) if place[0] in away else None
            yield line or next(lines_at([place], journal))


class _LinesBefore:
    """The lines of the present year file, sorted by id and looked up in that order."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._line, self._id = b"", ""

    def find(self, article_id: str, number: int) -> bytes | None:
        """Return the line of a version, if the file contains it with its recorded hash."""
        try:
            while self._id < article_id and (line := self._file.readline()):
                self._line, self._id = line, _decode(line).id
            _checked(self._line, [article_id, number])
        except (ValueError, TypeError):
            return None
        return self._line

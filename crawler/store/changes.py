"""The changes that an archive has recorded after a position in its journal."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

import msgspec

from crawler.model.article import Article
from crawler.model.fields import MISFIT
from crawler.store.journal import damaged_line, read_row
from crawler.store.newest_versions import is_as_recorded
from crawler.store.reader import ArchiveReader
from crawler.system.clock import now, rfc3339
from crawler.system.offloaded import open_file, read_at

KINDS = ("new", "edited", "gone", "back")  # changes made by the site; the others are our own
_RECENT = timedelta(days=7)  # older articles are new to the archive only


class Position(msgspec.Struct, frozen=True):
    """The point up to which changes were read: journal file lengths, and the time of reading."""

    lengths: Mapping[str, int]
    read_at: str = ""

    @classmethod
    def here(cls, reader: ArchiveReader) -> Self:
        """Return the end of the committed journal."""
        query = "SELECT name, length FROM file WHERE name LIKE '%.jsonl'"
        return cls(dict(reader.database.execute(query)), rfc3339(now()))


def changes(reader: ArchiveReader, since: Position) -> Iterator[Article]:
    """Yield the changes by the site that were recorded after a position, in order of recording.

    If the journal was replaced, as by a restored backup, these are the changes seen since
    ``since.read_at``. Raises ``DamagedVersion`` for a line that differs from its recorded hash, and
    for a file that cannot be read.
    """
    for name, end in sorted(Position.here(reader).lengths.items()):
        path, start = reader.journal.folder / name, since.lengths.get(name, 0)
        try:
            if _begins_line(path, start, end):
                yield from _rows(path, start, end)
            else:
                rows = _rows(path, 0, end)
                yield from (row for row in rows if row.fetched_at >= since.read_at)
        except OSError as error:
            raise damaged_line(path, start, "the journal", error) from error


def recent_changes(reader: ArchiveReader, moment: datetime) -> Iterator[Article]:
    """Yield the changes by the site that were seen since a moment.

    Raises ``DamagedVersion`` like ``changes``.
    """
    first, lengths = f"{moment:%Y-%m}.jsonl", Position.here(reader).lengths
    earlier = {name: lengths[name] for name in lengths if name < first}
    rows = changes(reader, Position(earlier))
    yield from (row for row in rows if row.fetched_at >= rfc3339(moment))


def _begins_line(path: Path, start: int, end: int) -> bool:
    if not 0 < start < end:
        return start in (0, end)
    return read_at(path, start - 1, 1) == b"\n"


def _rows(path: Path, start: int, end: int) -> Iterator[Article]:
    if start >= end:
        return
    with open_file(path, again=True) as file:
        file.seek(start)
        while start < end and (line := file.readline()):
            # Spaces replace a removed damaged row; they are part of the next line, not of its row.
            if _may_be_news(line):
                yield _row(path, start, line)
            start += len(line)


class _Told(msgspec.Struct, gc=False):
    """The fields that decide whether a row is news; most rows are not, so no more is decoded."""

    change: str
    fetched_at: str
    published_at: str | None = None
    archive_url: str | None = None


_decode = msgspec.json.Decoder(_Told).decode


def _may_be_news(line: bytes) -> bool:
    """Return whether a line is news, or cannot be decoded."""
    try:
        return is_news(_decode(line))
    except (ValueError, TypeError):
        return True


def _row(path: Path, start: int, line: bytes) -> Article:
    try:
        row = read_row(line)
        if not is_as_recorded(row):
            raise ValueError(MISFIT)
    except (ValueError, TypeError) as error:
        raise damaged_line(path, start, "a row", error) from error
    return row


def is_news(row: Article | _Told) -> bool:
    """Return whether a version is a recent change by the site.

    Versions read from web archives or WARC files are history, and so is an old article that is only
    new to the archive.
    """
    if row.change not in KINDS or row.archive_url:
        return False
    return row.change != "new" or not row.published_at or _is_recent(row.published_at, row)


def _is_recent(published_at: str, row: Article | _Told) -> bool:
    published, seen = (datetime.fromisoformat(each[:10]) for each in (published_at, row.fetched_at))
    return seen - published <= _RECENT

"""What an archive has recorded since a place in its journal: what is told to those who ask."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from crawler.model.article import Article
from crawler.model.fingerprint import MISFIT
from crawler.store.export import is_as_recorded
from crawler.store.journal import damaged_line, read_row
from crawler.store.reader import ArchiveReader

KINDS = ("new", "edited", "gone", "back")  # what the site did; all else is our own doing
_RECENT = timedelta(days=7)  # an older article is new to the archive, and no news


def journal_lengths(reader: ArchiveReader) -> dict[str, int]:
    """Return how far the ledger covers each file of the journal: all that a reader may read."""
    query = "SELECT name, length FROM file WHERE name LIKE '%.jsonl'"
    return dict(reader.database.execute(query))


def changes(reader: ArchiveReader, since: Mapping[str, int]) -> Iterator[Article]:
    """Yield the changes of the site that were recorded since then, in order of recording.

    ``since``: lengths of the journal's files. Raises ``DamagedVersion`` for a line that is not
    what was recorded.
    """
    for name, end in sorted(journal_lengths(reader).items()):
        path = reader.journal.folder / name
        yield from filter(is_news, _rows(path, since.get(name, 0), end))


def _rows(path: Path, start: int, end: int) -> Iterator[Article]:
    if start >= end:
        return
    with path.open("rb") as file:
        file.seek(start)
        while start < end and (line := file.readline()):
            yield _row(path, start, line)  # blanks before it, of a damaged one, are no part of it
            start += len(line)


def _row(path: Path, start: int, line: bytes) -> Article:
    try:
        row = read_row(line)
        if not is_as_recorded(row):
            raise ValueError(MISFIT)
    except (ValueError, TypeError) as error:
        raise damaged_line(path, start, "a row", error) from error
    return row


def is_news(row: Article) -> bool:
    """Tell whether a version says what the site did of late.

    What was read from a web archive or from WARC files is history, and so is an old article that
    is only new to the archive.
    """
    if row.change not in KINDS or row.archive_url:
        return False
    return row.change != "new" or not row.published_at or _is_recent(row.published_at, row)


def _is_recent(published_at: str, row: Article) -> bool:
    published, seen = (datetime.fromisoformat(each[:10]) for each in (published_at, row.fetched_at))
    return seen - published <= _RECENT

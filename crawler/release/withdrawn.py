"""Lists withdrawn articles, which must be deleted from each copy of an earlier release.

All are listed, whatever a release selects: readers may have another release.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from crawler.release.files import open_rows, write_rows
from crawler.release.rows import read_checked
from crawler.store.newest_versions import newest_places
from crawler.store.reader import ArchiveReader

FILE = "withdrawn.jsonl.gz"
FIELDS = {
    "id": ("string", "id of the article"),
    "at": ("string", "when it was withdrawn, UTC"),
    "reason": ("string", "why"),
}


class Withdrawn(Struct, forbid_unknown_fields=True, frozen=True):
    """A line of the file."""

    id: str
    at: str
    reason: str | None


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Withdrawn).decode


def write_withdrawn(reader: ArchiveReader, folder: Path) -> None:
    """Write the file, without a line if nothing was withdrawn. Raises ``StorageError``."""
    places = newest_places(reader.database, {"state = ?": "withdrawn"}, "article.id")
    rows = read_checked(places, reader.journal.folder)
    told = sorted((row.fetched_at, row.id, row.reason) for row, _ in rows)
    lines = (_encode(Withdrawn(name, at, reason)) + b"\n" for at, name, reason in told)
    write_rows(folder / FILE, lines)


def read_withdrawn(folder: Path) -> Iterator[Withdrawn]:
    """Yield the lines of a release's file, the earliest first. Raises ``ValueError``."""
    with open_rows(folder / FILE) as lines:
        yield from map(_decode, lines)

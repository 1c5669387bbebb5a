"""The journal: append-only JSON Lines, one line per version, one file per UTC month of writing.

Lines that are no rows can be moved into files of their own.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from crawler.errors import DamagedVersion
from crawler.model.article import Article
from crawler.model.schema import is_newer
from crawler.system.files import cut, replace_file
from crawler.system.offloaded import MovableFiles, bring_back, open_file

GROUP = 50  # articles per commit; one sync costs as much as reading several pages
GROUP_BYTES = 8_000_000  # of lines; a commit comes earlier rather than hold more
LONGEST_ROW = 64_000_000  # bytes; a page has at most 10 MiB, and JSON needs up to six bytes for one
# What a killed run can leave beyond a commit: a group, and what was in flight when it filled.
LONGEST_TAIL = GROUP_BYTES + LONGEST_ROW  # bytes
MOST_ROWS = 3 * GROUP  # an article can have two, if changed code reads it differently

# The fields that the ledger uses. A missing one would get its default without a check.
_NEEDED = ("id", "url", "title", "content_hash", "first_seen_at", "fetched_at", "extractor")
_decode = msgspec.json.Decoder(Article).decode
_decode_names = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_FIELDS = Article.__dataclass_fields__.keys()


def read_row(line: bytes) -> Article:
    """Read a line of the journal. Raises ``ValueError`` if it is no row by the schema."""
    row = _decode(line)
    for name in _NEEDED:
        if not getattr(row, name):
            raise ValueError(f"without {name}")
    unknown = _decode_names(line).keys() - _FIELDS
    if unknown and not is_newer(row.schema):  # a field with a damaged name would get its default
        raise ValueError(f"with a field {min(unknown)!r} that no row has")
    if row.change == "gone" and not row.evidence:
        raise ValueError("gone without evidence")
    for moment in filter(None, (row.published_at, row.first_seen_at, row.fetched_at)):
        datetime.fromisoformat(moment)
    return row


def line_at(path: Path, offset: int) -> str:
    """Name a line of the journal by the position where it begins: ``2026-11.jsonl: line 12``."""
    number = 1
    with open_file(path, again=True) as file:
        while offset > 0 and (piece := file.read(min(offset, 1_000_000))):
            number += piece.count(b"\n")
            offset -= len(piece)
    return f"{path}: line {number}"


def damaged_line(path: Path, offset: int, what: str, why: object) -> DamagedVersion:
    """Return the message for a line that cannot be read: where it is, and what to do."""
    try:
        place = line_at(path, offset)
    except (OSError, TypeError, ValueError):  # the place itself may be damaged
        place = str(path)
    return DamagedVersion(
        f"{place}: {what} cannot be read at byte {offset} ({why}); restore the file from a backup, "
        "or continue without the damaged part: scrapy rebuild "
        f"{path.parent.parent.name} --skip-damaged"
    )


class Journal(MovableFiles):
    """Rows as lines. A line whose article the ledger does not know is never left behind."""

    pattern = "*.jsonl"
    longest_tail = LONGEST_TAIL

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._encode = msgspec.json.Encoder().encode

    def append(self, row: Any, written_at: datetime) -> tuple[str, int, int]:
        """Queue a row for the next write. Return its file name, offset and length in bytes."""
        return self.add(f"{written_at:%Y-%m}.jsonl", self._encode(row) + b"\n")

    def version(
        self, article_id: str, number: int, name: str, offset: int, length: int
    ) -> dict[str, Any]:
        """Read a version back as plain JSON values, even one that is not written yet.

        Raises ``DamagedVersion`` if it is not at that place.
        """
        told: dict[str, Any] = msgspec.to_builtins(
            self.row(article_id, number, name, offset, length)
        )
        return told

    def row(self, article_id: str, number: int, name: str, offset: int, length: int) -> Article:
        """Read a version back as an article. Raises ``DamagedVersion`` likewise."""
        try:
            row = read_row(self.read_bytes(name, offset, length))
            if (row.id, row.version) != (article_id, number):
                raise ValueError(f"found {row.id} version {row.version} there")
        except (OSError, ValueError, TypeError, OverflowError, MemoryError) as error:
            what = f"{article_id} version {number}"
            raise damaged_line(self.folder / str(name), offset, what, error) from error
        return row

    def _is_too_long(self, path: Path, covered: Mapping[str, int], longest: int) -> bool:
        with path.open("rb") as file:
            file.seek(covered.get(path.name, 0))
            tail = file.read(longest + 1)
        return len(tail) > longest or tail.count(b"\n") > MOST_ROWS


class Line(NamedTuple):
    """A line and its position. ``is_ended``: it has a line end, which is part of ``data``.

    Of a line longer than any row, ``data`` is only the beginning; ``length`` is correct.
    """

    offset: int
    length: int
    data: bytes
    is_ended: bool


def lines_of(path: Path) -> Iterator[Line]:
    """Yield each line. Blanks before a row, left where a line was moved, are not part of it."""
    with open_file(path) as journal:
        offset = 0
        while data := journal.readline(LONGEST_ROW):
            if blanks := len(data) - len(data.lstrip(b" ")):
                offset += blanks
                journal.seek(offset)
                continue
            last, length = data, len(data)
            while not last.endswith(b"\n") and (last := journal.readline(LONGEST_ROW)):
                length += len(last)
            yield Line(offset, length, data, (last or data).endswith(b"\n"))
            offset += length


@dataclass(slots=True)
class DamagedLines:
    """The damaged lines of one file, and the ``end`` of the last good one.

    Good lines keep their positions, so that every ledger still finds them, even one that is being
    read now. A removed line is overwritten with blanks, which JSON allows between values.
    """

    path: Path
    end: int = 0
    lines: list[Line] = field(default_factory=list)

    def keep(self, line: Line) -> None:
        """Note that a line is good."""
        self.end = line.offset + line.length

    def move(self) -> Path:
        """Write the damaged lines into a file beside, then blank them. Return that file's path.

        A crash in between leaves them in both files. Raises ``OSError``.
        """
        bring_back(self.path)
        names = (f"{self.path.name}.damaged-{number}" for number in count(1))
        aside = next(place for place in map(self.path.with_name, names) if not place.exists())
        replace_file(aside, map(self._whole, self.lines))
        within = [line for line in self.lines if line.offset < self.end]
        if within:
            blanks = {line.offset: b" " * line.length for line in within}
            Journal(self.path.parent).overwrite(self.path.name, blanks)
        if len(within) < len(self.lines):
            cut(self.path, self.end)
        return aside

    def _whole(self, line: Line) -> bytes:
        with self.path.open("rb") as journal:
            return os.pread(journal.fileno(), line.length, line.offset)

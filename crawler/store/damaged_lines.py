"""Lines of the journal that are no rows: skipped, and moved into files of their own."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import NamedTuple

from crawler.store.journal import LONGEST_ROW, Journal
from crawler.system.files import cut, replace_file
from crawler.system.offloaded import bring_back, open_file


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

"""The journal: append-only JSON Lines, one line a version, by UTC month of writing."""

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from crawler.errors import StorageError
from crawler.items import Article

GROUP = 50  # articles a commit: one sync costs as much as reading several pages
GROUP_BYTES = 8_000_000  # of lines; a commit comes early rather than hold more
LONGEST_ROW = 64_000_000  # bytes; a page has at most 10 MiB, and JSON makes up to six of one
# What a killed run can leave beyond a commit: a group, with what was under way when it was full.
LONGEST_TAIL = GROUP_BYTES + LONGEST_ROW  # bytes
MOST_ROWS = 2 * GROUP

# What the ledger goes by; a field that a line lacks would have its default, unchecked.
_NEEDED = ("id", "url", "title", "content_hash", "first_seen_at", "fetched_at", "extractor")
_decode = msgspec.json.Decoder(Article).decode


def read_row(line: bytes) -> Article:
    """Read a line of the journal; raise ``ValueError`` if it is no row by the schema."""
    row = _decode(line)
    for name in _NEEDED:
        if not getattr(row, name):
            raise ValueError(f"without {name}")
    if row.change == "gone" and not row.evidence:
        raise ValueError("gone without evidence")
    for moment in filter(None, (row.published_at, row.first_seen_at, row.fetched_at)):
        datetime.fromisoformat(moment)
    return row


class Journal:
    """Lines gathered in memory, written and synced together.

    Only what a commit of the ledger covers counts: ``settle`` cuts each file back to the length
    the ledger knows, so a line whose article the ledger does not know is never left behind.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._encoder = msgspec.json.Encoder()
        self._waiting: dict[str, list[bytes]] = {}
        self.waiting_bytes = 0
        self._lengths: dict[str, int] = {}

    def settle(self, committed: dict[str, int], *, closed: bool = False) -> None:
        """Make every file exactly as long as the ledger says; ``committed`` is by file name.

        Raises ``StorageError``, and cuts nothing, if a file is shorter than that, or longer by
        more than a killed run can leave behind: then the two do not belong together. A run that
        ``closed`` the ledger has left nothing behind.
        """
        longest = 0 if closed else LONGEST_TAIL
        present = {path.name: path.stat().st_size for path in self.folder.glob("*.jsonl")}
        for name in sorted(present.keys() | committed.keys()):
            self._check(name, present.get(name, 0), committed.get(name, 0), longest)
        for name, size in present.items():
            if size > committed.get(name, 0):
                os.truncate(self.folder / name, committed.get(name, 0))
        self._lengths = dict(committed)

    def _check(self, name: str, present: int, committed: int, longest: int) -> None:
        path, agency = self.folder / name, self.folder.parent.name
        if present < committed:
            raise StorageError(
                f"{path}: {present} bytes where the ledger has {committed}; restore the file from "
                f"a backup, or go on with what is left by: scrapy rebuild {agency}"
            )
        if present > committed and _tail_is_too_long(path, committed, longest):
            raise StorageError(
                f"{path}: {present - committed} bytes beyond what the ledger covers, more than the "
                "run before can have left behind; nothing was cut off: take them into the ledger "
                f"by: scrapy rebuild {agency}"
            )

    def append(self, row: Any, written_at: datetime) -> tuple[str, int, int]:
        """Take a row for the next write; return its file name, offset and length in bytes."""
        name = f"{written_at:%Y-%m}.jsonl"
        line = self._encoder.encode(row) + b"\n"
        offset = self._lengths.get(name, 0)
        self._waiting.setdefault(name, []).append(line)
        self._lengths[name] = offset + len(line)
        self.waiting_bytes += len(line)
        return name, offset, len(line)

    def write(self) -> dict[str, int]:
        """Write and sync what waits; return the new length of each file that grew."""
        grown = {}
        for name, lines in self._waiting.items():
            with (self.folder / name).open("ab") as file:
                file.write(b"".join(lines))
                file.flush()
                os.fsync(file.fileno())
            grown[name] = self._lengths[name]
        self._waiting.clear()
        self.waiting_bytes = 0
        return grown

    def read(self, name: str, offset: int, length: int) -> Any:
        """Read a row back as plain JSON values, also one that still waits to be written."""
        return msgspec.json.decode(self.read_line(name, offset, length))

    def read_line(self, name: str, offset: int, length: int) -> bytes:
        """Read a row's line, also one that still waits to be written."""
        waiting = b"".join(self._waiting.get(name, ()))
        start = self._lengths.get(name, 0) - len(waiting)
        if waiting and offset >= start:
            return waiting[offset - start :][:length]
        with (self.folder / name).open("rb") as file:
            file.seek(offset)
            return file.read(length)


def _tail_is_too_long(path: Path, committed: int, longest: int) -> bool:
    with path.open("rb") as file:
        file.seek(committed)
        tail = file.read(longest + 1)
    return len(tail) > longest or tail.count(b"\n") > MOST_ROWS

"""Gzip files whose bytes depend on nothing but the rows, and that can be gone on from.

``versions/`` begins with the rows of ``articles/``: what was compressed for one is taken over by
the other, so that each row is compressed once.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO
from uuid import uuid4

import msgspec

_HEADER = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"  # deflate, no name, no time, no system
_END = 2 + 8  # bytes behind the rows: an empty block, checksum and size
_LEVEL = 1  # the next would take twice the time for a sixth of the bytes
_CHUNK = 1 << 20  # bytes read at once
_FULL = 1 << 16  # bytes gathered before they are compressed


class Compressed(msgspec.Struct, frozen=True):
    """What has to be known of the rows of a file to go on from there."""

    length: int  # bytes of the file up to where they end
    crc: int
    size: int  # bytes of the rows
    rows: int


NOTHING = Compressed(len(_HEADER), 0, 0, 0)


class RowFile:
    """Writes rows to a file, after those of another file if one is given."""

    def __init__(
        self, path: Path, source: Path | None = None, before: Compressed = NOTHING
    ) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("wb")
        if source is None:
            self._file.write(_HEADER)
        else:
            with source.open("rb") as file:
                _copy(file, before.length, self._file)
        self._before = before
        self._crc, self._size, self._rows = before.crc, before.size, before.rows
        self._deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0

    def write(self, line: bytes) -> None:
        """Add a row."""
        self._waiting.append(line)
        self._waiting_bytes += len(line)
        if self._waiting_bytes >= _FULL:
            self._compress()

    def _compress(self) -> None:
        data = b"".join(self._waiting)
        self._crc = zlib.crc32(data, self._crc)
        self._size += len(data)
        self._rows += len(self._waiting)
        self._file.write(self._deflate.compress(data))
        self._waiting.clear()
        self._waiting_bytes = 0

    def finish(self) -> Compressed:
        """End the file; return what has to be known to go on after its rows."""
        self._compress()
        self._file.write(self._deflate.flush(zlib.Z_FULL_FLUSH))
        told = Compressed(self._file.tell(), self._crc, self._size, self._rows)
        self._file.write(self._deflate.flush())
        self._file.write(struct.pack("<II", self._crc, self._size & 0xFFFFFFFF))
        self._file.close()
        return told

    def close(self) -> None:
        """Leave the file as it is, in the middle of its rows."""
        self._file.close()


def rows_after(source: Path, path: Path) -> Iterator[bytes] | None:
    """Return the rows of a file behind those of the one it went on from; None if it did not.

    Equal bytes are equal rows, so none of those has to be unpacked again. The rows raise
    ``OSError``, ``EOFError`` or ``zlib.error`` where the file is broken.
    """
    length = source.stat().st_size - _END
    with source.open("rb") as before, path.open("rb") as file:
        for start in range(0, length, _CHUNK):
            size = min(_CHUNK, length - start)
            if before.read(size) != file.read(size):
                return None
    return _rows_from(path, length)


def _rows_from(path: Path, start: int) -> Iterator[bytes]:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    rest = b""
    with path.open("rb") as file:
        file.seek(start)
        while data := file.read(_CHUNK):
            *lines, rest = (rest + inflate.decompress(data)).splitlines(keepends=True) or [b""]
            if rest.endswith(b"\n"):
                lines, rest = [*lines, rest], b""
            yield from lines
    if not inflate.eof or rest:
        raise EOFError("it ends in the middle of a row")


def _copy(source: IO[bytes], length: int, target: IO[bytes]) -> None:
    while length:
        data = source.read(min(length, _CHUNK))
        target.write(data)
        length -= len(data)


def compress(folder: Path, piece: tuple[str, str]) -> Compressed:
    """Make a file of ``articles/`` from one of ``work/`` that has the same rows as they are.

    Others may make it at the same time, of the same bytes: it is whole whenever it is seen.
    """
    source, name = piece
    temporary = folder / "work" / uuid4().hex
    with (folder / "work" / source).open("rb") as lines:
        told = write_rows(temporary, lines)
    target = folder / "articles" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary.replace(target)
    return told


def write_rows(path: Path, lines: Iterable[bytes]) -> Compressed:
    """Write a whole file of rows; return what has to be known to go on after them."""
    file = RowFile(path)
    try:
        for line in lines:
            file.write(line)
        return file.finish()
    finally:
        file.close()

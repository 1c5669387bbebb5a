"""Reads WARC files from start to end, imported ones too, and finds good records after damage."""

import mmap
import os
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from crawler.errors import StorageError
from crawler.system.offloaded import Ranges, is_offloaded, open_file
from crawler.warc.record import HEAD_END, RECORD_END, Record, parse_record

LARGEST_RECORD = 64_000_000  # bytes uncompressed; larger records are videos, not pages

_GZIP = 31
_GZIP_START = b"\x1f\x8b\x08"
_PLAIN_START = b"WARC/"
_START = re.compile(re.escape(_GZIP_START) + b"|" + _PLAIN_START)
_STANDARD_END = b"\r\n\r\n"
_CHUNK = 16_384  # bytes uncompressed at a time: a request fits in, a page takes several


@dataclass(frozen=True, slots=True)
class Scanned:
    """A range of a file: a record, or a description of the damage there."""

    offset: int
    length: int
    record: Record | None
    problem: str = ""


class Data(Protocol):
    """Bytes that need not all be in memory."""

    def __len__(self) -> int: ...
    def __getitem__(self, part: slice, /) -> bytes: ...
    def find(self, sought: bytes, start: int, /) -> int: ...  # noqa: D102


Some = TypeVar("Some", bound=Data)


def scan(path: Path, start: int | None = None) -> Iterator[Scanned]:
    """Yield the records and damaged ranges of a WARC file in order, compressed or not.

    ``start``: offset of the record to start with; of a file in a bucket, only the blocks from there
    on are downloaded that are read. Without it, the whole file is downloaded and checked.

    After damage it continues with the next record. Raises ``StorageError`` if the file cannot be
    read.
    """
    if start is not None and path.suffix == ".gz" and is_offloaded(path):
        yield from _scan(Ranges(path), start, _GZIP_START, _read_member)
        return
    try:
        with open_file(path) as file:
            if os.fstat(file.fileno()).st_size:
                with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                    yield from scan_bytes(data, start or 0)
    except OSError as error:
        raise StorageError(f"{path}: cannot be read ({error.strerror})") from error


def scan_bytes(data: bytes | mmap.mmap, offset: int = 0) -> Iterator[Scanned]:
    """Yield the records and damaged ranges in the bytes of a WARC file."""
    start = _START.search(data[:_CHUNK])  # other bytes may precede it
    if start and start[0] == _GZIP_START:
        return _scan(data, offset, _GZIP_START, _read_member)
    return _scan(data, offset, _PLAIN_START, _read_plain)


def _scan(
    data: Some, offset: int, start: bytes, read: Callable[[Some, int], tuple[Record, int]]
) -> Iterator[Scanned]:
    lost, bad = offset, ""  # where the damage began, and its description
    while offset < len(data):
        try:
            record, end = read(data, offset)
        except StorageError as error:
            bad = bad or str(error)
            offset = data.find(start, offset + 1)
            if offset < 0:
                break
            continue
        if bad:
            yield Scanned(lost, offset - lost, None, bad)
        yield Scanned(offset, end - offset, record)
        offset = lost = end
        bad = ""
    if bad:
        yield Scanned(lost, len(data) - lost, None, bad)


def _read_member(data: Data, offset: int) -> tuple[Record, int]:
    """Parse the record in a gzip member; return it and its end."""
    unpacker = zlib.decompressobj(_GZIP)
    parts, size, position = [], 0, offset
    while not unpacker.eof:
        chunk = data[position : position + _CHUNK]
        if not chunk:
            raise StorageError("is cut short")
        try:
            parts.append(unpacker.decompress(chunk))
        except zlib.error as error:
            raise StorageError(f"is not a gzip member ({error})") from error
        position += len(chunk)
        size += len(parts[-1])
        if size > LARGEST_RECORD:
            raise StorageError(f"contains more than {LARGEST_RECORD} bytes, or all records in one")
    return parse_record(b"".join(parts)), position - len(unpacker.unused_data)


def _read_plain(data: bytes | mmap.mmap, offset: int) -> tuple[Record, int]:
    """Parse an uncompressed record; return it and its end."""
    head = HEAD_END.search(data, offset, offset + _CHUNK)
    lines = data[offset : head.start() if head else offset].lower().splitlines()
    lengths = [line[15:].strip() for line in lines if line.startswith(b"content-length:")]
    if head is None or not lengths or not re.fullmatch(rb"\d{1,15}", lengths[0]):
        raise StorageError("is not a WARC record")
    if int(lengths[0]) > LARGEST_RECORD:
        raise StorageError(f"contains more than {LARGEST_RECORD} bytes")
    if head.end() + int(lengths[0]) > len(data):
        raise StorageError("is cut short")
    after = RECORD_END.match(data, head.end() + int(lengths[0]))
    assert after is not None, "no line end is one, too"
    end = after.end()
    # A nonstandard record end is accepted only if the next record follows.
    ends = after[0].startswith(_STANDARD_END) or data[end : end + 5] in (b"", _PLAIN_START)
    return parse_record(data[offset : end if ends else end + 5]), end

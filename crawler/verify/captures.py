"""The captures: compares the ledger's entry of each record with the record itself."""

import os
import zlib
from collections.abc import Iterator
from pathlib import Path

from crawler.errors import StorageError
from crawler.system.offloaded import files_in, open_file
from crawler.verify.context import SHARE, Context, Pace
from crawler.warc.index import CaptureIndex, CaptureRecord
from crawler.warc.record import Record, digest_of, parse_head, parse_record, read_record

_PIECE = 2_048  # bytes; contains the header of nearly every record
_GZIP = 31
_NOTHING = digest_of(b"")
_BETWEEN = ("warcinfo", "request", "metadata")  # records that the ledger does not have


class CaptureCheck:
    """Checks the header of every record, and some or all records to the end."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.folder = context.folder / "warc"
        self.index = CaptureIndex(context.database)
        self._pace = Pace("captures", context.count("capture"), context.say)
        self._number = context.turn

    def problems(self) -> Iterator[str]:
        """Yield what is wrong, one line each."""
        present = {path.name for path in files_in(self.folder, "*.warc.gz")}
        for name in sorted(present | self.context.files_of("capture", ".warc.gz")):
            path = self.folder / name
            if name in present:
                yield from self.context.problems_of(path, self._check_file(path))
            else:
                yield from self._not_here(path)
        yield from self._check_revisits()

    def _not_here(self, path: Path) -> Iterator[str]:
        """Handle a missing file: it may be kept elsewhere, but only together with its index."""
        index = path.with_name(f"{path.name.removesuffix('.warc.gz')}.cdxj")
        if index.exists():
            yield f"{path}: is missing, though its index is here"
        else:
            self.context.notes.append(f"{path}: is not here, so its captures were not checked")

    def _check_file(self, path: Path) -> Iterator[str]:
        length = self.context.lengths.get(path.name, 0)
        with open_file(path) as file:
            if (size := os.fstat(file.fileno()).st_size) < length:
                yield f"{path}: {size} bytes where the ledger has {length}"
            for offset, problem in self._check_records(path.name, file.fileno(), min(size, length)):
                yield f"{path}: the record at byte {offset}: {problem}"

    def _check_records(self, name: str, file: int, length: int) -> Iterator[tuple[int, str]]:
        end = 0
        for capture in self.index.in_order(name):
            if capture.offset < end:
                yield capture.offset, "begins within another"
            yield from _check_between(file, end, capture.offset)
            if capture.kind != "withdrawn" and (problem := self._check_record(file, capture)):
                yield capture.offset, problem
            end = max(end, capture.offset + capture.length)
        yield from _check_between(file, end, length)

    def _check_record(self, file: int, capture: CaptureRecord) -> str:
        self._number += 1
        self._pace.step()
        self.context.checked["heads of captures"] += 1
        try:
            if self.context.whole or self._number % SHARE == 0:
                self.context.checked["whole captures"] += 1
                return record_problem(
                    read_record(os.pread(file, capture.length, capture.offset)), capture
                )
            return _head_problem(_head(file, capture), capture)
        except (StorageError, ValueError, OSError) as error:
            return str(error)

    def _check_revisits(self) -> Iterator[str]:
        found = self.context.database.execute(
            "SELECT file, offset FROM capture AS later WHERE kind = 'revisit' AND status <> 304 "
            "AND NOT EXISTS (SELECT 1 FROM capture INDEXED BY capture_digest "
            "WHERE digest = later.digest AND kind = 'response')"
        )
        for file, offset in found:
            yield (
                f"{self.folder / file}: the record at byte {offset}: refers to a payload that is "
                "not in the archive"
            )


def _check_between(file: int, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Check the records between two captures: requests, and withdrawn ones."""
    if start >= end:
        return
    data, offset = os.pread(file, end - start, start), start
    try:
        while data:
            unpacker = zlib.decompressobj(_GZIP)
            record = parse_record(unpacker.decompress(data))
            if not unpacker.eof:
                raise StorageError("is cut short")
            if record.kind not in _BETWEEN:
                yield offset, f"is a {record.kind}, which the ledger does not know"
            offset, data = end - len(unpacker.unused_data), unpacker.unused_data
    except (StorageError, zlib.error) as error:
        yield offset, str(error)


def _head(file: int, capture: CaptureRecord) -> dict[str, str]:
    """Return the header fields of a record, decompressing no more than needed."""
    unpacker, plain = zlib.decompressobj(_GZIP), b""
    for start in range(0, capture.length, _PIECE):
        data = os.pread(file, min(_PIECE, capture.length - start), capture.offset + start)
        try:
            plain += unpacker.decompress(data)
        except zlib.error as error:
            raise StorageError(f"not a complete gzip member ({error})") from error
        if b"\r\n\r\n" in plain:
            break
    return parse_head(plain)


def _head_problem(fields: dict[str, str], capture: CaptureRecord) -> str:
    """Return the first difference between a record's header and the ledger."""
    kind = fields.get("warc-type", "")
    told = {
        "kind": "truncated" if kind == "response" and "warc-truncated" in fields else kind,
        "uri": fields.get("warc-target-uri"),
        "taken_at": fields.get("warc-date"),
        "article_id": fields.get("x-article-id"),
        "digest": fields.get("warc-payload-digest", _NOTHING),
    }
    for name, value in told.items():
        if value != (known := getattr(capture, name)):
            return f"its {name} is {value}, in the ledger {known}"
    return ""


def record_problem(record: Record, capture: CaptureRecord) -> str:
    """Return the first difference between a record with its payload and the ledger, or ""."""
    status, _, body = record.answer
    problem = _head_problem(dict(record.fields), capture)
    if problem or status != capture.status:
        return problem or f"its status is {status}, in the ledger {capture.status}"
    if record.kind == "response" and capture.digest.startswith("sha256:"):
        return "" if digest_of(body) == capture.digest else "its payload does not fit its digest"
    return ""

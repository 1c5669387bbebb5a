"""Checks the evidence of an article: its files, each record, and their references.

Files that are computed from rows and records are computed again and compared.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from re import Pattern
from zipfile import BadZipFile, ZipFile

import msgspec
from msgspec import Struct

from crawler.errors import StorageError, UsageError
from crawler.evidence.inclusion import InclusionCheck
from crawler.evidence.wacz import (
    DIGEST,
    INDEX,
    PACKAGE,
    PAGES,
    ROWS,
    WARC,
    Key,
    digest_file,
    index,
    key_of,
    key_of_row,
    pages,
)
from crawler.model.article import Article
from crawler.model.fields import MISFIT, fits
from crawler.store.journal import read_row
from crawler.warc.index import CaptureRecord, capture_record
from crawler.warc.record import digest_of
from crawler.warc.scan import Scanned, scan_bytes

_BROKEN = (BadZipFile, OSError, EOFError, RuntimeError, ValueError, zlib.error, struct.error)


class _Resource(Struct):
    path: str
    hash: str
    bytes: int


class _Package(Struct):
    article: str
    versions: int
    captures: int
    image_size: str | None
    resources: list[_Resource]


class EvidenceCheck:
    """Checks the evidence of an article; each problem is one line.

    ``rows``, ``captures`` and ``proofs``: the content found in it. ``certificates``: of the
    authority that time-stamped the proofs. Raises ``UsageError`` if the file does not exist,
    ``StorageError`` if it is not evidence of an article.
    """

    def __init__(self, path: Path, certificates: Path | None = None) -> None:
        self.path = path
        self._certificates = certificates
        self.proofs = InclusionCheck({}, None)
        self.rows: list[Article] = []
        self.captures: list[CaptureRecord] = []
        self._files: dict[str, bytes] = {}
        self._image_size: Pattern[str] | None = None

    def problems(self) -> Iterator[str]:
        """Yield what is wrong."""
        unread = 0
        for unread, problem in enumerate(self._read(), 1):  # noqa: B007
            yield problem
        package = self._package()
        yield from self._check_files({each.path: each for each in package.resources})
        if unread:  # references to it would be reported, too
            return
        yield from self._read_rows(package.article)
        yield from self._read_records()
        yield from self._check_rows()
        yield from self._check_made(package)
        yield from self._check_proofs()

    def _check_proofs(self) -> Iterator[str]:
        warc = self._files.get(WARC, b"")
        records = [warc[each.offset :][: each.length] for each in self.captures]
        lines = self._files.get(ROWS, b"").splitlines(keepends=True)
        self.proofs = InclusionCheck(self._files, self._certificates)
        yield from self.proofs.problems([*lines, *records])

    def _read(self) -> Iterator[str]:
        try:
            with ZipFile(self.path) as zipped:
                for entry in zipped.infolist():
                    if entry.filename in self._files:
                        yield f"{entry.filename}: is in it twice"
                    try:
                        self._files[entry.filename] = zipped.read(entry)
                    except _BROKEN as error:
                        yield f"{entry.filename}: cannot be read ({error})"
        except FileNotFoundError as error:
            raise UsageError(f"{self.path}: there is no such file") from error
        except _BROKEN as error:
            raise StorageError(f"{self.path}: is not a complete ZIP file ({error})") from error

    def _package(self) -> _Package:
        try:
            package = msgspec.json.decode(self._files.get(PACKAGE, b""), type=_Package)
            self._image_size = re.compile(package.image_size) if package.image_size else None
            return package
        except (ValueError, re.error) as error:
            raise StorageError(
                f"{self.path}: {PACKAGE} does not describe evidence of an article ({error})"
            ) from error

    def _check_files(self, told: dict[str, _Resource]) -> Iterator[str]:
        if self._files.get(DIGEST) != digest_file(self._files[PACKAGE]):
            yield f"{PACKAGE}: was changed: its checksum in {DIGEST} differs"
        for path in sorted({WARC, INDEX, PAGES, ROWS, *told} - self._files.keys()):
            yield f"{path}: is missing"
        for path in sorted(self._files.keys() - told.keys() - {PACKAGE, DIGEST}):
            yield f"{path}: is not listed in {PACKAGE}"
        for path in sorted(self._files.keys() & told.keys()):
            data = self._files[path]
            if (told[path].hash, told[path].bytes) != (digest_of(data), len(data)):
                yield f"{path}: was changed: its checksum differs"

    def _read_rows(self, article_id: str) -> Iterator[str]:
        for number, line in enumerate(self._files.get(ROWS, b"").splitlines(), 1):
            try:
                row = read_row(line)
            except ValueError as error:
                yield f"{ROWS}: line {number}: {error}"
                continue
            self.rows.append(row)
            if (row.id, row.version) != (article_id, number):
                yield (
                    f"{ROWS}: line {number}: is version {row.version} of {row.id}, where "
                    f"version {number} of {article_id} belongs"
                )

    def _read_records(self) -> Iterator[str]:
        for found in scan_bytes(self._files.get(WARC, b"")):
            capture, problem = _read_record(found)
            if capture:
                self.captures.append(capture)
            if problem:
                yield f"{WARC}: the record at byte {found.offset}: {problem}"
        payloads = {each.digest for each in self.captures if each.kind == "response"}
        for each in self.captures:
            if each.kind == "revisit" and each.status != 304 and each.digest not in payloads:
                yield (
                    f"{WARC}: the record at byte {each.offset}: refers to a payload that is "
                    "not here"
                )

    def _check_rows(self) -> Iterator[str]:
        taken: dict[Key, list[str]] = {}
        for capture in self.captures:
            taken.setdefault(key_of(capture), []).append(capture.said_at)
        for row in self.rows:
            for problem in _problems_of(row, self._image_size, taken):
                yield f"{ROWS}: version {row.version}: {problem}"

    def _check_made(self, package: _Package) -> Iterator[str]:
        """Check the files and counts that are computed from rows and records."""
        made = {INDEX: index(self.captures), PAGES: pages(self.rows, self.captures)}
        for path, lines in made.items():
            if path in self._files and self._files[path] != b"".join(lines):
                yield f"{path}: does not match the records and rows here"
        here = len(self.rows), len(self.captures)
        if here != (package.versions, package.captures):
            yield (
                f"{PACKAGE}: says that there are {package.versions} versions and "
                f"{package.captures} captures, but here are {here[0]} and {here[1]}"
            )


def _read_record(found: Scanned) -> tuple[CaptureRecord | None, str]:
    """Return the capture in a record, if there is one, and the problem with it."""
    if found.record is None:
        return None, found.problem
    try:
        capture = capture_record(WARC.rpartition("/")[2], found)
        if capture is None or capture.kind == "revisit":
            return capture, ""
        fits_digest = digest_of(found.record.answer[2]) == capture.digest
    except (ValueError, KeyError) as error:
        return None, f"holds no response that can be read ({error})"
    return capture, "" if fits_digest else "its payload does not fit its digest"


def _problems_of(
    row: Article, image_size: Pattern[str] | None, taken: dict[Key, list[str]]
) -> Iterator[str]:
    if not fits(row, image_size):
        yield MISFIT
    if row.capture is None:
        return
    moments = taken.get(key_of_row(row))
    if moments is None:
        yield "the response it was read from is not here"
    elif row.fetched_at not in moments and row.change != "reparsed":
        yield f"says that it was fetched at {row.fetched_at}, and its record {', '.join(moments)}"

"""Captures of articles in existing WARC files, read as if they were downloaded."""

import hashlib
import logging
import re
from base64 import b32encode
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from urllib.parse import quote, unquote

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from crawler.crawl.run import Run
from crawler.errors import StorageError
from crawler.extract.memento import SCHEME, FalseTime, Memento, check_time, write_stamp
from crawler.model.identity import Identity
from crawler.store.capture_queue import ArchivedPages
from crawler.warc.record import Record, digest_of, parse_record, read_record
from crawler.warc.scan import Scanned, scan

_ADDRESS = re.compile(rf"{SCHEME}://file(?P<path>/[^@]+)@(?P<offset>\d+)\+(?P<length>\d+)/")
_GZIP_START = b"\x1f\x8b"
_CHUNK_START = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_CHUNK_END = re.compile(rb"\r?\n")
_DIGESTS = frozenset({"md5", "sha1", "sha256", "sha512"})
_PAGES = ("response", "revisit", "resource")
_PARTS = ("conversion", "continuation")  # of a page, but not the page as it was sent

logger = logging.getLogger(__name__)

CHUNK = 500  # records read at a time; the articles found are fetched in between


@dataclass(frozen=True, slots=True)
class Place:
    """The position of a record in a file, in bytes."""

    path: Path
    offset: int
    length: int


def write_root(place: Place) -> str:
    """Return a place as the first part of an address, where a web archive's would stand.

    It has a host, because Scrapy removes the slashes before a missing one.
    """
    path = quote(str(place.path.resolve()))
    return f"{SCHEME}://file{path}@{place.offset}+{place.length}"


def read_place(address: str) -> Place:
    """Read the place back. Raises ``ValueError`` if the address has none."""
    match = _ADDRESS.match(address)
    if match is None:
        raise ValueError(f"{address}: no place in a WARC file")
    return Place(Path(unquote(match["path"])), int(match["offset"]), int(match["length"]))


class WarcDownload(BaseDownloadHandler):
    """Scrapy's handler for these addresses. It sends no request."""

    async def download_request(self, request: Request) -> Response:
        """Return the archived response. Raises ``StorageError`` if it can no longer be read."""
        place = read_place(request.url)
        try:
            status, headers, body = _answer(place)
        except (OSError, StorageError, ValueError) as error:
            raise StorageError(f"{place.path}: byte {place.offset}: {error}") from error
        fields = Headers(headers)
        kind = responsetypes.from_args(headers=fields, url=request.url, body=body)
        return kind(request.url, status=status, headers=fields, body=body)


def _answer(place: Place) -> tuple[int, dict[str, str], bytes]:
    with place.path.open("rb") as file:
        file.seek(place.offset)
        data = file.read(place.length)
    record = read_record(data) if data.startswith(_GZIP_START) else parse_record(data)
    return whole_answer(record)


def whole_answer(record: Record) -> tuple[int, dict[str, str], bytes]:
    """Return status, header fields and body without chunks.

    Raises ``ValueError`` if the response is missing, incomplete or damaged: it would pass for the
    page.
    """
    status, headers, body = record.answer
    if reason := record.fields.get("warc-truncated"):
        raise ValueError(f"truncated: {reason}")
    if "warc-segment-number" in record.fields:
        raise ValueError("only a segment of it")
    if not _fits_digest(record.block, record.fields.get("warc-block-digest", "")):
        raise ValueError("damaged: not what its digest says")
    coded = headers.get("content-encoding", "")
    if headers.pop("transfer-encoding", "") or _begins_with_chunk(body):
        return status, headers, _without_chunks(body)
    told = headers.get("content-length", "")
    if record.kind == "response" and not coded and told.isdecimal() and len(body) < int(told):
        raise ValueError(f"truncated: {len(body)} of {told} bytes")
    return status, headers, body


def _fits_digest(block: bytes, told: str) -> bool:
    """Return whether a block matches its digest. A digest in an unknown form always does."""
    algorithm, _, value = told.lower().partition(":")
    if algorithm not in _DIGESTS:
        return True
    digest = hashlib.new(algorithm, block).digest()
    written = {digest.hex(), b32encode(digest).decode().lower()}
    return value in written or not any(len(value) == len(each) for each in written)


def _begins_with_chunk(body: bytes) -> bool:
    """Return whether a body has chunks although no header says so."""
    start = _CHUNK_START.match(body)
    size = int(start[1], 16) if start else 0
    return bool(start and size and _CHUNK_END.match(body, start.end() + size))


def _without_chunks(body: bytes) -> bytes:
    """Undo the transfer coding, unless only its header is left."""
    parts: list[bytes] = []
    place = 0
    while start := _CHUNK_START.match(body, place):
        end = start.end() + int(start[1], 16)
        if end == start.end():
            return b"".join(parts)
        parts.append(body[start.end() : end])
        line_end = _CHUNK_END.match(body, end)
        place = line_end.end() if line_end else len(body)
    if not parts:
        return body
    raise ValueError("truncated: a chunk is not whole")


class WarcFiles:
    """Finds pages with articles in files, and records them as pending.

    The position is saved together with the articles found: the next run with the same files
    continues there, and does nothing if they were all read. A revisit record is read from the
    payload it refers to, which must stand before it in these files, as a response for the same
    article.
    """

    def __init__(self, run: Run, archived: ArchivedPages, paths: Sequence[Path]) -> None:
        self.run = run
        self.archived = archived
        self.served: Counter[str] = Counter()
        self.failures: dict[str, str] = {}
        self._records = self._read(paths)

    def look(self) -> bool:
        """Read some more records. Return whether there were any."""
        chunk = list(islice(self._records, CHUNK))
        for path, scanned in chunk:
            if scanned.record is None:
                self._refuse(path, scanned, "damaged record", scanned.problem)
            elif scanned.record.kind in (*_PAGES, *_PARTS):
                self._take(path, scanned, scanned.record)
        for path, scanned in dict(chunk).items():
            self.archived.set_place(str(path), str(scanned.offset + scanned.length))
        return bool(chunk)

    def _read(self, paths: Sequence[Path]) -> Iterator[tuple[Path, Scanned]]:
        for path in paths:
            done = int(self.archived.place(str(path)) or 0)
            unread = not done
            try:
                for scanned in scan(path, done):
                    unread &= scanned.record is None
                    yield path, scanned
            except StorageError as error:
                logger.warning("%s", error)
                self.failures[f"{path.name}/warc"] = "cannot be read"
                continue
            if unread:
                self.failures[f"{path.name}/warc"] = "no record of it can be read"
            else:
                self.served[f"{path.name}/warc"] += 1

    def _take(self, path: Path, scanned: Scanned, record: Record) -> None:
        uri = record.fields.get("warc-target-uri", "").strip("<>")
        identity = self.run.identify(uri)
        if identity is None:
            return
        try:
            place = self._place(path, scanned, record, identity)
            stamp = _stamp(record)
        except LookupError:
            self._refuse(path, scanned, "revisit without its original", f"of {uri}")
        except FalseTime as error:
            self._refuse(path, scanned, error.reason, f"of {uri} ({error})")
        except ValueError as error:
            self._refuse(path, scanned, "no page to read", f"of {uri} ({error})")
        else:
            memento = Memento(write_root(place), stamp, uri)
            self.run.discovered += self.archived.note(identity, memento, self._digest(record))

    def _place(self, path: Path, scanned: Scanned, record: Record, identity: Identity) -> Place:
        """Return where the payload is. Raises LookupError or ValueError if it cannot be read."""
        if record.kind in _PARTS:
            raise ValueError(f"only a {record.kind} of it")
        status, *_ = whole_answer(record)
        if status != 200:
            raise ValueError(f"HTTP {status}")
        if record.kind == "revisit":
            return read_place(self.archived.address(identity.id, self._digest(record)))
        return Place(path, scanned.offset, scanned.length)

    def _digest(self, record: Record) -> str:
        return record.fields.get("warc-payload-digest") or digest_of(record.answer[2])

    def _refuse(self, path: Path, scanned: Scanned, reason: str, problem: str) -> None:
        logger.warning("%s: byte %d: %s: %s", path, scanned.offset, reason, problem)
        self.run.refuse(reason)


def _stamp(record: Record) -> str:
    moment = datetime.fromisoformat(check_time(record.fields.get("warc-date", "").upper()))
    return write_stamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))

"""The evidence of one article as a WACZ file: its rows, the responses they were read from.

    archive/data.warc.gz      the records of all its captures, byte for byte as in the archive
    indexes/index.cdx         the place of each response in that file
    pages/pages.jsonl         the pages that its versions were read from
    journal/versions.jsonl    the lines of the journal
    proofs/                   the proofs of these, if scrapy prove was used
    datapackage.json          the checksums of all; its own is in datapackage-digest.json

Index and pages are computed from the records and rows alone, so that a check can compute them
again.

Source: Web Archive Collection Zipped 1.1.1 (Webrecorder).
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZipFile, ZipInfo

import msgspec

from crawler.errors import StorageError, UsageError
from crawler.evidence.inclusion import WAYS, proof_files
from crawler.model.article import Article
from crawler.model.versions import farewell
from crawler.store.newest_versions import few_lines_at, image_size_of
from crawler.store.proofs import Proofs
from crawler.store.reader import ArchiveReader
from crawler.store.stand_in_site import read_stand_in
from crawler.system.clock import now, rfc3339
from crawler.system.files import replacing
from crawler.system.offloaded import read_at
from crawler.system.software import software
from crawler.verify.captures import record_problem
from crawler.warc.index import CaptureIndex, CaptureRecord, index_line
from crawler.warc.record import digest_of
from crawler.warc.scan import Scanned, scan

WARC, INDEX = "archive/data.warc.gz", "indexes/index.cdx"
PAGES, ROWS = "pages/pages.jsonl", "journal/versions.jsonl"
PACKAGE, DIGEST = "datapackage.json", "datapackage-digest.json"
_PAGES_HEAD = {"format": "json-pages-1.0", "id": "pages", "title": "Versions of the article"}
_encode = msgspec.json.encode


@dataclass(frozen=True, slots=True)
class Evidence:
    """The content of a file; ``proved``: number of its lines and records with a proof.

    ``lacking``: versions whose response is no longer in the archive.
    """

    versions: int
    captures: int
    proved: int
    lacking: list[int]


def write_evidence(reader: ArchiveReader, article_id: str, out: Path) -> Evidence:
    """Write the file atomically.

    Raises ``UsageError`` if there is no evidence, ``StorageError`` if something is damaged.
    """
    rows = reader[article_id].versions
    if rows[-1].change == "withdrawn":
        raise UsageError(farewell(msgspec.to_builtins(rows[-1])))
    captures = _captures(CaptureIndex(reader.database), article_id)
    if not captures:
        raise UsageError(f"{article_id}: no response of it is archived, so there is no evidence")
    with replacing(out) as file, ZipFile(file, "w") as zipped:
        return _fill(Package(zipped), reader, rows, captures)


def _fill(
    package: "Package", reader: ArchiveReader, rows: list[Article], captures: list[CaptureRecord]
) -> Evidence:
    lines = list(_places(reader, rows[0].id))
    wanted = {(each.file, each.offset) for each in captures} | {each[:2] for each in lines}
    proofs = proof_files(Proofs(reader.folder), wanted)
    placed: list[CaptureRecord] = []
    package.add(WARC, copied(reader, captures, placed))
    package.add(INDEX, index(placed))
    package.add(PAGES, pages(rows, placed))
    package.add(ROWS, few_lines_at(lines, reader.journal.folder))
    for path in proofs:
        package.add(path, [proofs[path]])
    package.describe(_about(reader, rows, placed, package.moment))
    here = set(map(key_of, placed))
    lacking = [row.version for row in rows if row.capture and key_of_row(row) not in here]
    return Evidence(len(rows), len(placed), proofs.get(WAYS, b"").count(b"\n"), lacking)


class Package:
    """Writes files into a WACZ uncompressed, and collects their checksums.

    ``is_large``: whether a file may be larger than 2 GB.
    """

    def __init__(self, zipped: ZipFile, *, is_large: bool = False) -> None:
        self.moment = now()
        self._zip = zipped
        self._is_large = is_large
        self._resources: list[dict[str, Any]] = []

    def add(self, path: str, parts: Iterable[bytes]) -> str:
        """Write a file; return its checksum."""
        hashed, size = hashlib.sha256(), 0
        info = ZipInfo(path, self.moment.timetuple()[:6])
        with self._zip.open(info, "w", force_zip64=self._is_large) as file:
            for part in parts:
                hashed.update(part)
                size += file.write(part)
        name, checksum = path.rpartition("/")[2], f"sha256:{hashed.hexdigest()}"
        self._resources.append({"name": name, "path": path, "hash": checksum, "bytes": size})
        return checksum

    def describe(self, about: Mapping[str, Any]) -> None:
        """Write the description with all checksums, and its own checksum."""
        told = _encode({**about, "resources": self._resources})
        self.add(DIGEST, [digest_file(told)])
        self.add(PACKAGE, [told])


def digest_file(package: bytes) -> bytes:
    """Return the content of the file with the checksum of the description."""
    return _encode({"path": PACKAGE, "hash": digest_of(package)})


def _about(
    reader: ArchiveReader, rows: list[Article], placed: list[CaptureRecord], moment: datetime
) -> dict[str, Any]:
    newest, main, code = rows[-1], _main_page(rows, placed), software()
    size = image_size_of(newest.agency)
    made_up = read_stand_in(reader.folder, reader.database)
    notice = f" {made_up.notice(urlsplit(newest.url).netloc)}" if made_up else ""
    return {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "title": f"{newest.id}: {newest.title}",
        "description": f"Evidence of {newest.url}: the versions that were recorded of it, and the "
        f"responses that they were read from.{notice}",
        "mainPageUrl": main.uri,
        "mainPageDate": main.taken_at,
        "created": rfc3339(moment),
        "software": f"{code['name']} {code['version']}, commit {code['commit'] or 'unknown'}",
        "article": newest.id,
        "versions": len(rows),
        "captures": len(placed),
        "image_size": size.pattern if size else None,
    }


def _main_page(rows: list[Article], placed: list[CaptureRecord]) -> CaptureRecord:
    """Return the last response that a version was read from; without any, the last response."""
    read = {key_of_row(row) for row in rows if row.capture}
    return next((each for each in reversed(placed) if key_of(each) in read), placed[-1])


def _places(reader: ArchiveReader, article_id: str) -> Iterator[tuple[str, int, int, str, int]]:
    return reader.database.execute(
        "SELECT file, offset, length, article_id, number FROM version WHERE article_id = ? "
        "ORDER BY number",
        (article_id,),
    )


def _captures(known: CaptureIndex, article_id: str) -> list[CaptureRecord]:
    """Return the article's captures, and other captures whose payload one of them refers to."""
    own = [each for each in known.of_article(article_id) if each.kind != "withdrawn"]
    have = {each.digest for each in own if each.kind == "response"}
    refer = {each.digest for each in own if each.kind == "revisit" and each.status != 304}
    others = filter(None, map(known.response, refer - have))
    return sorted([*own, *others], key=attrgetter("taken_at", "file", "offset"))


def copied(
    reader: ArchiveReader, captures: Iterable[CaptureRecord], placed: list[CaptureRecord]
) -> Iterator[bytes]:
    """Yield the records of the captures, preceded by those of their runs; fill ``placed``."""
    told: set[str] = set()
    end = 0
    for capture in captures:
        path = reader.folder / "warc" / capture.file
        for found in _records(reader, path, capture, told):
            if found.offset == capture.offset:
                placed.append(replace(capture, file=WARC.rpartition("/")[2], offset=end))
            yield read_at(path, found.offset, found.length)
            end += found.length


def _records(
    reader: ArchiveReader, path: Path, capture: CaptureRecord, told: set[str]
) -> Iterator[Scanned]:
    """Yield the run's warcinfo record if it is new, the response, and the request after it."""
    found = scan(path, capture.offset)
    answer, request = next(found, None), next(found, None)
    for each in (answer, request):
        if each and each.record is None:
            raise _damaged(path, each.offset, each.problem)
    if answer is None or answer.record is None or answer.length != capture.length:
        raise _damaged(path, capture.offset, f"there is no record of {capture.length} bytes")
    if problem := record_problem(answer.record, capture):
        raise _damaged(path, capture.offset, problem)
    name, run = map(answer.record.fields.get, ("warc-record-id", "warc-warcinfo-id"))
    if run and run not in told and (info := _info(reader, path, capture, run)):
        yield info
        told.add(run)
    yield answer
    if request and request.record and request.record.fields.get("warc-concurrent-to") == name:
        yield request


def _damaged(path: Path, offset: int, why: str) -> StorageError:
    return StorageError(
        f"{path}: cannot be read at byte {offset} ({why}); restore the file from a backup"
    )


def _info(reader: ArchiveReader, path: Path, capture: CaptureRecord, name: str) -> Scanned | None:
    """Return the warcinfo record of the run; it is between two captures before this one."""
    ends = reader.database.execute(
        "SELECT 0 AS end UNION SELECT offset + length FROM capture WHERE file = ? AND offset < ? "
        "ORDER BY end DESC",
        (capture.file, capture.offset),
    )
    for (end,) in ends:
        for found in scan(path, end):
            if found.record is None:
                raise _damaged(path, found.offset, found.problem)
            if found.record.kind in ("response", "revisit"):
                break
            if found.record.fields.get("warc-record-id") == name:
                return found
    return None


def index(captures: Iterable[CaptureRecord]) -> list[bytes]:
    """Return the lines of the index."""
    return sorted(map(index_line, captures))


def pages(rows: Iterable[Article], captures: Iterable[CaptureRecord]) -> Iterator[bytes]:
    """Yield the lines of the list of pages: one per response that a version was read from."""
    yield _encode(_PAGES_HEAD) + b"\n"
    titles = {key_of_row(row): row.title for row in rows if row.capture}
    for capture in captures:
        if title := titles.pop(key_of(capture), None):
            told = {"url": capture.uri, "ts": capture.taken_at, "title": title}
            yield _encode({"id": f"{capture.offset}", **told}) + b"\n"


Key = tuple[str | None, str, int]  # identifies a record, whose place differs here


def key_of(capture: CaptureRecord) -> Key:
    """Return what identifies a capture in rows, independent of its place."""
    return capture.article_id, capture.digest, capture.length


def key_of_row(row: Article) -> Key:
    """Return the same for the capture that a row was read from."""
    assert row.capture
    return row.id, row.capture.digest, row.capture.length

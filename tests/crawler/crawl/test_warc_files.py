"""Which captures are noted from files of others, and what is said of those that are not."""

import hashlib
import time
from base64 import b32encode
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.crawl.warc_files import WarcFiles, whole_answer
from crawler.model.identity import Identity
from crawler.store.archive import Archive
from crawler.store.capture_queue import ArchivedPages
from crawler.store.frontier import Scope
from crawler.system.clock import now, rfc3339
from crawler.warc.record import pack, parse_record, unpack

AHEAD = rfc3339(now() + timedelta(days=2))


class Run:
    """Takes every address for an article's."""

    def __init__(self) -> None:
        self.discovered = 0
        self.refused: Counter[str] = Counter()

    def identify(self, url: str) -> Identity | None:
        return Identity(f"uza:{url.rpartition('/')[2]}", url)

    def refuse(self, reason: str) -> None:
        self.refused[reason] += 1


def record(kind: str, uri: str, date: str | None, block: bytes = b"", fields: str = "") -> bytes:
    block = block or b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<p>page</p>"
    told = f"WARC-Date: {date}\r\n" if date else ""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\n{told}{fields}"
        f"WARC-Payload-Digest: sha1:AAAA\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return pack(head.encode() + block + b"\r\n\r\n")


@pytest.fixture
def archived(tmp_path: Path) -> Iterator[ArchivedPages]:
    with closing(Archive(tmp_path / "uza")) as archive:
        archive.ledger.frontier.scope = Scope("warc", ())
        yield archive.ledger.archived


@pytest.fixture
def _in_tashkent(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Tashkent")
        time.tzset()
        yield
    time.tzset()


def look(archived: ArchivedPages, path: Path) -> tuple[int, Counter[str]]:
    run = Run()
    files = WarcFiles(run, archived, [path])  # type: ignore[arg-type]
    while files.look():
        pass
    return run.discovered, run.refused


def noted(archived: ArchivedPages) -> list[tuple[str, str]]:
    return archived.database.execute("SELECT article_id, taken_at FROM archived").fetchall()


@pytest.mark.usefixtures("_in_tashkent")
@pytest.mark.parametrize(
    "date",
    [
        *("2019-08-01T10:00:00Z", "2019-08-01T10:00:00.123456Z", "2019-08-01T10:00:00"),
        *("2019-08-01t10:00:00z", "2019-08-01T15:00:00+05:00"),
    ],
)
def test_old_records_with_any_form_of_time_are_taken(
    archived: ArchivedPages, tmp_path: Path, date: str
) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(record("response", "<http://uza.uz/1>", date))
    assert look(archived, path) == (1, {})
    assert noted(archived) == [("uza:1", "2019-08-01T10:00:00Z")]


def test_a_revisit_finds_its_original_in_what_an_earlier_run_has_looked_at(
    archived: ArchivedPages, tmp_path: Path
) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(record("response", "http://uza.uz/1", "2019-08-01T10:00:00Z"))
    look(archived, path)
    with path.open("ab") as file:
        file.write(record("revisit", "http://uza.uz/1", "2019-08-02T10:00:00Z"))
    assert look(archived, path) == (0, {})
    assert noted(archived) == [("uza:1", "2019-08-02T10:00:00Z")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (record("revisit", "http://uza.uz/1", "2019-08-01T10:00:00Z"), "revisit without its orig"),
        *(
            (record("response", "http://uza.uz/1", date), "capture time that cannot be right")
            for date in (
                *(None, "yesterday", "0001-01-01", "0001-01-01T00:00:00+05:00", "1970-01-01"),
                *("1991-08-05T23:59:59Z", AHEAD, "9999-12-31", "9999-12-31T23:59:59-05:00"),
            )
        ),
        (record("response", "http://uza.uz/1", "2019-08-01T10:00:00Z", b"\r\n"), "no page to read"),
        (b"\x1f\x8b\x08 damaged", "damaged record"),
    ],
)
def test_what_cannot_be_read_is_counted_by_its_reason(
    archived: ArchivedPages, tmp_path: Path, data: bytes, reason: str
) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(data + record("response", "http://uza.uz/2", "2019-08-01T10:00:00Z"))
    discovered, refused = look(archived, path)
    assert discovered == 1
    assert [name.startswith(reason) for name in refused] == [True]
    assert noted(archived) == [("uza:2", "2019-08-01T10:00:00Z")]


PAGE = b"<p>page</p>"
URI, DATE = "http://uza.uz/1", "2019-08-01T10:00:00Z"
SHA1 = hashlib.sha1(PAGE)


def answer(*headers: str, body: bytes = PAGE) -> bytes:
    lines = "".join(f"{header}\r\n" for header in ("HTTP/1.1 200 OK", *headers))
    return lines.encode() + b"\r\n" + body


@pytest.mark.parametrize(
    "block",
    [
        answer("Content-Length: 11"),
        answer("Content-Length: 4"),  # of the packed page
        answer("Content-Length: 99", "Content-Encoding: gzip"),
        answer("Content-Length: 99", "Transfer-Encoding: chunked"),
        answer("Content-Length: many"),
        answer("Transfer-Encoding: chunked"),
        answer("Transfer-Encoding: chunked", body=b"b\r\n<p>page</p>\r\n0\r\n\r\n"),
        answer("Transfer-Encoding: Chunked", body=b"5;x=y\r\n<p>pa\r\n6 \r\nge</p>\r\n0\r\n\r\n"),
        answer("Transfer-Encoding: chunked", body=b"b\r\n<p>page</p>\r\n0\r\n"),
        answer("Transfer-Encoding: chunked", body=b"b\r\n<p>page</p>\r\n0\r\nX: trailer\r\n\r\n"),
        answer("Transfer-Encoding: chunked", body=b"5\n<p>pa\n6\nge</p>\n0\n\n"),
        answer(body=b"b\r\n<p>page</p>\r\n0\r\n\r\n"),
        answer("Content-Length: 11", body=b"005\r\n<p>pa\r\n6\r\nge</p>\r\n0\r\n\r\n"),
    ],
)
def test_the_whole_page_is_read_whatever_is_left_of_its_transfer(block: bytes) -> None:
    found = parse_record(unpack(record("response", URI, DATE, block)))
    assert whole_answer(found)[2] == PAGE


@pytest.mark.parametrize("page", [b"add\r\nfee\r\n", b"0\r\npage", b"b\r\n<p>page</p><p>more</p>"])
def test_a_page_that_begins_like_a_chunk_is_none(page: bytes) -> None:
    found = parse_record(unpack(record("response", URI, DATE, answer(body=page))))
    assert whole_answer(found)[2] == page


@pytest.mark.parametrize(
    ("block", "fields"),
    [
        (answer("Content-Length: 12"), ""),
        (answer(body=b"5\r\n<p>pa\r\n6\r\nge</"), ""),
        (answer(), "WARC-Segment-Number: 1\r\n"),
        (answer("Transfer-Encoding: chunked", body=b"b\r\n<p>page</p>\r\n"), ""),
        (answer("Transfer-Encoding: chunked", body=b"f\r\n<p>page</p>"), ""),
        (answer("Transfer-Encoding: chunked", body=b"5\r\n<p>pa\r\n6\r\nge</"), ""),
        (answer(), "WARC-Truncated: length\r\n"),
        (answer(), f"WARC-Block-Digest: sha1:{SHA1.hexdigest()}\r\n"),
    ],
)
def test_half_a_page_and_a_damaged_one_are_counted_and_not_read(
    archived: ArchivedPages, tmp_path: Path, block: bytes, fields: str
) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(record("response", URI, DATE, block, fields))
    assert look(archived, path) == (0, {"no page to read": 1})


@pytest.mark.parametrize("kind", ["conversion", "continuation"])
def test_a_record_with_a_part_of_a_page_is_counted_and_not_read(
    archived: ArchivedPages, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(record(kind, URI, DATE, PAGE, "Content-Type: text/html\r\n"))
    assert look(archived, path) == (0, {"no page to read": 1})


def test_a_file_without_a_record_that_can_be_read_has_failed(
    archived: ArchivedPages, tmp_path: Path
) -> None:
    path = tmp_path / "whole.warc.gz"
    pages = [unpack(record("response", URI, DATE)) for _ in range(2)]
    path.write_bytes(pack(b"".join(pages)))
    files = WarcFiles(Run(), archived, [path])  # type: ignore[arg-type]
    while files.look():
        pass
    assert files.failures == {"whole.warc.gz/warc": "no record of it can be read"}
    assert not files.served


@pytest.mark.parametrize(
    "digest",
    [
        f"sha1:{b32encode(SHA1.digest()).decode()}",
        f"SHA1:{SHA1.hexdigest()}",
        f"sha256:{hashlib.sha256(PAGE).hexdigest()}",
        f"md5:{hashlib.md5(PAGE).hexdigest()}",
        "sha1:unknown",
        "blake9:aaaa",
    ],
)
def test_pages_of_files_and_of_programs_without_http_are_taken(
    archived: ArchivedPages, tmp_path: Path, digest: str
) -> None:
    path = tmp_path / "a.warc.gz"
    fields = f"Content-Type: text/html\r\nWARC-Block-Digest: {digest}\r\n"
    path.write_bytes(record("resource", URI, DATE, PAGE, fields))
    assert look(archived, path) == (1, {})
    status, headers, body = parse_record(unpack(path.read_bytes())).answer
    assert (status, headers, body) == (200, {"content-type": "text/html"}, PAGE)

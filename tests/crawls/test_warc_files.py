"""WARC files of others: Common Crawl's and whose else, read by the same code as the live site."""

import gzip
import re
from base64 import b32encode
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha1
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from replica import Replica, legacy
from replica.post import Post
from replica.world import World
from tests.crawls.archived import warc_records
from tests.crawls.harness import NOW, Crawl, targets
from tests.crawls.pywb import Page, write_warc
from tests.crawls.test_wayback import Louder, reparsed
from tests.crawls.truth import expected

WORLD = World(seed=7, posts=20, now=NOW, imported=4, legacy=8)
FIRST, SECOND, THIRD, FOURTH, FIFTH, *_ = (p for p in WORLD.posts if p.kind == "legacy")
AT = "2019-08-{:02}T10:00:00Z"


def page(post: Post, day: int) -> Page:
    body = legacy.article(post, "desktop").encode()
    return Page(f"http://uza.uz{post.legacy_path}", AT.format(day), body)


def revisit(of: Page, day: int) -> bytes:
    """Return a revisit record, as crawlers write it that saw the same payload again."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=True)
    digest = f"sha1:{b32encode(sha1(of.body).digest()).decode()}"
    head = StatusAndHeaders(of.status, list(of.headers.items()), protocol="HTTP/1.1")
    record = writer.create_revisit_record(of.url, digest, of.url, of.taken_at, head)
    record.rec_headers.replace_header("WARC-Date", AT.format(day))
    writer.write_record(record)
    return out.getvalue()


def truncated(post: Post, day: int) -> Page:
    """Return what a crawler keeps that has a limit of bytes."""
    whole = page(post, day)
    half = whole.body[: whole.body.index(post.paragraphs[-1][:9].encode()) + 9]
    return replace(whole, body=half, fields={"WARC-Truncated": "length"})


def chunked(post: Post, day: int) -> Page:
    """Return a page stored as it came over the wire."""
    whole = page(post, day)
    body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(whole.body), whole.body)
    return replace(whole, body=body, headers=whole.headers | {"Transfer-Encoding": "chunked"})


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Return a folder of files: one with gzip, one without, one that lost bytes."""
    folder = tmp_path / "old files"
    folder.mkdir()
    pages = [
        page(FIRST, 1),
        page(replace(FIRST, title="An edited headline"), 3),
        page(SECOND, 2).gzipped,
        chunked(THIRD, 2),
        Page("http://example.org/en/society/a-01-01-2019", AT.format(2), b"<p>Elsewhere</p>"),
        replace(page(FIFTH, 2), status="404 Not Found"),
        truncated(FIFTH, 3),
    ]
    path = write_warc(folder / "a.warc.gz", pages)
    path.write_bytes(path.read_bytes() + revisit(pages[0], 5) + revisit(page(FIFTH, 1), 5))
    plain = write_warc(folder / "b.warc.gz", [page(FOURTH, 2)])
    (folder / "b.warc").write_bytes(gzip.decompress(plain.read_bytes()))
    plain.write_bytes((2 * plain.read_bytes())[:-20])
    return folder


@pytest.fixture
def crawl(replica: Replica, tmp_path: Path) -> Iterator[Crawl]:
    yield Crawl(replica, tmp_path)
    assert targets(replica) == []  # nobody was asked for anything


def test_articles_are_read_from_files_with_the_time_of_their_capture(
    crawl: Crawl, files: Path
) -> None:
    everything = ("-a", f"warc={files}/*")
    first = crawl(*everything, "-a", "limit=2")
    rest = crawl(*everything)
    outcomes = Counter(first.outcomes) + Counter(rest.outcomes)
    assert outcomes.pop("new") == 4
    assert outcomes.total() == 1  # an edit: before or after, in the order it was read in
    refused = Counter(first.report["addresses_refused"])
    refused += Counter(rest.report["addresses_refused"])
    for reason in ("damaged record", "revisit without its original", "other host"):
        assert refused[reason] == 1
    assert refused["no page to read"] == 2
    assert re.search(r"b.warc.gz: byte \d+: damaged record: is cut short", first.log + rest.log)
    for post in (SECOND, THIRD, FOURTH):
        row = crawl.row(post)
        same = ("id", "url", "title", "body", "byline_raw")
        assert {name: row[name] for name in same} == {name: expected(post)[name] for name in same}
        assert row["fetched_at"] == AT.format(2)
        assert re.fullmatch(r"warc:[ab]\.warc(\.gz)?@\d+\+\d+", row["archive_url"])


def test_what_was_read_from_files_is_archived_and_read_again(crawl: Crawl, files: Path) -> None:
    everything = ("-a", f"warc={files}/*")
    crawl(*everything)
    assert crawl(*everything).outcomes == {}
    assert crawl("-a", "revisit=all").outcomes == {}  # files say nothing of the live site
    before = crawl.rows()
    kept = [record.rec_headers for record in warc_records(crawl) if record.rec_type == "response"]
    assert {header.get_header("WARC-Date") for header in kept} >= {AT.format(2), AT.format(5)}
    assert all(header.get_header("WARC-Target-URI").startswith("http://uza.uz/") for header in kept)
    assert set(reparsed(crawl, "c0de").outcomes) == {"same"}
    assert crawl.rows() == before
    reparsed(crawl, "c0de2", Louder())
    better = crawl.rows()[len(before) :]
    assert sorted(row["archive_url"] for row in better) == sorted(
        row["archive_url"] for row in before
    )


def test_a_pattern_that_names_no_file_is_one_line(crawl: Crawl, tmp_path: Path) -> None:
    run = crawl("-a", f"warc={tmp_path}/none*", exit_code=2)
    assert "no such file; expected a path such as 'old/*.warc.gz'" in run.log


def test_a_record_dated_before_the_web_or_after_now_costs_no_good_record(
    crawl: Crawl, tmp_path: Path
) -> None:
    false = ("0001-01-01", "9999-12-31", "9999-12-31T23:59:59-05:00")
    pages = [replace(page(FIRST, 1), taken_at=date) for date in false]
    write_warc(tmp_path / "a.warc.gz", [*pages, page(SECOND, 2)])
    run = crawl("-a", f"warc={tmp_path}/a.warc.gz")
    assert run.report["addresses_refused"] == {"capture time that cannot be right": 3}
    assert "a.warc.gz: byte 0: capture time that cannot be right: of http://uza.uz/" in run.log
    assert [row["fetched_at"] for row in crawl.rows()] == [AT.format(2)]
    assert crawl("-a", f"warc={tmp_path}/a.warc.gz").outcomes == {}


def test_damaged_pages_of_a_file_are_counted_and_end_nothing(crawl: Crawl, tmp_path: Path) -> None:
    packed = [page(post, 2).gzipped for post in (FIRST, THIRD, FOURTH, FIFTH)]
    halves = [replace(each, body=each.body[: len(each.body) // 2]) for each in packed]
    write_warc(tmp_path / "a.warc.gz", [page(SECOND, 2), *halves])
    run = crawl("-a", f"warc={tmp_path}/a.warc.gz", exit_code=3)
    assert run.outcomes == {"new": 1, "failed": 4}
    assert run.report["reasons"] == {"failed: cut short": 4}
    assert run.report["stopped_by"] is None
    assert [row["id"] for row in crawl.rows()] == [SECOND.article_id]


def test_files_that_keep_the_coding_of_unpacked_pages_are_read(
    crawl: Crawl, tmp_path: Path
) -> None:
    kept = {"Content-Encoding": "gzip", "Transfer-Encoding": "chunked", "Content-Length": "412"}
    pages = [page(FIRST, 2), page(SECOND, 2), page(THIRD, 2)]
    codings = ("gzip", "br", "deflate")
    old = [
        replace(each, headers=each.headers | kept | {"Content-Encoding": coding})
        for each, coding in zip(pages, codings, strict=True)
    ]
    write_warc(tmp_path / "a.warc.gz", old)
    assert crawl("-a", f"warc={tmp_path}/a.warc.gz").outcomes == {"new": 3}
    assert set(reparsed(crawl, "c0de").outcomes) == {"same"}

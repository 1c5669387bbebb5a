from contextlib import closing
from dataclasses import replace
from pathlib import Path

import msgspec

from crawler.extensions.archive import list_captures
from crawler.store.archive import Archive
from crawler.warc.index import CaptureRecord, write_indexes
from crawler.warc.record import Exchange
from crawler.warc.writer import Plan

CAPTURE = CaptureRecord(
    file="uza-20261120T070000Z-0001.warc.gz",
    offset=10,
    length=100,
    kind="response",
    status=200,
    mime="text/html",
    digest="sha256:A",
    uri="https://uza.uz/posts/b_2",
    taken_at="2026-11-20T07:00:00Z",
)


def test_an_index_is_sorted_and_says_where_each_answer_stands(tmp_path: Path) -> None:
    revisit = replace(CAPTURE, kind="revisit", offset=300, taken_at="2026-11-20T08:00:00Z")
    first = replace(CAPTURE, uri="https://uza.uz/posts/a_1", offset=200)
    with closing(Archive(tmp_path)) as archive:
        for capture in (revisit, CAPTURE, first):
            archive.ledger.captures.add(capture)
        assert write_indexes(archive.ledger.captures, tmp_path) == [CAPTURE.file]
        assert write_indexes(archive.ledger.captures, tmp_path) == []
    lines = (tmp_path / "uza-20261120T070000Z-0001.cdxj").read_text().splitlines()
    assert [line.split(" ")[:2] for line in lines] == [
        ["uz,uza)/posts/a_1", "20261120070000"],
        ["uz,uza)/posts/b_2", "20261120070000"],
        ["uz,uza)/posts/b_2", "20261120080000"],
    ]
    assert [msgspec.json.decode(line.split(" ", 2)[2])["mime"] for line in lines] == [
        "text/html",
        "text/html",
        "warc/revisit",
    ]
    assert msgspec.json.decode(lines[1].split(" ", 2)[2]) == {
        "url": CAPTURE.uri,
        "mime": "text/html",
        "status": "200",
        "digest": "sha256:A",
        "length": "100",
        "offset": "10",
        "filename": CAPTURE.file,
    }


def test_what_the_run_has_left_as_work_is_listed_too(tmp_path: Path) -> None:
    exchange = Exchange(
        uri="https://uza.uz/posts/a_1",
        taken_at="2026-11-20T07:00:00Z",
        status=302,
        headers=[],
        body=b"",
        article_id="uza:1",
    )
    with closing(Archive(tmp_path / "uza")) as archive:
        archive.captures.plan = Plan(prefix="uza", largest=10**9, about={}, code="c0de")
        archive.captures.take(exchange)
        list_captures(archive)
    (index,) = (tmp_path / "uza" / "warc").glob("*.cdxj")
    assert index.read_text().startswith("uz,uza)/posts/a_1 20261120070000 ")

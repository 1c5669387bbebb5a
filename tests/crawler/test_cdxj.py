from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from crawler.archive import Archive
from crawler.capture_index import Held
from crawler.captures import Plan
from crawler.cdxj import surt, write_indexes
from crawler.extensions.write_indexes import WriteIndexes
from crawler.warc import Exchange

HELD = Held(
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


# The keys on the right are those of the library surt, version 0.3.1.
@pytest.mark.parametrize(
    ("uri", "key"),
    [
        ("https://uza.uz/en/posts/A-b_1/?q=%2Freact", "uz,uza)/en/posts/a-b_1?q=/react"),
        ("http://www.uza.uz", "uz,uza)/"),
        ("https://uza.uz/posts/%D2%9A_1#top", "uz,uza)/posts/%d2%9a_1"),
        ("http://uza.uz/a?page=1&_l=ar", "uz,uza)/a?_l=ar&page=1"),
        ("http://127.0.0.1:42577/uz/rss", "1,0,0,127:42577)/uz/rss"),
        ("https://uza.uz:443/a", "uz,uza)/a"),
    ],
)
def test_an_address_becomes_the_key_that_replay_tools_look_for(uri: str, key: str) -> None:
    assert surt(uri) == key


def test_an_index_is_sorted_and_says_where_each_answer_stands(tmp_path: Path) -> None:
    revisit = replace(HELD, kind="revisit", offset=300, taken_at="2026-11-20T08:00:00Z")
    first = replace(HELD, uri="https://uza.uz/posts/a_1", offset=200)
    with closing(Archive(tmp_path)) as archive:
        for held in (revisit, HELD, first):
            archive.ledger.captures.add(held)
        assert write_indexes(archive.ledger.captures, tmp_path) == [HELD.file]
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
        "url": HELD.uri,
        "mime": "text/html",
        "status": "200",
        "digest": "sha256:A",
        "length": "100",
        "offset": "10",
        "filename": HELD.file,
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
        spider: Any = SimpleNamespace(archive=archive, stopped_by=None)
        WriteIndexes().spider_closed(spider)
    (index,) = (tmp_path / "uza" / "warc").glob("*.cdxj")
    assert index.read_text().startswith("uz,uza)/posts/a_1 20261120070000 ")

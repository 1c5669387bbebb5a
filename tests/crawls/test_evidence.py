"""The evidence of one article after a life of crawls: replayed and validated by others' tools."""

import json
import re
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen
from zipfile import ZipFile

import pytest

from replica import Replica
from tests.commands import scrapy
from tests.crawler.authority import key_in
from tests.crawls.harness import Crawl
from tests.crawls.pywb import replayed_file, validate
from tests.days import pass_time

pytestmark = pytest.mark.any_day


def edited_gone_and_back(crawl: Crawl, replica: Replica) -> tuple[str, list[bytes]]:
    """Let an article be edited, vanish and come back; return its id, and what its page was."""
    crawl.apart = True
    crawl.begin("-a", "editions=en")
    post = replica.world.listing("en")[0]
    visit = ("-a", f"revisit={post.article_id}")
    pages = [page_of(crawl, post.article_id)]
    crawl(*visit)
    replica.world.edit(post.id, title=f"{post.title} again")
    crawl(*visit)
    pages.append(page_of(crawl, post.article_id))
    replica.world.remove(post.id)
    for _ in range(3):
        crawl(*visit, GONE_HOURS=0)
    replica.world.restore(post.id)
    pass_time(timedelta(days=1))
    crawl(*visit)
    return post.article_id, [*pages, page_of(crawl, post.article_id)]


def page_of(crawl: Crawl, article_id: str) -> bytes:
    done = scrapy("capture", article_id, "--body", DATA_DIR=crawl.data)
    return done.stdout.encode()


def test_everything_of_an_article_is_in_one_file_that_others_validate_and_replay(
    crawl: Crawl, replica: Replica, tmp_path: Path
) -> None:
    (article_id, bodies), out = edited_gone_and_back(crawl, replica), tmp_path / "evidence.wacz"
    assert scrapy("prove", "uza", DATA_DIR=crawl.data, PROOF_KEY=key_in(tmp_path)).returncode == 0
    done = scrapy("evidence", article_id, "--out", out, DATA_DIR=crawl.data)
    assert (done.stdout, done.stderr) == (f"{out}: 4 versions, 7 captures; proved: 11\n", "")
    check = scrapy("evidence", "--check", out)
    whole, days, signed, stamped = check.stdout.splitlines()
    assert (whole, check.stderr) == (f"{out}: whole; 4 versions, 7 captures; proved: 11", "")
    assert re.fullmatch(r"proofs of \d{4}-\d\d-\d\d", days)
    assert re.fullmatch(r"signed by SHA256:[\w+/]{43}", signed)
    assert stamped == "time stamps: none that could be checked"
    assert "Validation succeeded, the passed WACZ is valid" in validate(out)
    with ZipFile(out) as zipped:
        lines = zipped.read("pages/pages.jsonl").splitlines()
        rows = [json.loads(line) for line in zipped.read("journal/versions.jsonl").splitlines()]
        package = json.loads(zipped.read("datapackage.json"))
    assert [row for row in crawl.rows() if row["id"] == article_id] == rows
    assert "Everything here is made up." in package["description"]
    _, *pages = map(json.loads, lines)
    assert [page["ts"] for page in pages] == [row["fetched_at"] for row in rows if row["capture"]]
    assert (package["mainPageUrl"], package["mainPageDate"]) == (pages[-1]["url"], pages[-1]["ts"])
    with replayed_file(tmp_path / "pywb", out) as archive:
        for page, body in zip(pages, bodies, strict=True):
            stamp = "".join(filter(str.isdigit, page["ts"]))
            with urlopen(f"{archive}/{stamp}id_/{page['url']}") as answer:
                assert answer.read() == body

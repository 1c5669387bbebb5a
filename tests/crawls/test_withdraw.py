"""A crawled article, withdrawn: it is out of every file, and no run asks for it again."""

import gzip
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.model.article import Capture
from crawler.store.archive import Archive
from replica import Replica, faults
from replica.faults import Fault
from replica.post import Post
from tests.commands import scrapy
from tests.crawls.archived import warc_records
from tests.crawls.harness import NOW, Crawl, targets

PHRASE = "The accused was named before the court of Kumushtepa."


@pytest.fixture
def post(replica: Replica) -> Post:
    """Return the newest English post, which says what nobody is to say."""
    newest = replica.world.listing("en", imported=False)[0]
    return replica.world.edit(newest.id, paragraphs=(*newest.paragraphs, PHRASE))


def tellers(crawl: Crawl, post: Post) -> Iterator[str]:
    """Yield the files that say what a post says, or list it."""
    signs = [sign.encode() for sign in (PHRASE, post.title, f'"id": {post.id}')]
    for path in sorted(crawl.data.rglob("*")):
        data = path.read_bytes() if path.is_file() else b""
        data = gzip.decompress(data) if path.suffix == ".gz" else data
        if any(sign in data for sign in signs):
            yield path.parent.name


def captured(crawl: Crawl) -> int:
    """Return how many rows point at an answer that can be read."""
    with closing(Archive(crawl.data / "uza")) as archive:
        places = [Capture(**row["capture"]) for row in crawl.rows() if row["capture"]]
        return sum(archive.captures.read(place).answer[0] == 200 for place in places)


def asked_for(replica: Replica, post: Post) -> int:
    return len(targets(replica, f"_{post.id}")) + len(targets(replica, f"/{post.id}"))


def test_a_withdrawn_article_leaves_every_file_and_is_asked_for_by_no_run(
    crawl: Crawl, replica: Replica, post: Post, tmp_path: Path
) -> None:
    crawl("-a", "editions=en,fr")
    replica.world.edit(post.id, title=f"{post.title} again")
    crawl("-a", "revisit=all")
    rows = captured(crawl)
    assert {*tellers(crawl, post)} >= {"articles", "journal", "uza", "warc"}
    done = scrapy("withdraw", post.article_id, "--reason", "a court", "--yes", DATA_DIR=crawl.data)
    assert (done.returncode, done.stderr) == (0, "")
    assert [*tellers(crawl, post)] == []
    assert captured(crawl) == rows - 2
    assert "metadata" in {record.rec_type for record in warc_records(crawl)}
    asked = asked_for(replica, post)
    other = replica.world.listing("en", imported=False)[1]
    replica.world.edit(post.id, title="Another title")
    replica.faults = [Fault(rf"_{other.id}$", faults.redirect(post.path))]
    addresses = tmp_path / "addresses.txt"
    addresses.write_text(f"{post.canonical_url}\nhttps://m.uza.uz/posts/{post.slug}?m=y\n")
    for argument in (f"urls={addresses}", f"ids={post.id}"):
        run = crawl("-a", argument, exit_code=3)
        assert run.report["carried_over"] + run.report["discovered"] == 0
        assert run.report["asked_in_vain"]["withdrawn"] == 1
    refused = crawl("-a", f"revisit={post.article_id}", exit_code=2)
    assert f"{post.article_id} is withdrawn; expected due, none, all, or ids" in refused.log
    run = crawl("-a", "revisit=all")
    assert run.report["reasons"] == {"failed: redirected to a withdrawn article": 1}
    crawl("-a", f"since={NOW.date() - timedelta(days=2)}", "-a", "editions=en")
    assert scrapy("audit", "uza", "--fix", DATA_DIR=crawl.data).returncode == 0
    crawl("-a", "editions=en")
    assert asked_for(replica, post) == asked
    assert crawl.row(post)["change"] == "withdrawn"

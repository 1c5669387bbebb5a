"""What a crawl records is told: by feeds, and by webhook as a saved search wants it."""

import json
from pathlib import Path

import pytest

from replica import Replica
from tests.commands import scrapy
from tests.crawler.feeds.valid import check_atom, check_json_feed
from tests.crawler.watch.receivers import receiving
from tests.crawls.harness import Crawl

pytestmark = pytest.mark.any_day


def test_an_edit_and_a_removal_are_told_by_feeds_and_by_webhook(
    crawl: Crawl, replica: Replica, tmp_path: Path
) -> None:
    crawl.apart = True
    crawl.begin("-a", "editions=en")
    edited, removed = replica.world.listing("en")[:2]
    searches, feeds = tmp_path / "desk.toml", tmp_path / "feeds"
    with receiving() as receiver:
        searches.write_text(
            f'[headlines]\nquery = "headline changed AND agency:uza"\n'
            f'webhook = "{receiver.address}"\n[gone]\nquery = "is:gone"\n'
            f'webhook = "{receiver.address}"\n'
        )
        first = scrapy("watch", "--searches", searches, DATA_DIR=crawl.data)
        assert first.stdout == "uza: watched from now on\n"
        replica.world.edit(edited.id, title=f"{edited.title} at last")
        replica.world.remove(removed.id)
        visit = ("-a", f"revisit={edited.article_id},{removed.article_id}")
        for _ in range(3):
            crawl(*visit, GONE_HOURS=0)
        told = scrapy("watch", "--searches", searches, DATA_DIR=crawl.data)
    assert (told.returncode, told.stdout) == (0, "2 announced, 0 waiting\n")
    items = {told["search"]["name"]: told["item"] for _, _, told in receiver.asked}
    assert items["headlines"]["_archive"]["old_title"] == edited.title
    assert len(items["gone"]["_archive"]["evidence"]) == 3
    scrapy("feeds", "--out", feeds, DATA_DIR=crawl.data)
    paths = [path for path in feeds.rglob("*") if path.is_file()]
    for path in paths:
        (check_atom if path.suffix == ".atom" else check_json_feed)(path.read_bytes())
    for name, post in (("edited", edited), ("gone", removed)):
        (item,) = json.loads((feeds / "uza" / f"{name}.json").read_bytes())["items"]
        assert item["_archive"]["id"] == post.article_id
        assert "made up" in item["content_text"]

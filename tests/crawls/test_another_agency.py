"""A whole crawl of an agency that has no replica, from a feed, a news sitemap and saved pages."""

from pathlib import Path

import msgspec

from tests.commands import scrapy
from tests.crawls.harness import QUICK
from tests.crawls.sites import saved_site


def test_another_agency_is_crawled_like_the_first(tmp_path: Path) -> None:
    with saved_site(tmp_path / "site") as site:
        settings = {**QUICK, "KHABARONLINE_SITE_URL": site, "DATA_DIR": tmp_path / "data"}
        run = scrapy("crawl", "khabaronline", **settings)
    assert run.returncode == 0, run.stderr
    (journal,) = (tmp_path / "data" / "khabaronline" / "journal").glob("*.jsonl")
    rows = {row["id"]: row for row in map(msgspec.json.decode, journal.read_bytes().splitlines())}
    assert {name: row["published_at"] for name, row in rows.items()} == {
        "khabaronline:1370001": "2020-04-15T07:55:00+04:30",
        "khabaronline:1490001": "2021-03-20T09:05:00+03:30",
    }
    assert {row["edition"] for row in rows.values()} == {"fa"}
    assert {row["language"] for row in rows.values()} == {"fa"}

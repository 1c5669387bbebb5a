"""A whole crawl of an agency that has no replica, from a feed, a news sitemap and saved pages."""

import gzip
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

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


def crawl_of_parts(folder: Path, *parts: str) -> tuple[CompletedProcess[str], dict[str, Any]]:
    """Crawl a news sitemap that is an index: its good part, packed, and others read before it."""
    with saved_site(folder / "site") as site:
        maps = folder / "site" / "sitemap" / "news"
        good = maps / "sitemap.xml"
        (maps / "good.xml.gz").write_bytes(gzip.compress(good.read_bytes()))
        (maps / "empty.xml").write_text("<urlset/>")
        (maps / "other.xml").write_text("<urlset><url><loc>/page/about</loc></url></urlset>")
        listed = "".join(
            f"<sitemap><loc>{part}</loc></sitemap>" for part in ("good.xml.gz", *parts)
        )
        good.write_text(f"<sitemapindex>{listed}</sitemapindex>")
        settings = {**QUICK, "KHABARONLINE_SITE_URL": site, "DATA_DIR": folder / "data"}
        run = scrapy("crawl", "khabaronline", **settings)
    (report,) = (folder / "data" / "khabaronline" / "runs").glob("*.json")
    return run, msgspec.json.decode(report.read_bytes())


def test_parts_of_a_sitemap_without_articles_end_nothing(tmp_path: Path) -> None:
    run, report = crawl_of_parts(tmp_path, "/sitemap/news/empty.xml", "other.xml")
    assert (run.returncode, report["outcomes"]["new"]) == (0, 2), run.stderr


def test_a_part_of_a_sitemap_that_is_gone_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    run, report = crawl_of_parts(tmp_path, "not-yet.xml")
    assert (run.returncode, report["outcomes"]["new"]) == (3, 2), run.stderr
    assert "source fa/sitemap: a part failed: HTTP 404" in run.stderr
    assert "source fa/sitemap failed (a part of it: HTTP 404)" in run.stderr

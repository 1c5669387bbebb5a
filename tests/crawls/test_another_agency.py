"""A whole crawl of an agency that has no replica, from a feed, a news sitemap and saved pages."""

from collections.abc import Iterator
from email.utils import format_datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import msgspec
import pytest

from crawler.clock import now, rfc3339
from tests.commands import ROOT, scrapy
from tests.crawls.harness import QUICK

PAGES = ROOT / "tests" / "pages" / "khabaronline"
FEED = """<rss><channel><item><link>https://www.khabaronline.ir/news/1370001/bridge</link>
<pubDate>{}</pubDate></item></channel></rss>"""
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://www.khabaronline.ir/news/1490001/spring</loc><news:news>
<news:publication_date>{}</news:publication_date></news:news></url>
<url><loc>https://www.khabaronline.ir/page/about.xhtml</loc></url></urlset>"""


class Site(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing of it."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    files = {
        "rss": FEED.format(format_datetime(now())),
        "sitemap/news/sitemap.xml": SITEMAP.format(rfc3339(now())),
        "news/1370001/bridge": (PAGES / "2020-04-15-fa-current" / "page.html").read_text("utf-8"),
        "news/1490001/spring": (PAGES / "2021-03-20-fa-visible-date" / "page.html").read_text(
            "utf-8"
        ),
    }
    for name, text in files.items():
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    handler = partial(Site, directory=str(tmp_path / "site"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_another_agency_is_crawled_like_the_first(site: str, tmp_path: Path) -> None:
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

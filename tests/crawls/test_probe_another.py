"""`scrapy probe` of agencies that nobody has written questions for: a feed and a few pages."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import format_datetime
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from crawler.system.clock import now
from tests.commands import Refused, scrapy
from tests.crawls.harness import QUICK
from tests.crawls.sites import Site

NUMBERS = ("20261130000100315", "20261130000200315")
PAGE = """<html lang="en"><head><meta property="og:title" content="A bridge opens in the north">
<meta property="article:published_time" content="{time}"></head><body>
<article class="{kind}"><p>NORTHTOWN, Nov. 30 (Yonhap) -- The bridge was opened on Monday.</p>
<p>Two hundred people walked over it on the first day, the town said.</p></article></body></html>"""
ITEM = """<item><title>A bridge opens in the north</title>
<link>https://en.yna.co.kr/view/AEN{number}</link><pubDate>{time}</pubDate></item>"""
Told = tuple[int, dict[str, dict[str, Any]], str]


@contextmanager
def served(folder: Path, **files: str) -> Iterator[str]:
    """Serve a feed and its pages, and further files by their names; yields the address."""
    time = now()
    items = [ITEM.format(number=number, time=format_datetime(time)) for number in NUMBERS]
    site = {"RSS/news.xml": f"<rss><channel>{''.join(items)}</channel></rss>"}
    for number in NUMBERS:
        if f"view/AEN{number}/index.html" not in files:
            site[f"view/AEN{number}"] = PAGE.format(time=time.isoformat(), kind="story-news")
    for name, text in (site | files).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Site, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def probe(folder: Path, **files: str) -> Told:
    """Probe the site; return the exit code, the findings by their facts, and the table."""
    with served(folder / "site", **files) as site:
        file = folder / "probe.json"
        done = scrapy("probe", "yonhap", "--json", file, YONHAP_SITE_URL=site, **QUICK)
    assert "Traceback" not in done.stderr, done.stderr
    told = json.loads(file.read_text("utf-8"))
    return done.returncode, {one["fact"]: one for one in told["findings"]}, done.stdout


def test_agency_with_a_feed_alone_is_probed(tmp_path: Path) -> None:
    code, findings, _ = probe(tmp_path)
    assert {one["verdict"] for one in findings.values()} == {"as expected"}
    assert code == 0
    seen = {fact: one["seen"] for fact, one in findings.items()}
    assert seen["source en/rss"].startswith("HTTP 200, entries: 2, newest 20")
    assert seen["article pages"].endswith(f"{NUMBERS[0]}: current")
    assert seen["fields, layout current"].startswith("filled: title, body, published_at, edition")
    assert seen["BODY, layout current"].startswith("NORTHTOWN, Nov. 30")
    assert seen["conditional request"] == "If-Modified-Since: HTTP 304"
    assert seen["address of no article"] == "HTTP 404"
    assert seen["robots.txt of en.yna.co.kr"] == "HTTP 404: no rules"


def test_layout_that_no_longer_fits_is_told_with_the_place_of_the_text(tmp_path: Path) -> None:
    page = PAGE.format(time=now().isoformat(), kind="tale")
    code, findings, table = probe(tmp_path, **{f"view/AEN{number}": page for number in NUMBERS})
    assert findings["article pages"]["verdict"] == "different"
    body = findings["BODY, layout current"]
    assert body["seen"].startswith("finds nothing; it stands in article.tale: NORTHTOWN")
    assert body["change"] == "YonhapPage.BODY in pages/yonhap.py"
    assert "BODY, layout current: YonhapPage.BODY in pages/yonhap.py" in table
    assert code == 3


def test_redirect_on_the_site_is_followed_as_in_a_crawl(tmp_path: Path) -> None:
    page = PAGE.format(time=now().isoformat(), kind="story-news")
    code, findings, _ = probe(tmp_path, **{f"view/AEN{NUMBERS[0]}/index.html": page})
    assert findings["article pages"]["seen"].endswith(f"{NUMBERS[0]}: current")
    assert code == 0


def test_listed_article_that_is_not_there_is_told(tmp_path: Path) -> None:
    item = ITEM.format(number="20261130000900315", time=format_datetime(now()))
    _, findings, _ = probe(tmp_path, **{"RSS/news.xml": f"<rss>{item}</rss>"})
    pages = findings["article pages"]
    assert (pages["verdict"], pages["seen"][-8:]) == ("different", "HTTP 404")
    assert "BODY, layout current" not in findings


def test_feed_that_stands_still_is_told(tmp_path: Path) -> None:
    item = ITEM.format(number=NUMBERS[0], time="Mon, 03 Jan 2022 08:00:00 +0900")
    feed = f"<rss><channel>{item}</channel></rss>"
    _, findings, _ = probe(tmp_path, **{"RSS/news.xml": feed})
    source = findings["source en/rss"]
    assert source["verdict"] == "different"
    assert "its newest item is " in source["seen"]
    assert source["change"] == "YonhapSpider.sources in spiders/yonhap.py"
    assert findings["time, layout current"]["change"] == "RULES.timestamp in pages/yonhap.py"


def test_robots_rules_that_forbid_what_is_needed_are_told_and_obeyed(tmp_path: Path) -> None:
    rules = "User-agent: *\nCrawl-delay: 0.1\nDisallow: /view/\n"
    _, findings, _ = probe(tmp_path, **{"robots.txt": rules})
    robots = findings["robots.txt of en.yna.co.kr"]
    assert robots["verdict"] == "different"
    assert robots["seen"].startswith(f"forbids us /view/AEN{NUMBERS[0]}, ")
    assert "crawl delay: 0.1" in robots["seen"]
    assert "forbidden by robots.txt" in findings["article pages"]["seen"]
    assert findings["article pages"]["verdict"] == "could not tell"


def test_feed_of_other_links_is_told_with_the_rule_to_change(tmp_path: Path) -> None:
    item = "<item><link>https://en.yna.co.kr/news/one</link></item>"
    _, findings, _ = probe(tmp_path, **{"RSS/news.xml": f"<rss>{item}</rss>"})
    source = findings["source en/rss"]
    assert source["seen"].endswith("of no article: 1, such as https://en.yna.co.kr/news/one")
    assert source["change"] == "RULES.address in pages/yonhap.py"
    assert findings["article pages"]["seen"] == "no source lists an article"


def test_agency_that_wants_no_crawler_is_not_probed(refused: Refused) -> None:
    told = refused("probe", "reuters", exit_code=6)
    assert told.startswith("scrapy probe: reuters is not probed: ")

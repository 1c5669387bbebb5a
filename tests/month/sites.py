"""Agencies' sites on this machine, each of which publishes one article a day: a saved page."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from scrapy.spiderloader import get_spider_loader
from scrapy.utils.project import get_project_settings

from crawler.crawl.spider import AgencySpider
from crawler.discovery.feeds import RssFeed, Sitemap
from crawler.discovery.listing import Listing
from crawler.discovery.lists import CursorList, DayArchive
from crawler.scaffold.agencies import listings
from crawler.system.clock import now, rfc3339
from tests.commands import ROOT
from tests.crawls.sites import site_of

# By agency: its saved page, whose name tells the edition.
SAVED = {
    "khabaronline": "2020-04-15-fa-current",
    "anadolu": "2026-03-11-tr-current",
    "ansa": "2020-10-02-it-2020",
    "apnews": "2023-09-05-en-current",
    "chinanews": "2024-03-05-zh-current",
    "kazinform": "2025-08-15-ru-current",
    "peoplecn": "2024-04-24-zh-current",
    "ria": "2021-05-12-ru-current",
    "sputnik": "2019-06-03-en-2020",
    "tass": "2022-09-01-ru-current",
    "ukrinform": "2021-08-24-ru-current",
    "unn": "2020-11-05-ru-current",
    "yonhap": "2019-04-09-en-current",
}
_FEED = "<rss><channel>{}</channel></rss>"
_ITEM = "<item><link>{}</link><pubDate>{:%a, %d %b %Y %H:%M:%S +0000}</pubDate></item>"
_SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{}</urlset>"""
_ENTRY = """<url><loc>{0}</loc><lastmod>{1:%FT%TZ}</lastmod><news:news>
<news:publication_date>{1:%FT%TZ}</news:publication_date></news:news></url>"""
_LINK = '<a class="lenta_news_title list-item__title" href="{}">An article</a>'

PAGES = 4  # of a list with a page a day
Published = tuple[str, datetime]  # address and time


class SavedSite:
    """An agency's site, in a folder that is served at ``address``."""

    def __init__(self, agency: str, folder: Path, address: str) -> None:
        self.agency, self.folder, self.address = agency, folder, address
        self.edition = SAVED[agency].split("-")[3]
        saved = ROOT / "tests" / "pages" / agency / SAVED[agency]
        self._url: str = json.loads((saved / "response.json").read_text())["url"]
        self._page = (saved / "page.html").read_bytes()
        article_id: str = json.loads((saved / "article.json").read_text())["id"]
        self._number = re.split(r"[:-]", article_id)[-1]
        self._published: list[Published] = []  # newest first

    def publish(self, day: int) -> None:
        """Let every source of the edition list the day's article, which has an id of its own."""
        number = f"{self._number[:-3]}{day:03}"
        url = self._url.replace(self._number, number)
        self._write(url, self._page.replace(self._number.encode(), number.encode()))
        self._published.insert(0, (url, now()))
        for listing in self._listings():
            for page in range(1, PAGES + 1 if isinstance(listing, DayArchive) else 2):
                self._write(listing.address(page), _list(listing, self._published).encode())

    def _listings(self) -> list[Listing]:
        settings = get_project_settings()
        settings.set(f"{self.agency.upper()}_SITE_URL", self.address)
        spider = get_spider_loader(settings).load(self.agency)
        assert issubclass(spider, AgencySpider)
        found = listings(spider, settings)
        return [listing for edition, listing in found if edition == self.edition]

    def _write(self, url: str, body: bytes) -> None:
        path = unquote(urlsplit(url).path)
        file = self.folder / (path + "index.html" if path.endswith("/") else path).lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)


def _list(listing: Listing, published: Sequence[Published]) -> str:
    if isinstance(listing, RssFeed):
        return _FEED.format("".join(_ITEM.format(*each) for each in published))
    if isinstance(listing, Sitemap):
        return _SITEMAP.format("".join(_ENTRY.format(*each) for each in published))
    if isinstance(listing, CursorList):
        contents = [
            {"url": url, "published_dt": rfc3339(at), "es_updated_dt": rfc3339(at)}
            for url, at in published
        ]
        return json.dumps({"result": {"contents": contents}})
    return "".join(_LINK.format(url) for url, _ in published)


@contextmanager
def saved_site_of(agency: str, folder: Path) -> Iterator[SavedSite]:
    """Serve an agency's site from a folder that is made."""
    folder.mkdir()
    with site_of(folder, {}) as address:
        yield SavedSite(agency, folder, address)

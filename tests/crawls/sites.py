"""A site of an agency that has no replica: a feed, a news sitemap and saved pages."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import format_datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from crawler.system.clock import now, rfc3339
from tests.commands import ROOT

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


@contextmanager
def saved_site(folder: Path) -> Iterator[str]:
    """Serve the site from a folder that it is written to; yields its address."""
    files = {
        "rss": FEED.format(format_datetime(now())),
        "sitemap/news/sitemap.xml": SITEMAP.format(rfc3339(now())),
        "news/1370001/bridge": (PAGES / "2020-04-15-fa-current" / "page.html").read_text("utf-8"),
        "news/1490001/spring": (PAGES / "2021-03-20-fa-visible-date" / "page.html").read_text(
            "utf-8"
        ),
    }
    with site_of(folder, files) as address:
        yield address


@contextmanager
def site_of(folder: Path, files: Mapping[str, str]) -> Iterator[str]:
    """Serve pages by their paths, from a folder that they are written to; yields the address."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    handler = partial(Site, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()

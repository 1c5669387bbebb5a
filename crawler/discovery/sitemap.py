"""Sitemaps: every address a site declares; a last resort that knows neither edition nor title."""

from collections.abc import Iterator

from lxml import etree

from crawler.discovery.found import Found
from crawler.discovery.listing import Listing, ListPage, NotAListing
from crawler.discovery.rss import parse_xml
from crawler.page import Document

_NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


class Sitemap(Listing):
    """A sitemap at a fixed address; the sitemaps of an index become further pages."""

    road = "sitemap"
    dated = False

    def __init__(self, url: str, edition: str) -> None:
        super().__init__(edition)
        self._addresses = [url]
        self._read = 0

    def address(self, page: int) -> str:
        """Return the address of the n-th sitemap known so far."""
        return self._addresses[page - 1]

    def page_at(self, address: str) -> int | None:
        """Return which of the sitemaps known so far stands at an address."""
        return self._addresses.index(address) + 1 if address in self._addresses else None

    def read(self, document: Document) -> ListPage:
        """Read a set of addresses, or take note of an index's sitemaps."""
        root = parse_xml(document)
        kind = etree.QName(root).localname
        if kind not in ("urlset", "sitemapindex"):
            raise NotAListing(f"expected a sitemap, got <{kind}>")
        if kind == "sitemapindex":
            # The newest sitemaps stand last in an index.
            fresh = [url for url in _locations(root, "sitemap") if url not in self._addresses]
            self._addresses.extend(reversed(fresh))
        self._read += 1
        return ListPage(
            list(self._entries(root)),
            is_last=self._read >= len(self._addresses),
            is_index=kind == "sitemapindex",
        )

    def _entries(self, root: etree._Element) -> Iterator[Found]:
        for url in root.iter(f"{_NAMESPACE}url"):
            location = url.findtext(f"{_NAMESPACE}loc")
            if location and location.strip():
                yield self.found(url, location.strip())

    def found(self, url: etree._Element, location: str) -> Found:
        """Return what a sitemap tells of an address."""
        return Found(
            url=location,
            road="sitemap",
            title=url.findtext(f"{NEWS}news/{NEWS}title"),
            modified_raw=url.findtext(f"{_NAMESPACE}lastmod"),
        )


def _locations(root: etree._Element, kind: str) -> Iterator[str]:
    for entry in root.iter(f"{_NAMESPACE}{kind}"):
        location = entry.findtext(f"{_NAMESPACE}loc")
        if location and location.strip():
            yield location.strip()

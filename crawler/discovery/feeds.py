"""RSS and Atom feeds, sitemaps and news sitemaps of a site."""

from collections.abc import Iterator

from lxml import etree

from crawler.discovery.listing import Listing, ListPage, NotAListing
from crawler.extract.page import Document
from crawler.model.link import Link

_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
_ATOM = "{http://www.w3.org/2005/Atom}"
_RSS_1 = "{http://purl.org/rss/1.0/}"

_NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


class RssFeed(Listing):
    """A feed at a fixed address; it has one page."""

    source = "rss"

    def __init__(
        self, url: str, edition: str, *, optional: bool = False, stale_days: int | None = None
    ) -> None:
        super().__init__(edition, optional=optional)
        self.url = url
        self.stale_days = stale_days

    def address(self, page: int) -> str:
        """Return the feed's address, whatever the page."""
        return self.url

    def read(self, document: Document) -> ListPage:
        """Read the feed's items; entities are never resolved and nothing is fetched."""
        root = parse_xml(document)
        items = list(root.iter("item", f"{_RSS_1}item", f"{_ATOM}entry"))
        if not items and etree.QName(root).localname not in ("rss", "feed", "RDF"):
            raise NotAListing(f"expected a feed, got <{etree.QName(root).localname}>")
        entries = [entry for item in items if (entry := self._entry(item))]
        return ListPage(entries, is_last=True)

    def _entry(self, item: etree._Element) -> Link | None:
        link = _first(item, "link", f"{_RSS_1}link") or _atom_link(item) or item.findtext("guid")
        if not link or not link.strip():
            return None
        return Link(
            url=link.strip(),
            source="rss",
            edition=self.edition,
            title=_first(item, "title", f"{_RSS_1}title", f"{_ATOM}title"),
            published_raw=_first(item, "pubDate", f"{_DUBLIN_CORE}date", f"{_ATOM}published"),
            modified_raw=_first(item, f"{_ATOM}updated"),
            category=_first(item, "category"),
        )


def parse_xml(document: Document) -> etree._Element:
    """Parse XML from anybody: no network, no entities, no giant trees.

    Raises ``NotAListing`` if there is no XML in it.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    try:
        root = etree.fromstring(document.text.encode(errors="replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotAListing(f"expected XML, got something else ({error})") from None
    if root is None or not isinstance(root.tag, str):
        raise NotAListing("expected XML, got something else")
    if etree.QName(root).localname.lower() == "html":
        raise NotAListing("expected XML, got an HTML page")
    return root


def _atom_link(item: etree._Element) -> str | None:
    """Return the link to what the entry is about; others lead to its comments or to itself."""
    links = item.iterfind(f"{_ATOM}link")
    return next((one.get("href") for one in links if one.get("rel") in (None, "alternate")), None)


def _first(item: etree._Element, *names: str) -> str | None:
    """Return the text of the first of these elements that has one."""
    texts = (item.findtext(name, "").strip() for name in names)
    return next(filter(None, texts), None)


class Sitemap(Listing):
    """A sitemap at a fixed address; the sitemaps of an index become further pages."""

    source = "sitemap"
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

    def _entries(self, root: etree._Element) -> Iterator[Link]:
        for url in root.iter(f"{_NAMESPACE}url"):
            location = url.findtext(f"{_NAMESPACE}loc")
            if location and location.strip():
                yield self.link(url, location.strip())

    def link(self, url: etree._Element, location: str) -> Link:
        """Return what a sitemap tells of an address."""
        return Link(
            url=location,
            source="sitemap",
            title=url.findtext(f"{NEWS}news/{NEWS}title"),
            modified_raw=url.findtext(f"{_NAMESPACE}lastmod"),
        )


def _locations(root: etree._Element, kind: str) -> Iterator[str]:
    for entry in root.iter(f"{_NAMESPACE}{kind}"):
        location = entry.findtext(f"{_NAMESPACE}loc")
        if location and location.strip():
            yield location.strip()


class NewsSitemap(Sitemap):
    """A sitemap in Google's news format, or an index of such; its times can be walked by."""

    dated = True

    def link(self, url: etree._Element, location: str) -> Link:
        """Return an entry with what the news format adds."""
        published = url.findtext(f"{NEWS}news/{NEWS}publication_date")
        return Link(
            url=location,
            source="sitemap",
            edition=self.edition,
            title=url.findtext(f"{NEWS}news/{NEWS}title"),
            published_raw=published.strip() if published else None,
        )

"""RSS and Atom feeds: the newest articles of an edition, on one page."""

from lxml import etree

from crawler.discovery.found import Found
from crawler.discovery.listing import Listing, ListPage, NotAListing
from crawler.page import Document

_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
_ATOM = "{http://www.w3.org/2005/Atom}"


class RssFeed(Listing):
    """A feed at a fixed address; it has one page."""

    road = "rss"

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
        items = [*root.iter("item"), *root.iter(f"{_ATOM}entry")]
        if not items and etree.QName(root).localname not in ("rss", "feed", "RDF"):
            raise NotAListing(f"expected a feed, got <{etree.QName(root).localname}>")
        entries = [entry for item in items if (entry := self._entry(item))]
        return ListPage(entries, is_last=True)

    def _entry(self, item: etree._Element) -> Found | None:
        link = item.findtext("link") or _atom_link(item) or item.findtext("guid")
        if not link or not link.strip():
            return None
        return Found(
            url=link.strip(),
            road="rss",
            edition=self.edition,
            title=_text(item.findtext("title") or item.findtext(f"{_ATOM}title")),
            published_raw=_text(
                item.findtext("pubDate")
                or item.findtext(f"{_DUBLIN_CORE}date")
                or item.findtext(f"{_ATOM}published")
            ),
            modified_raw=_text(item.findtext(f"{_ATOM}updated")),
            category=_text(item.findtext("category")),
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
    link = item.find(f"{_ATOM}link")
    return None if link is None else link.get("href")


def _text(value: str | None) -> str | None:
    return value.strip() or None if value else None

"""RSS and Atom feeds, sitemaps and news sitemaps, in all their dialects.

Names are compared without their namespaces: each dialect has its own, and many sites misspell it.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile
from re import Match

from lxml import etree

from crawler.discovery.listing import Listing, ListPage, NotAListing, joined
from crawler.extract.decode import LARGEST_LISTING
from crawler.extract.document import Document
from crawler.model.link import Link

# Items may also contain elements of these other vocabularies; any further vocabulary is ignored. A
# misspelled scheme or ending, or an undeclared prefix, is accepted.
_VOCABULARIES = frozenset(
    {
        "purl.org/dc/elements/1.1",
        "purl.org/dc/elements/1.0",
        "purl.org/dc/terms",
        "www.w3.org/2005/Atom",
    }
    | {"dc", "dcterms", "atom", "rssnamespace.org/feedburner/ext/1.0", "feedburner"}
)
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
# Not XML, but found in feeds: a bare `&`, as in addresses, or `<`; entities that only HTML has, or
# nobody; numbers of characters that XML does not allow.
_NO_ENTITY = re.compile(
    rb"<!\[CDATA\[.*?\]\]>|<!--.*?-->|<(?![a-z_:/?!\x80-\xff])|&(?!(?:amp|lt|gt|quot|apos);)(?:#?\w+;)?",
    re.DOTALL | re.IGNORECASE,
)
# A program's warning may stand before it, and a byte order mark after the declaration.
_START = re.compile(rb"<(?:\w+:)?(?:rss|feed|urlset|sitemapindex|rdf)\b", re.IGNORECASE)
_LONGEST_WARNING = 5000  # bytes
_PUBLISHED = ("pubDate", "published", "issued", "created", "date")
_MODIFIED = ("updated", "modified")
_FEEDS = frozenset({"rss", "feed", "rdf", "channel"})
_DATA = frozenset({"application/json", "application/atom+xml", "application/rss+xml"})
_WITHIN_ITEMS = frozenset({"item", "entry", "source", "image"})  # they have links of their own
_MOST_BAD_PARTS = 3  # of a sitemap index, in a row


class RssFeed(Listing):
    """A feed at a fixed address. It has one page."""

    source = "rss"

    def __init__(
        self, url: str, edition: str, *, optional: bool = False, stale_days: int | None = None
    ) -> None:
        super().__init__(edition, optional=optional)
        self.url = url
        self.stale_days = stale_days

    def address(self, page: int) -> str:
        """Return the feed's address, for every page."""
        return self.url

    def read(self, document: Document) -> ListPage:
        """Read the feed's items. Entities are never resolved, and nothing is fetched."""
        root = parse_xml(document)
        items = [element for element in root.iter("*") if _name(element) in ("item", "entry")]
        if not items and _name(root) not in _FEEDS:
            raise NotAListing(f"expected a feed, got <{_name(root)}>")
        entries = [entry for item in items if (entry := self._entry(item))]
        return ListPage(entries, is_last=True)

    def _entry(self, item: etree._Element) -> Link | None:
        link = _link(item)
        if link is None:
            return None
        return Link(
            url=link,
            source="rss",
            edition=self.edition,
            title=_first(item, "title"),
            published_raw=_first(item, *_PUBLISHED),
            modified_raw=_first(item, *_MODIFIED),
            category=_first(item, "category"),
        )


def parse_xml(document: Document) -> etree._Element:
    """Parse untrusted XML: no network, no entities, no huge trees.

    The text is decoded already; a declared encoding is ignored. Raises ``NotAListing`` if it
    contains no XML.
    """
    decoded = replace(document, largest=LARGEST_LISTING).decoded
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        recover=True,
        huge_tree=False,
        remove_comments=True,
    )
    try:
        source = decoded.utf8 or decoded.text.encode(errors="replace")
        start = _START.search(source, 0, _LONGEST_WARNING)
        source = source[start.start() :] if start else source.lstrip()
        root = etree.fromstring(_NO_ENTITY.sub(_escaped, source), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotAListing(f"expected XML, got something else ({error})") from None
    if root is None or not isinstance(root.tag, str):
        raise NotAListing("expected XML, got something else")
    if _name(root) == "html":
        raise NotAListing("expected XML, got an HTML page")
    return root


def _escaped(found: Match[bytes]) -> bytes:
    written = found[0].decode()
    return found[0] if written[:2] == "<!" else html.escape(html.unescape(written)).encode()


def _name(element: etree._Element) -> str:
    """Return an element's name without namespace or undeclared prefix, in small letters."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()


def _own(item: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Yield an item's elements with these names, in this order, its own dialect first.

    Last come those that an element has taken in that was left open, such as a ``br`` of HTML.
    """
    for name in names:
        tag = _own_tag(item, name)
        yield from (child for child in item.iterchildren("*") if str(child.tag).lower() == tag)
        yield from (
            child for child in item.iterchildren("*") if _vocabulary(child, name) in _VOCABULARIES
        )
        yield from (
            inner
            for inner in item.iterdescendants("*")
            if str(inner.tag).lower() == tag and _is_taken_in(inner, item)
        )


def _is_taken_in(element: etree._Element, item: etree._Element) -> bool:
    """Return whether an element further down is the item's, and of nothing else within it."""
    above = [*takewhile(lambda each: each is not item, element.iterancestors("*"))]
    return bool(above) and not any(_name(each) in _WITHIN_ITEMS for each in above)


def _own_tag(element: etree._Element, name: str) -> str:
    """Return a name with the namespace or prefix of an element, in small letters as old feeds."""
    return (element.tag[: -len(_name(element))] + name).lower()


def _vocabulary(element: etree._Element, name: str) -> str:
    """Return the vocabulary of an element with this name. Empty if it has another name."""
    space, _, local = element.tag.rpartition("}")
    prefix, _, local = local.rpartition(":")
    return (prefix or space.rpartition("://")[2].rstrip("/")) if local == name else ""


def _link(item: etree._Element) -> str | None:
    """Return the link to the article. Other links lead to comments, or to the feed itself."""
    # Of several forms of the article, that for readers.
    for link in sorted(
        _own(item, "origLink", "link"), key=lambda link: _says(link, "type") in _DATA
    ):
        if address := (link.text or "").strip() or _alternate(link):
            return joined(link.base or "", address)
    ids = (one for one in _own(item, "guid", "id") if _says(one, "isPermaLink") != "false")
    texts = (*((one.text or "").strip() for one in ids), item.get(_ABOUT))
    return next((joined(item.base or "", text) for text in texts if text), None)


def _alternate(link: etree._Element) -> str | None:
    is_own = _says(link, "rel").rpartition("/")[2] in ("", "alternate")  # it may be an address
    return (link.get("href") or "").strip() or None if is_own else None


def _says(element: etree._Element, attribute: str) -> str:
    return (element.get(attribute) or "").strip().lower()


def _first(item: etree._Element, *names: str) -> str | None:
    """Return the text of the first of these elements that has any."""
    texts = ("".join(map(str, one.itertext("*"))).strip() for one in _own(item, *names))
    return next(filter(None, texts), None)


class Sitemap(Listing):
    """A sitemap at a fixed address. The sitemaps of an index become further pages.

    A part that cannot be read is skipped, and so is one without articles.
    """

    source = "sitemap"
    dated = False

    def __init__(self, url: str, edition: str) -> None:
        super().__init__(edition)
        self._addresses = [url]
        self._read = self._good = self._bad = 0  # unreadable parts, in a row

    def address(self, page: int) -> str:
        """Return the address of the n-th sitemap known so far."""
        return self._addresses[page - 1]

    def page_at(self, address: str) -> int | None:
        """Return the number of the known sitemap with this address."""
        return self._addresses.index(address) + 1 if address in self._addresses else None

    def read(self, document: Document) -> ListPage:
        """Read a list of addresses, or record the sitemaps of an index."""
        root = parse_xml(document)
        kind = _name(root)
        if kind not in ("urlset", "sitemapindex"):
            raise NotAListing(f"expected a sitemap, got <{kind}>")
        if kind == "sitemapindex":
            # An index has its newest sitemaps at the end.
            found = (
                joined(self._addresses[self._read], url) for _, url in _located(root, "sitemap")
            )
            fresh = [url for url in dict.fromkeys(found) if url not in self._addresses]
            self._addresses.extend(reversed(fresh))
        self._read += 1
        self._good += kind == "urlset"
        self._bad = 0
        entries = [self.link(url, location) for url, location in _located(root, "url")]
        return self._page(entries, is_index=kind == "sitemapindex")

    def pass_over(self) -> ListPage | None:
        """Count an unreadable part. Return None if it is the only one, or there are too many."""
        self._read += 1
        self._bad += 1
        is_hopeless = self._read >= len(self._addresses) and not self._good
        return None if is_hopeless or self._bad >= _MOST_BAD_PARTS else self._page([])

    def _page(self, entries: list[Link], *, is_index: bool = False) -> ListPage:
        is_last = self._read >= len(self._addresses)
        return ListPage(entries, is_last, is_index=is_index, is_part=len(self._addresses) > 1)

    def link(self, url: etree._Element, location: str) -> Link:
        """Return what a sitemap says about an address."""
        return Link(
            url=location,
            source="sitemap",
            title=_text(url, "news", "title"),
            modified_raw=_text(url, "lastmod"),
        )


def _located(root: etree._Element, kind: str) -> Iterator[tuple[etree._Element, str]]:
    """Yield the elements of a kind that have an address, with the address."""
    for element in root.iterchildren("*"):
        if _name(element) == kind and (location := _text(element, "loc")):
            yield element, location


def _text(element: etree._Element, *names: str) -> str | None:
    """Return the text of the first child with a name, or of its child with the next name."""
    found: etree._Element | None = element
    for name in names:
        found = None if found is None else _child(found, name)
    return ((found.text or "").strip() or None) if found is not None else None


def _child(element: etree._Element, name: str) -> etree._Element | None:
    """Return the first child with a name, of the element's own dialect if there is one."""
    children = [child for child in element.iterchildren("*") if _name(child) == name]
    own = (child for child in children if child.tag.lower() == _own_tag(element, name))
    return next(own, next(iter(children), None))


class NewsSitemap(Sitemap):
    """A sitemap in Google's news format, or an index of such. Its times are in order."""

    dated = True

    def link(self, url: etree._Element, location: str) -> Link:
        """Return an entry with the details of the news format."""
        return Link(
            url=location,
            source="sitemap",
            edition=self.edition,
            title=_text(url, "news", "title"),
            published_raw=_text(url, "news", "publication_date"),
        )

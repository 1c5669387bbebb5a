"""Pages: a response of a site in, the raw fields of an article out. No Scrapy here."""

import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, Literal
from urllib.parse import urlsplit

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.extract.blocks import letters
from crawler.extract.decode import (
    LARGEST_BODY,
    Decoded,
    check_depth,
    check_legible,
    decode,
    undo_coding,
)
from crawler.extract.errors import BadBody, UnknownLayout, UnreadablePage
from crawler.extract.json_ld import Node, find_article
from crawler.extract.lines import Line, page_lines
from crawler.extract.main_text import LEAST_TEXT, MainText, find_in_scripts, find_main_text
from crawler.extract.media import absolute
from crawler.extract.version import reading_code
from crawler.model.article import Draft, Extractor, Image, Label, Person, Translation, Video
from crawler.model.identity import NotAnArticle, identify
from crawler.model.rules import AgencyRules

_OWN_ADDRESS = 'link[rel~="canonical" i][href], meta[property="og:url"][content]'
_PRIVATE_HEADERS = frozenset({"set-cookie", "cookie", "authorization"})
_CODING_HEADERS = frozenset({"content-encoding", "content-length", "transfer-encoding"})


@dataclass(frozen=True)
class Document:
    """A response of a site, as received: used by a crawl, a test and a reading from WARC.

    Header names are lower case. ``body`` may still have its content coding; ``largest``: the limit
    for its decoded size, in bytes. ``charset``: the fallback encoding; ``read_page`` sets the
    agency's. Every property raises BadBody if the bytes are not text that can be read safely.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    charset: str = "windows-1252"
    largest: int = LARGEST_BODY

    @cached_property
    def decoded(self) -> Decoded:
        """The characters, and how they were decoded."""
        body = undo_coding(self.body, self.headers.get("content-encoding", ""), self.largest)
        return check_legible(decode(body, self.headers, self.charset))

    @property
    def text(self) -> str:
        """The response as text."""
        return self.decoded.text

    html = text  # the usual name for a page's text

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The response as HTML."""
        return LexborHTMLParser(self._source)

    @cached_property
    def _source(self) -> bytes:
        """The response in UTF-8, safe to parse as HTML."""
        source = self.decoded.utf8
        return check_depth(self.text.encode("utf-8", "replace") if source is None else source)

    @cached_property
    def main_text(self) -> MainText | None:
        """The text of the article, found by what all articles have in common."""
        found = find_main_text(LexborHTMLParser(self._source))  # it changes the tree
        if found is None or letters("".join(found.paragraphs)) < LEAST_TEXT:
            return find_in_scripts(self.tree) or found
        return found

    @property
    def root(self) -> LexborNode:
        """The ``body`` element of the HTML; the parser makes one for anything."""
        body = self.tree.body
        assert body is not None
        return body

    def base_of(self, address: str) -> str:
        """Return the base of relative links: the ``base`` element's address, or ``address``."""
        head = None if self.is_json else self.tree.head
        node = head.css_first("base[href]") if head else None
        return (absolute(node.attributes["href"], address) if node else None) or address

    @cached_property
    def own_addresses(self) -> Sequence[str]:
        """The addresses that the page states as its own, rightly or not."""
        head = None if self.is_json else self.tree.head
        nodes = head.css(_OWN_ADDRESS) if head else ()
        values = (node.attributes.get("href") or node.attributes.get("content") for node in nodes)
        return [value.strip() for value in values if value]

    def css(self, selector: str) -> Sequence[LexborNode]:
        """Return the elements in the ``body`` that a selector finds.

        Cached, because several layouts look for the same: a search costs as much as reading a
        field.
        """
        if selector not in self._found:
            self._found[selector] = self.root.css(selector)
        return self._found[selector]

    @cached_property
    def _found(self) -> dict[str, Sequence[LexborNode]]:
        return {}

    @cached_property
    def article(self) -> Node:
        """The JSON-LD of the page's own article; empty if there is none."""
        return find_article(self.tree, self.url)

    @cached_property
    def lines(self) -> Sequence[tuple[str, Line]]:
        """The lines of text that the page shows, in order."""
        return page_lines(self.root)

    @cached_property
    def json(self) -> Any:
        """The response as JSON."""
        try:
            return decode_json(self.text)
        except (msgspec.DecodeError, RecursionError) as error:
            raise BadBody("not json", f"{self.url}: {error}") from error

    @property
    def is_json(self) -> bool:
        """Whether the response looks like JSON, whatever its header says."""
        return self.text[:64].lstrip()[:1] in ("{", "[")


# An escape in JSON: a surrogate pair, half of one, or any other.
_ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\."
)


def decode_json(text: str) -> Any:
    """Decode JSON. Half a surrogate pair, where a text was cut, is read as U+FFFD.

    Raises msgspec's DecodeError, or RecursionError.
    """
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        whole = _ESCAPE.sub(lambda found: r"\ufffd" if found["half"] else found[0], text)
        return msgspec.json.decode(whole)


class ArticlePage:
    """An article in one layout. Every field has a default; a layout overrides those it has.

    Values are raw: ``body`` has every paragraph in the order of the page (separated by a blank
    line), with lead, byline and boilerplate; dates are as written. The pipelines do the rest. A
    layout is a subclass with ``layout``, ``matches`` and properties, its selectors named as
    constants above them.
    """

    rules: ClassVar[AgencyRules]
    layout: ClassVar[str]
    source: ClassVar[Literal["page", "api"]] = "page"

    def __init__(self, document: Document) -> None:
        self.document = document

    def matches(self) -> bool:
        """Return whether the document's content, not its address, is an article in this layout."""
        raise NotImplementedError

    def explain(self) -> UnreadablePage | None:
        """Return why a document matches no layout, if this layout knows its kind."""
        return None

    @cached_property
    def base(self) -> str:
        """The address that the page's relative links start from.

        Its host is the agency's own, or the page's if pages of that host are only there.
        """
        address, rules = urlsplit(self.document.url), self.rules.address
        is_apart = address.hostname in rules.apart
        site = f"{urlsplit(rules.site).scheme}://{address.hostname}" if is_apart else rules.site
        return self.document.base_of(f"{site}{address.path or '/'}")

    @property
    def ids(self) -> Collection[str]:
        """The article's ids in the response itself. Empty if there are none."""
        return ()

    @cached_property
    def own_ids(self) -> tuple[str, ...]:
        """The ids of articles whose addresses the page states as its own, rightly or not."""
        found = []
        for address in self.document.own_addresses:
            with suppress(NotAnArticle):
                found.append(identify(address, self.rules.address, self.rules.name).id)
        return tuple(dict.fromkeys(found))

    @property
    def title(self) -> str:
        """The headline, plain text on one line."""
        return ""

    @property
    def summary(self) -> str | None:
        """The lead, if the page marks it."""
        return None

    @property
    def body(self) -> str:
        """Every paragraph in the order of the page."""
        return ""

    @property
    def authors(self) -> Sequence[Person]:
        """The persons that the page names outside the text."""
        return ()

    @property
    def byline_raw(self) -> str | None:
        """The byline as written, if the page marks it."""
        return None

    @property
    def edition(self) -> str | None:
        """The edition, if the page's host has one."""
        return self.rules.address.apart.get(urlsplit(self.document.url).hostname or "")

    @property
    def published_raw(self) -> str | None:
        """The date of publication as written."""
        return None

    @property
    def modified_raw(self) -> str | None:
        """The date of the last change as written."""
        return None

    @property
    def category(self) -> Label | None:
        """The section."""
        return None

    @property
    def tags(self) -> Sequence[Label]:
        """The site's own tags."""
        return ()

    @property
    def images(self) -> Sequence[Image]:
        """The pictures, the lead picture first."""
        return ()

    @property
    def videos(self) -> Sequence[Video]:
        """The videos."""
        return ()

    @property
    def further_pages(self) -> Sequence[str]:
        """Addresses of other pages of the same article, in order; this one may be any of them."""
        return ()

    @property
    def translations(self) -> Sequence[Translation]:
        """The same story in other editions."""
        return ()

    def draft(self) -> Draft:
        """Return the raw fields, with the layout and code that read them."""
        return Draft(
            agency=self.rules.name,
            title=self.title,
            summary=self.summary,
            body=self.body,
            authors=list(self.authors),
            byline_raw=self.byline_raw,
            edition=self.edition,
            published_raw=self.published_raw,
            modified_at=self.modified_raw,
            category=self.category,
            tags=list(self.tags),
            images=list(self.images),
            videos=list(self.videos),
            translations=list(self.translations),
            extractor=Extractor(self.layout, self.source, reading_code(self.rules.name)),
            own_ids=self.own_ids,
        )


def read_page(document: Document, layouts: Sequence[type[ArticlePage]]) -> ArticlePage:
    """Return the page in the first layout that matches its content.

    Raises UnreadablePage: BadBody, EmptyPage (the API may have it), OtherPage or UnknownLayout.
    """
    charset = layouts[0].rules.charset
    if document.charset != charset:  # keeps what is decoded already
        document = replace(document, charset=charset)
    pages = [layout(document) for layout in layouts]
    for page in pages:
        if page.matches():
            return page
    for page in pages:
        if miss := page.explain():
            raise miss
    raise UnknownLayout(f"{document.url}: none of {len(layouts)} layouts matches this page")


def readable(document: Document) -> Document:
    """Return a response for people to read: without content coding and private headers.

    Raises UnreadablePage if the coding cannot be undone.
    """
    body = undo_coding(document.body, document.headers.get("content-encoding", ""))
    left_out = _PRIVATE_HEADERS | _CODING_HEADERS
    headers = {name: document.headers[name] for name in document.headers.keys() - left_out}
    return replace(document, headers=dict(sorted(headers.items())), body=body)

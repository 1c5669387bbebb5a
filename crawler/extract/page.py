"""Pages: one answer of a site in, the raw fields of an article out. No Scrapy here."""

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
    """One answer of a site, as received: what a crawl, a test and a reading from WARC all have.

    Header names are lower case. ``body`` may still carry its content coding; ``largest`` is how
    many bytes it may unpack to. ``charset`` is the last resort of decoding; ``read_page`` sets the
    agency's. Every property raises BadBody if the bytes are no text that can be read safely.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    charset: str = "windows-1252"
    largest: int = LARGEST_BODY

    @cached_property
    def decoded(self) -> Decoded:
        """The characters and what is known of their encoding."""
        body = undo_coding(self.body, self.headers.get("content-encoding", ""), self.largest)
        return check_legible(decode(body, self.headers, self.charset))

    @property
    def text(self) -> str:
        """The answer as text."""
        return self.decoded.text

    html = text  # what one who looks at a page asks for

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The answer as HTML."""
        return LexborHTMLParser(self._source)

    @cached_property
    def _source(self) -> bytes:
        """The answer as UTF-8, safe to parse as HTML."""
        source = self.decoded.utf8
        return check_depth(self.text.encode("utf-8", "replace") if source is None else source)

    @cached_property
    def main_text(self) -> MainText | None:
        """The text of the article, by what texts of articles have in common."""
        found = find_main_text(LexborHTMLParser(self._source))  # which changes the tree
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
        """Return what links of a page at an address start from: what its ``base`` element says."""
        head = None if self.is_json else self.tree.head
        node = head.css_first("base[href]") if head else None
        return (absolute(node.attributes["href"], address) if node else None) or address

    @cached_property
    def own_addresses(self) -> Sequence[str]:
        """The addresses that the page gives machines as its own, rightly or not."""
        head = None if self.is_json else self.tree.head
        nodes = head.css(_OWN_ADDRESS) if head else ()
        values = (node.attributes.get("href") or node.attributes.get("content") for node in nodes)
        return [value.strip() for value in values if value]

    def css(self, selector: str) -> Sequence[LexborNode]:
        """Return what a selector finds in the ``body``.

        Looked for once, however many layouts ask: to walk a page costs as much as to read a field.
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
        """The answer as JSON."""
        try:
            return decode_json(self.text)
        except (msgspec.DecodeError, RecursionError) as error:
            raise BadBody("not json", f"{self.url}: {error}") from error

    @property
    def is_json(self) -> bool:
        """Whether the answer looks like JSON, whatever its header says."""
        return self.text[:64].lstrip()[:1] in ("{", "[")


# An escape of JSON: a whole character, half of one, or whatever else.
_ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\."
)


def decode_json(text: str) -> Any:
    """Decode JSON; half a character, cut off by a careless site, is read as U+FFFD.

    Raises msgspec's DecodeError, or RecursionError.
    """
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        whole = _ESCAPE.sub(lambda found: r"\ufffd" if found["half"] else found[0], text)
        return msgspec.json.decode(whole)


class ArticlePage:
    """An article as one layout shows it; every field has a default, a layout overrides what it has.

    Values are raw: ``body`` has every paragraph in the order of the page (separated by a blank
    line), the lead, byline and boilerplate included; dates are as written. The pipelines do the
    rest. A layout is a subclass with ``layout``, ``matches`` and properties, its selectors named
    as constants above them.
    """

    rules: ClassVar[AgencyRules]
    layout: ClassVar[str]
    source: ClassVar[Literal["page", "api"]] = "page"

    def __init__(self, document: Document) -> None:
        self.document = document

    def matches(self) -> bool:
        """Tell whether the document's content, never its address, is an article in this layout."""
        raise NotImplementedError

    def explain(self) -> UnreadablePage | None:
        """Say what a document is that no layout matches, if this layout knows its kind."""
        return None

    @cached_property
    def base(self) -> str:
        """The address that the page's relative links start from.

        It is at the agency's own site, or at the host where alone the page stands.
        """
        address, rules = urlsplit(self.document.url), self.rules.address
        host = address.hostname if address.hostname in rules.apart else rules.host
        own = f"{urlsplit(rules.site).scheme}://{host}{address.path or '/'}"
        return self.document.base_of(own)

    @property
    def ids(self) -> Collection[str]:
        """The ids under which the answer itself tells the article; none if it does not say."""
        return ()

    @cached_property
    def own_ids(self) -> tuple[str, ...]:
        """The articles whose addresses the page gives machines as its own, rightly or not."""
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
        """The lead, if the page sets it apart."""
        return None

    @property
    def body(self) -> str:
        """Every paragraph in the order of the page."""
        return ""

    @property
    def authors(self) -> Sequence[Person]:
        """The persons that the page itself names apart from the text."""
        return ()

    @property
    def byline_raw(self) -> str | None:
        """The byline as written, if the page sets it apart."""
        return None

    @property
    def edition(self) -> str | None:
        """The edition, if the page's own address tells."""
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
        """Gather the fields, raw as they are, with what read them."""
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

    Raises UnreadablePage: BadBody, EmptyPage (ask the API), OtherPage or UnknownLayout.
    """
    charset = layouts[0].rules.charset
    if document.charset != charset:  # else what has been decoded already would be decoded again
        document = replace(document, charset=charset)
    pages = [layout(document) for layout in layouts]
    for page in pages:
        if page.matches():
            return page
    for page in pages:
        if miss := page.explain():
            raise miss
    raise UnknownLayout(f"{document.url}: none of {len(layouts)} layouts describes this page")


def readable(document: Document) -> Document:
    """Return an answer as a person can read it: without content coding and private headers.

    Raises UnreadablePage if the coding cannot be undone.
    """
    body = undo_coding(document.body, document.headers.get("content-encoding", ""))
    left_out = _PRIVATE_HEADERS | _CODING_HEADERS
    headers = {name: document.headers[name] for name in document.headers.keys() - left_out}
    return replace(document, headers=dict(sorted(headers.items())), body=body)

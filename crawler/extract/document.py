"""Documents: responses of a site as they were received, under the agency's own addresses.

No Scrapy here: a crawl, a test and a reading from WARC have the same documents.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol
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
from crawler.extract.errors import BadBody
from crawler.extract.json_ld import Node, find_article
from crawler.extract.lines import Line, page_lines
from crawler.extract.main_text import LEAST_TEXT, MainText, find_in_scripts, find_main_text
from crawler.extract.media import absolute
from crawler.model.rules import AddressRules

_OWN_ADDRESS = 'link[rel~="canonical" i][href], meta[property="og:url"][content]'
# The data of a Next.js and an Inertia page, which have all that the page shows.
_NEXT, _INERTIA = "script#__NEXT_DATA__", "[data-page]"
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


def embedded_json(document: Document) -> Any:
    """Return the data of a Next.js or Inertia page. None if it is neither.

    Raises BadBody if the data are not JSON.
    """
    script = document.tree.css_first(_NEXT)
    node = document.tree.css_first(_INERTIA)
    text = script.text() if script else node.attributes.get("data-page") if node else None
    if not text:
        return None
    try:
        return decode_json(text)
    except (ValueError, RecursionError) as error:
        raise BadBody("not json", f"{document.url}: {error}") from error


def dig(value: Any, path: str) -> Any:
    """Follow a path such as ``result.contents.-1.id``. None if there is no such value."""
    for step in filter(None, path.split(".")):
        if isinstance(value, list) and step.lstrip("-").isdecimal():
            place = int(step)
            value = value[place] if -len(value) <= place < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def readable(document: Document) -> Document:
    """Return a response for people to read: without content coding and private headers.

    Raises UnreadablePage if the coding cannot be undone.
    """
    body = undo_coding(document.body, document.headers.get("content-encoding", ""))
    left_out = _PRIVATE_HEADERS | _CODING_HEADERS
    headers = {name: document.headers[name] for name in document.headers.keys() - left_out}
    return replace(document, headers=dict(sorted(headers.items())), body=body)


class Response(Protocol):
    """A response as Scrapy has it. Names of header fields are in title case."""

    status: int
    headers: Any

    @property
    def url(self) -> str:
        """Where it was fetched."""

    @property
    def body(self) -> bytes:
        """The bytes."""


class Site:
    """Translates between the agency's own addresses and those of the configured site."""

    def __init__(self, root: str, rules: AddressRules) -> None:
        """``root``: scheme and host (and port) of the configured site."""
        self.root = root
        self.rules = rules

    def local(self, url: str) -> str:
        """Return where an address of the agency is fetched. Other addresses are unchanged.

        So are those of hosts with pages of their own, unless a stand-in replaces all hosts.
        """
        parts, root = urlsplit(url), urlsplit(self.root)
        host = (parts.hostname or "").removesuffix(".")
        is_apart = host in self.rules.apart and self.root == self.rules.site
        if host not in self.rules.hosts or is_apart:
            return url
        return parts._replace(scheme=root.scheme, netloc=root.netloc).geturl()

    def public(self, url: str) -> str:
        """Return the agency's own address for one at the configured site."""
        if url == self.root or url.startswith(f"{self.root}/"):
            return self.rules.site + url[len(self.root) :]
        return url

    def stays(self, target: str, asked: str) -> bool:
        """Return whether a redirect stays on its host, or leads to one with pages of its own."""
        return is_same_host(target, asked) or urlsplit(target).netloc in self.rules.apart

    def is_home_page(self, url: str) -> bool:
        """Return whether an address is the home page, where sites redirect from lost pages."""
        front = self.rules.refusals.get("home page")
        path = urlsplit(self.public(url)).path.rstrip("/")
        return front is not None and bool(front.fullmatch(path))

    def document(self, response: Response) -> Document:
        """Return a response for pages and listings, under the agency's own address."""
        url, headers = self.public(response.url), header_fields(response)
        return Document(url, response.status, headers, response.body)


def is_same_host(target: str, asked: str) -> bool:
    """Return whether two addresses have the same host and port."""
    return urlsplit(target).netloc == urlsplit(asked).netloc


def header_fields(response: Response) -> dict[str, str]:
    """Return a response's headers, with names in lower case and repeated ones joined."""
    return {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }

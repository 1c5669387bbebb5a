"""Reads a page's JSON-LD about its article, however it is wrapped, nested or broken."""

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from crawler.extract.html import plain_text
from crawler.text.plain_text import fold

Node = Mapping[str, Any]

_SCRIPTS = 'script[type*="ld+json" i]'  # some add a charset
_WRAPPING = re.compile(r"/\*\s*<!\[CDATA\[\s*\*/|/\*\s*\]\]>\s*\*/|(?://\s*)?(?:<!\[CDATA\[|\]\]>)")
_COMMENT = re.compile(r"\A\s*<!--|-->\s*\Z")
_ID = re.compile(r"#|_:|/|https?://|\w*#")
# Where one name ends and the next begins: at a line break, or between two elements.
_NAME_END = re.compile(
    r"<(?:br|/li|/p|/div)\b[^<>]*>(?=.)|</(?:a|span)>(?=\s*<(?:a|span)\b)",
    re.IGNORECASE | re.DOTALL,
)
_LAST_COMMA = re.compile(r",(?=\s*[}\]])")
ARTICLE = re.compile(r"Article|Posting$|^Report$")
_STEM = re.compile(r"\b[^\W_]{4}|[\u0e00-\u0eff\u3040-\u9fff\uac00-\ud7a3]")
_NAMES = ("@type", "headline", "datePublished", "dateCreated", "dateModified", "articleSection")
_PAIR = re.compile(rf'"({"|".join((*_NAMES, "author", "creator"))})"\s*:\s*')
# Follows a complete value. After a broken one something else follows: `"A "mill" opens"`.
_VALUE_END = re.compile(r"\s*(?:[,}\]]|\Z)")
_DECODER = json.JSONDecoder(strict=False)
_MOST_PAIRS = 500  # each may begin a long value


def find_article(tree: LexborHTMLParser, url: str = "") -> Node:
    """Return the page's own article in its JSON-LD. Empty if there is none.

    Of several, the one with the page's address or headline is preferred, then a ``NewsArticle``.
    One with another address and another headline is a related story.
    """
    nodes = [node for script in tree.css(_SCRIPTS) for node in read_json_ld(script.text())]
    articles = [node for node in nodes if ARTICLE.search(_type(node))]
    if not articles:
        return {}
    page = PageClaims(tree, url)
    if len(articles) == 1 and page.has_url_of(articles[0]):  # nearly always
        return _with_authors(articles[0], nodes, url)
    ranked = [(page.claim(node), "NewsArticle" in _type(node)) for node in articles]
    best = max(ranked)
    return _with_authors(articles[ranked.index(best)], nodes, url) if best[0] >= 0 else {}


@dataclass
class PageClaims:
    """The addresses and headlines that a page states in its HTML."""

    tree: LexborHTMLParser
    url: str

    @cached_property
    def addresses(self) -> set[str]:
        """Its addresses, with and without their queries."""
        nodes = self.tree.css('link[rel="canonical"], meta[property="og:url"]')
        found = [node.attributes.get("href") or node.attributes.get("content") for node in nodes]
        whole = {_address(link) for link in (self.url, *found) if link}
        return (whole | {link.partition("?")[0] for link in whole}) - {""}

    @cached_property
    def titles(self) -> list[str]:
        """Its titles and first-level headings, folded."""
        nodes = self.tree.css('meta[property="og:title"], title, h1')
        return [folded(node.attributes.get("content") or node.text_lexbor()) for node in nodes]

    def has_url_of(self, node: Node) -> bool:
        """Return whether a node has the address that the page was fetched from."""
        return bool(self.url) and _address(self.url) in map(_address, _links(node))

    def claim(self, node: Node) -> int:
        """Return how certainly a node is about this page; below 0, it is about another."""
        addresses = {_address(link) for link in _links(node)} - {""}
        headline = folded(" ".join(texts(node.get("headline"))))
        is_named = bool(headline) and any(headline in title for title in self.titles)
        if addresses & self.addresses:
            return 2 + is_named
        is_other = (addresses and headline and self.titles) or self.is_of_another(headline)
        return 1 if is_named else -1 if is_other else 0

    def is_of_another(self, headline: str) -> bool:
        """Return whether a headline has no word in common with the page's titles."""
        if self.tree.css_first('meta[property="og:title"], h1') is None:
            return False
        own, stems = _STEM.findall(" ".join(self.titles)), set(_STEM.findall(headline))
        return bool(own and stems) and stems.isdisjoint(own)


def _links(node: Node) -> Iterator[str]:
    """Yield the addresses that a node states as its own."""
    for name in ("url", "mainEntityOfPage", "@id"):
        value = node.get(name)
        link = value.get("@id") or value.get("url") if isinstance(value, dict) else value
        if isinstance(link, str) and "/" in link:
            yield link


def _address(link: str) -> str:
    """Return the part of an address that is the same on all hosts, also in an archived copy."""
    whole, mark, query = link.partition("#")[0].partition("?")
    path = whole.rpartition("//")[2].partition("/")[2]
    return f"/{path.rstrip('/')}{mark}{query}" if path else ""


def folded(text: str) -> str:
    """Return a title or name in a form for comparing."""
    return fold(plain_text(text))


def _with_authors(article: Node, nodes: Sequence[Node], url: str) -> Node:
    """Return an article with the nodes of its authors, if it names them only by reference."""
    known = {name: article[name] for name in ("author", "creator") if name in article}
    if not any(map(_reference, chain.from_iterable(map(_listed, known.values())))):
        return article
    named = {
        _whole(str(node["@id"]), url): node
        for node in _all_nodes(nodes)
        if "@id" in node and "name" in node
    }
    return dict(article) | {
        name: [named.get(_whole(_reference(part), url), part) for part in _listed(value)]
        for name, value in known.items()
    }


def _reference(value: Any) -> str:
    """Return the id that a value refers to. Empty if it is not only a reference."""
    if isinstance(value, dict) and "name" not in value:
        value = value.get("@id")
    return value if isinstance(value, str) and _ID.match(value) else ""


def _whole(name: str, url: str) -> str:
    """Return an id with the address of the page that it is in. Most have one already."""
    return f"{url.partition('#')[0]}{name}" if name.startswith("#") else name


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _all_nodes(nodes: Sequence[Node]) -> Iterator[Node]:
    """Yield nodes and the nodes within them, at any depth."""
    todo: list[Any] = list(nodes)
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            yield value
            todo.extend(value.values())
        elif isinstance(value, list):
            todo.extend(value)


def read_json_ld(text: str) -> list[Node]:
    """Return every node of a script, also those in lists and graphs; broken JSON is salvaged."""
    plain = _COMMENT.sub("", _WRAPPING.sub("", text)).strip().rstrip(";")
    for mend in (str, _without_last_commas, html.unescape):
        try:
            return list(_nodes(json.loads(mend(plain), strict=False)))
        except (ValueError, RecursionError):
            continue
    return _salvaged(plain)


def _without_last_commas(text: str) -> str:
    return _LAST_COMMA.sub("", text)


def _nodes(value: Any) -> Iterator[Node]:
    if isinstance(value, list):
        for part in value:
            yield from _nodes(part)
    elif isinstance(value, dict):
        yield value
        yield from _nodes(value.get("@graph", []))
        yield from _nodes(value.get("mainEntity"))


def _salvaged(text: str) -> list[Node]:
    """Pick single values out of broken JSON. The first of each name is the article's."""
    found: dict[str, Any] = {}
    for pair in islice(_PAIR.finditer(text), _MOST_PAIRS):
        name, value = pair[1], _value(text, pair.end())
        if value and (name not in found or (name == "@type" and "Article" in str(value))):
            found[name] = value
    return [found] if found else []


def _value(text: str, start: int) -> Any:
    """Return the value that begins at a position. None if it is broken."""
    try:
        value, end = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    return value if _VALUE_END.match(text, end) else None


def _type(node: Node) -> str:
    """Return a node's types as one text."""
    kind = node.get("@type", "")
    return " ".join(map(str, kind)) if isinstance(kind, list) else str(kind)


def texts(value: Any) -> Iterator[str]:
    """Yield the strings of a value of JSON-LD: itself, its parts, or its name."""
    if isinstance(value, list):
        for part in value:
            yield from texts(part)
    elif isinstance(value, dict):
        yield from texts(value.get("name") or value.get("@value"))
    elif isinstance(value, str) and (text := plain_text(value)):
        yield text


def persons(value: Any) -> Iterator[str]:
    """Yield the names of authors, except of those that are declared organisations."""
    for part in _listed(value):
        if not isinstance(part, dict):
            yield from _parted(part)
        elif _type(part) == "Role":  # the property that it is about is repeated in it
            yield from persons(part.get("author", []))
        elif "Organization" not in _type(part):
            whole = [part[key] for key in ("givenName", "familyName") if part.get(key)]
            name = part.get("name") or part.get("byline") or " ".join(texts(whole))
            yield from _parted(name)


def organisations(value: Any) -> Iterator[str]:
    """Yield the names of authors that are declared organisations."""
    for part in _listed(value):
        if isinstance(part, dict) and "Organization" in _type(part):
            yield from texts(part.get("name"))


def _parted(value: Any) -> Iterator[str]:
    """Yield the texts of a value. HTML code in it may separate names."""
    yield from texts(_NAME_END.sub(", ", value) if isinstance(value, str) else value)

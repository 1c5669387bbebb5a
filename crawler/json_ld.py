"""JSON-LD as sites really write it: lists, graphs, comments around it, and JSON that is none."""

import html
import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from selectolax.lexbor import LexborHTMLParser

Node = Mapping[str, Any]

_SCRIPTS = 'script[type*="ld+json" i]'  # some add a charset
_WRAPPING = re.compile(r"/\*\s*<!\[CDATA\[\s*\*/|/\*\s*\]\]>\s*\*/|(?://\s*)?(?:<!\[CDATA\[|\]\]>)")
_COMMENT = re.compile(r"\A\s*<!--|-->\s*\Z")
_LAST_COMMA = re.compile(r",(?=\s*[}\]])")
_ARTICLE = re.compile(r"Article|Posting$|^Report$")
_NAMES = ("@type", "headline", "datePublished", "dateCreated", "dateModified", "articleSection")
_PAIR = re.compile(rf'"({"|".join((*_NAMES, "author", "creator"))})"\s*:\s*')
# What stands behind a whole value; behind a part of one stands what broke it: `"A "mill" opens"`.
_VALUE_END = re.compile(r"\s*(?:[,}\]]|\Z)")
_DECODER = json.JSONDecoder(strict=False)
_MOST_PAIRS = 500  # each may be the start of a long value


def find_article(tree: LexborHTMLParser) -> Node:
    """Return the page's own article among its JSON-LD, a ``NewsArticle`` first; empty if none."""
    nodes = [node for script in tree.css(_SCRIPTS) for node in read_json_ld(script.text())]
    articles = [node for node in nodes if _ARTICLE.search(_type(node))]
    own = [node for node in articles if "NewsArticle" in _type(node)]
    return next(iter(own or articles), {})


def read_json_ld(text: str) -> list[Node]:
    """Return every node of a script, those of its lists and graphs too; broken JSON is salvaged."""
    plain = _COMMENT.sub("", _WRAPPING.sub("", text)).strip().rstrip(";")
    for attempt in (plain, _LAST_COMMA.sub("", plain), html.unescape(plain)):
        try:
            return list(_nodes(json.loads(attempt, strict=False)))
        except (ValueError, RecursionError):
            continue
    return _salvaged(plain)


def _nodes(value: Any) -> Iterator[Node]:
    if isinstance(value, list):
        for part in value:
            yield from _nodes(part)
    elif isinstance(value, dict):
        yield value
        yield from _nodes(value.get("@graph", []))
        yield from _nodes(value.get("mainEntity"))


def _salvaged(text: str) -> list[Node]:
    """Pick single values out of what is no JSON; the first of each name is the article's."""
    found: dict[str, Any] = {}
    for pair in islice(_PAIR.finditer(text), _MOST_PAIRS):
        name, value = pair[1], _value(text, pair.end())
        if value and (name not in found or (name == "@type" and "Article" in str(value))):
            found[name] = value
    return [found] if found else []


def _value(text: str, start: int) -> Any:
    """Return the value that begins at a place; None if it is broken itself."""
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
    """Yield the strings that a value of JSON-LD stands for: itself, its parts, or its name."""
    if isinstance(value, list):
        for part in value:
            yield from texts(part)
    elif isinstance(value, dict):
        yield from texts(value.get("name"))
    elif isinstance(value, str) and (text := " ".join(html.unescape(value).split())):
        yield text


def persons(value: Any) -> Iterator[str]:
    """Yield the names of authors, without those that are said to be organisations."""
    for part in value if isinstance(value, list) else [value]:
        if not isinstance(part, dict):
            yield from texts(part)
        elif "Organization" not in _type(part):
            yield from texts(part.get("name") or part.get("byline"))

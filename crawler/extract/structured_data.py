"""What a page says of itself to machines: JSON-LD, OpenGraph and other ``meta``, microdata."""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

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

# In the order in which they are believed.
_PUBLISHED = (
    *("article:published_time", "og:article:published_time", "og:published_time"),
    *("datepublished", "pubdate", "publishdate", "publish-date", "publish_date"),
    *("parsely-pub-date", "og:release_date", "datecreated", "dc.date.issued", "date"),
    *("sailthru.date", "analyticsattributes.articledate", "revision_date"),
)
_MODIFIED = (
    *("article:modified_time", "og:article:modified_time", "datemodified", "og:updated_time"),
    "last-modified",
)
# Some archives moved every value of a ``meta`` to another attribute.
_VALUES = ("content", "value")


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


class Metadata:
    """The machine-readable side of a page; ``root`` is the part that is the article's own."""

    def __init__(self, tree: LexborHTMLParser, root: LexborNode) -> None:
        self.tree = tree
        self.root = root

    @cached_property
    def article(self) -> Node:
        """The article's JSON-LD; empty if it has none."""
        return find_article(self.tree)

    @cached_property
    def _metas(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for node in self.tree.css("meta"):
            attributes = node.attributes
            value = next((attributes[name] for name in _VALUES if attributes.get(name)), None)
            names = (attributes.get(name) for name in ("property", "name", "itemprop"))
            if value and (name := next(filter(None, names), None)):
                found.setdefault(name.lower(), []).append(value)
        return found

    def metas(self, *names: str) -> Iterator[str]:
        """Yield what the ``meta`` elements of these names hold, in the order of the names."""
        for name in names:
            yield from (flat for value in self._metas.get(name, ()) if (flat := _flat(value)))

    def items(self, name: str) -> Iterator[str]:
        """Yield the values of a property of microdata within the article."""
        for node in self.root.css(f'[itemprop~="{name}"]'):
            attributes = node.attributes
            value = attributes.get("content") or attributes.get("datetime")
            if flat := _flat(value or node.text(deep=True)):
                yield flat

    @property
    def headlines(self) -> Iterator[str]:
        """Titles, the best first; one that a machine cut short is none."""
        own = [*texts(self.article.get("headline")), *self.items("headline")]
        yield from (title for title in own if not title.endswith(("...", "…")))
        yield from map(self._without_site, self.metas("og:title", "twitter:title", "title"))

    def _without_site(self, title: str) -> str:
        """Cut the site's name off a title, where it stands behind a bar or a dash."""
        for name in self.metas("og:site_name"):
            for sign in ("|", "-", "–", "—"):
                title = title.removesuffix(f" {sign} {name}")
        return title

    @property
    def published(self) -> Sequence[str]:
        """Dates of publication as written, the most believed first."""
        return [
            *texts(self.article.get("datePublished")),
            *self.items("datePublished"),
            *self.metas(*_PUBLISHED),
            *texts(self.article.get("dateCreated")),
            *self.items("dateCreated"),
            *(node.attributes["datetime"] or "" for node in self.root.css("time[datetime]")[:1]),
        ]

    @property
    def modified(self) -> Sequence[str]:
        """Dates of the last change as written, the most believed first."""
        return [
            *texts(self.article.get("dateModified")),
            *self.items("dateModified"),
            *self.metas(*_MODIFIED),
        ]

    @property
    def authors(self) -> Iterator[list[str]]:
        """Lists of authors' names, each from one source, the most believed first."""
        yield list(persons(self.article.get("author")))
        yield list(self._named("author"))
        yield list(persons(self.article.get("creator")))
        yield list(self.metas("article:author", "author"))

    def _named(self, name: str) -> Iterable[str]:
        for node in self.root.css(f'[itemprop~="{name}"]'):
            if "Organization" in (node.attributes.get("itemtype") or ""):
                continue
            part = node.css_first('[itemprop~="name"]') or node
            yield _flat(part.attributes.get("content") or part.text(deep=True))

    @property
    def sections(self) -> Iterator[str]:
        """Names of the section."""
        yield from texts(self.article.get("articleSection"))
        yield from self.metas("article:section", "og:article:section")

    @property
    def tags(self) -> list[str]:
        """Tags, in the order of the page."""
        found = list(self.metas("article:tag")) or list(texts(self.article.get("keywords")))
        listed = found[0].split(",") if len(found) == 1 else found
        return list(dict.fromkeys(filter(None, map(_flat, listed))))


def _flat(text: str) -> str:
    return " ".join(text.split())

"""What a page says of itself to machines: JSON-LD, OpenGraph and other ``meta``, microdata."""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, islice
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.extract.belonging import belongs
from crawler.extract.html import one_line, plain_text
from crawler.text.normalize import fold

Node = Mapping[str, Any]

_SCRIPTS = 'script[type*="ld+json" i]'  # some add a charset
_WRAPPING = re.compile(r"/\*\s*<!\[CDATA\[\s*\*/|/\*\s*\]\]>\s*\*/|(?://\s*)?(?:<!\[CDATA\[|\]\]>)")
_COMMENT = re.compile(r"\A\s*<!--|-->\s*\Z")
_LAST_COMMA = re.compile(r",(?=\s*[}\]])")
_ARTICLE = re.compile(r"Article|Posting$|^Report$")
_OTHER_THING = re.compile(r"Object$|Comment$|Review$|Product$|Event$|Person$|Recipe$")
_TAG_SIGNS = (";", "；", "、", "，")  # between tags in one text, which may have commas of their own
_STEM = re.compile(r"\b[^\W_]{4}|[\u0e00-\u0eff\u3040-\u9fff\uac00-\ud7a3]")
_CUT = re.compile(r"\A(?:…|\.\.\.)|(?:…|\.\.\.)\Z")
_NAMES = ("@type", "headline", "datePublished", "dateCreated", "dateModified", "articleSection")
_PAIR = re.compile(rf'"({"|".join((*_NAMES, "author", "creator"))})"\s*:\s*')
# What stands behind a whole value; behind a part of one stands what broke it: `"A "mill" opens"`.
_VALUE_END = re.compile(r"\s*(?:[,}\]]|\Z)")
_DECODER = json.JSONDecoder(strict=False)
_MOST_PAIRS = 500  # each may be the start of a long value

# In the order in which they are believed; letters and digits alone, for sites differ in the rest.
_PUBLISHED = (
    *("articlepublishedtime", "ogarticlepublishedtime", "ogpublishedtime", "articlepublished"),
    *("datepublished", "pubdate", "publishdate", "publishtime", "publishedtime", "publicationdate"),
    *("publishedat", "originalpublicationdate", "articleoriginaldate", "parselypubdate"),
    *("cxenseparserecspublishtime", "weiboarticlecreateat", "bytedancepublishedtime"),
    *("citationpublicationdate", "citationdate", "ogreleasedate", "datecreated"),
    *("dcdateissued", "dctermsissued", "dcdatecreated", "dctermscreated", "dcdate", "dctermsdate"),
    *("displaydate", "articledatedisplay", "date", "sailthrudate"),
    *("analyticsattributesarticledate", "revisiondate"),
)
_MODIFIED = (
    *("articlemodifiedtime", "ogarticlemodifiedtime", "datemodified", "ogupdatedtime"),
    "lastmodified",
)
# Some archives moved every value of a ``meta`` to another attribute.
_VALUES = ("content", "value")


def find_article(tree: LexborHTMLParser, url: str = "") -> Node:
    """Return the page's own article among its JSON-LD; empty if there is none.

    Of several, the one with the address or the headline of the page goes first, then a
    ``NewsArticle``. One with another address and another headline is a related story.
    """
    nodes = [node for script in tree.css(_SCRIPTS) for node in read_json_ld(script.text())]
    articles = [node for node in nodes if _ARTICLE.search(_type(node))]
    if not articles:
        return {}
    page = _Page(tree, url)
    if len(articles) == 1 and page.has_url_of(articles[0]):  # as nearly always
        return _with_authors(articles[0], nodes)
    ranked = [(page.claim(node), "NewsArticle" in _type(node)) for node in articles]
    best = max(ranked)
    return _with_authors(articles[ranked.index(best)], nodes) if best[0] >= 0 else {}


@dataclass
class _Page:
    """What a page itself says of its addresses and its headline."""

    tree: LexborHTMLParser
    url: str

    @cached_property
    def addresses(self) -> set[str]:
        nodes = self.tree.css('link[rel="canonical"], meta[property="og:url"]')
        found = [node.attributes.get("href") or node.attributes.get("content") for node in nodes]
        whole = {_address(link) for link in (self.url, *found) if link}
        return (whole | {link.partition("?")[0] for link in whole}) - {""}

    @cached_property
    def titles(self) -> list[str]:
        nodes = self.tree.css('meta[property="og:title"], title, h1')
        return [_folded(node.attributes.get("content") or node.text_lexbor()) for node in nodes]

    def has_url_of(self, node: Node) -> bool:
        """Tell whether a node has the address that the page was fetched from."""
        return bool(self.url) and _address(self.url) in map(_address, _links(node))

    def claim(self, node: Node) -> int:
        """Say how sure it is that a node is of this page; below 0 is of another."""
        addresses = {_address(link) for link in _links(node)} - {""}
        headline = _folded(" ".join(texts(node.get("headline"))))
        is_named = bool(headline) and any(headline in title for title in self.titles)
        if addresses & self.addresses:
            return 2 + is_named
        is_other = (addresses and headline and self.titles) or self.is_of_another(headline)
        return 1 if is_named else -1 if is_other else 0

    def is_of_another(self, headline: str) -> bool:
        """Tell whether a headline has no word of the page's own, as another story's has none."""
        if self.tree.css_first('meta[property="og:title"], h1') is None:
            return False
        own, stems = _STEM.findall(" ".join(self.titles)), set(_STEM.findall(headline))
        return bool(own and stems) and stems.isdisjoint(own)


def _links(node: Node) -> Iterator[str]:
    """Yield the addresses that a node says are its own."""
    for name in ("url", "mainEntityOfPage", "@id"):
        value = node.get(name)
        link = value.get("@id") or value.get("url") if isinstance(value, dict) else value
        if isinstance(link, str) and "/" in link:
            yield link


def _address(link: str) -> str:
    """Return what all addresses of one page have in common, that of an archived copy too."""
    whole, mark, query = link.partition("#")[0].partition("?")
    path = whole.rpartition("//")[2].partition("/")[2]
    return f"/{path.rstrip('/')}{mark}{query}" if path else ""


def _folded(text: str) -> str:
    return fold(plain_text(text))


def _with_authors(article: Node, nodes: Sequence[Node]) -> Node:
    """Return an article with the nodes of its authors, if it names them by reference alone."""
    known = {name: article[name] for name in ("author", "creator") if name in article}
    if not any(map(_is_reference, chain.from_iterable(map(_listed, known.values())))):
        return article
    named = {
        str(node["@id"]): node for node in _all_nodes(nodes) if "@id" in node and "name" in node
    }
    return dict(article) | {
        name: [
            named.get(part["@id"], part) if _is_reference(part) else part for part in _listed(value)
        ]
        for name, value in known.items()
    }


def _is_reference(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("@id"), str) and "name" not in value


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _all_nodes(nodes: Sequence[Node]) -> Iterator[Node]:
    """Yield nodes and those within them, at any depth."""
    todo: list[Any] = list(nodes)
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            yield value
            todo.extend(value.values())
        elif isinstance(value, list):
            todo.extend(value)


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
    elif isinstance(value, str) and (text := plain_text(value)):
        yield text


def persons(value: Any) -> Iterator[str]:
    """Yield the names of authors, without those that are said to be organisations."""
    for part in _listed(value):
        if not isinstance(part, dict):
            yield from texts(part)
        elif "Organization" not in _type(part):
            yield from texts(part.get("name") or part.get("byline"))


class Metadata:
    """The machine-readable side of a page; ``root`` is the part that is the article's own."""

    def __init__(self, tree: LexborHTMLParser, root: LexborNode, article: Node) -> None:
        """``article``: its JSON-LD, empty if it has none."""
        self.tree = tree
        self.root = root
        self.article = article

    @cached_property
    def _metas(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for node in self.tree.css("meta"):
            attributes = node.attributes
            value = next((attributes[name] for name in _VALUES if attributes.get(name)), None)
            names = (attributes.get(name) for name in ("property", "name", "itemprop"))
            name = next(filter(None, names), None)
            if value and name and ("itemprop" not in attributes or self._is_own(node)):
                found.setdefault(_key(name), []).append(value)
        return found

    def metas(self, *names: str) -> Iterator[str]:
        """Yield what the ``meta`` elements of these names hold, in the order of the names."""
        for name in names:
            values = self._metas.get(_key(name), ())
            yield from (flat for value in values if (flat := _flat(value)))

    def items(self, name: str) -> Iterator[str]:
        """Yield the values of a property of microdata within the article."""
        for node in self._properties(name):
            attributes = node.attributes
            value = attributes.get("content") or attributes.get("datetime")
            if flat := _flat(value or _words(node)):
                yield flat

    def _properties(self, name: str) -> Iterator[LexborNode]:
        """Yield the elements of a property of the article itself, not of a thing within it."""
        nodes = self.root.css(f'[itemprop~="{name}"]') if self._has_properties else []
        yield from filter(self._is_own, nodes)

    def _is_own(self, node: LexborNode) -> bool:
        scope = _scope(node)
        return scope is None or scope.mem_id == self._own_scope or not _is_thing(scope)

    @cached_property
    def _has_properties(self) -> bool:
        return self.root.css_first("[itemprop]") is not None

    @cached_property
    def _own_scope(self) -> int | None:
        """The element whose microdata is the article's: the one with its text or headline."""
        scopes = [node for node in self.tree.css("[itemscope]") if _is_article(node)]
        own = [node for node in scopes if node.css_first('[itemprop~="articleBody"], h1')]
        page = _Page(self.tree, "")
        others = (node for node in scopes if not page.is_of_another(_headline(node)))
        chosen = next(chain(own, others), None)
        return chosen.mem_id if chosen else None

    @property
    def headlines(self) -> Iterator[str]:
        """Titles, the best first."""
        yield from self.own_headlines
        yield from map(self._without_site, self.shared_titles)

    @property
    def own_headlines(self) -> Iterator[str]:
        """What the article's own data call its headline; one that a machine cut short is none."""
        own = (*texts(self.article.get("headline")), *self.items("headline"))
        return (plain_text(title) for title in own if not _CUT.search(title))

    @property
    def shared_titles(self) -> Iterator[str]:
        """Titles for those who link to the page; they may name the site, too."""
        return map(plain_text, self.metas("og:title", "twitter:title", "title"))

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
        ]

    @property
    def times(self) -> Iterator[str]:
        """The times the article shows, those below its headline first."""
        if self.root.css_first("time[datetime]") is None:
            return
        nodes = self.root.css("h1, time[datetime]")
        places = [place for place, node in enumerate(nodes) if node.tag == "h1"]
        headline = nodes[places[0]] if places else None
        below = nodes[places[0] :] + nodes[: places[0]] if places else nodes
        for node in below:
            if node.tag == "time" and belongs(node, headline):
                yield node.attributes["datetime"] or ""

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
        for node in self._properties(name):
            if "Organization" in (node.attributes.get("itemtype") or ""):
                continue
            part = node.css_first('[itemprop~="name"]') or node
            yield plain_text(part.attributes.get("content") or _words(part))

    @property
    def sections(self) -> Iterator[str]:
        """Names of the section."""
        yield from texts(self.article.get("articleSection"))
        yield from self.metas("article:section", "og:article:section")

    @property
    def tags(self) -> list[str]:
        """Tags, in the order of the page."""
        found = list(self.metas("article:tag")) or list(texts(self.article.get("keywords")))
        sign = next((sign for sign in _TAG_SIGNS if sign in found[0]), ",") if found else ","
        listed = found[0].split(sign) if len(found) == 1 else found
        return list(dict.fromkeys(filter(None, map(_flat, listed))))


def _scope(node: LexborNode) -> LexborNode | None:
    """Return the thing of microdata that an element is a property of."""
    parent = node.parent
    while parent is not None and "itemscope" not in parent.attributes:
        parent = parent.parent
    return parent


def _headline(scope: LexborNode) -> str:
    """Return what a thing of microdata calls its headline, folded."""
    node = scope.css_first('[itemprop~="headline"]')
    return _folded(node.attributes.get("content") or node.text_lexbor()) if node else ""


def _is_thing(scope: LexborNode) -> bool:
    """Tell whether a thing is something else than the page or a part of it."""
    return _is_article(scope) or bool(_OTHER_THING.search(scope.attributes.get("itemtype") or ""))


def _is_article(scope: LexborNode) -> bool:
    return bool(_ARTICLE.search(scope.attributes.get("itemtype") or ""))


@lru_cache(maxsize=1024)
def _key(name: str) -> str:
    """Return what sites agree on of a name, such as `article:published_time`."""
    return re.sub(r"[\W_]+", "", name.lower())


def _words(node: LexborNode) -> str:
    return one_line(node) or node.text(deep=True)


def _flat(text: str) -> str:
    return " ".join(text.split())

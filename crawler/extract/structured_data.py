"""Reads a page's structured data: OpenGraph and other ``meta``, microdata, and JSON-LD."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import chain

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.extract.html import one_line, plain_text
from crawler.extract.json_ld import (
    ARTICLE,
    Node,
    PageClaims,
    folded,
    organisations,
    persons,
    texts,
)
from crawler.extract.own_story import belongs

_OTHER_THING = re.compile(r"Object$|Comment$|Review$|Product$|Event$|Person$|Recipe$")
_TAG_SIGNS = (";", "；", "、", "，")  # between tags in one text; tags may have commas
_CUT = re.compile(r"\A(?:…|\.\.\.)|(?:…|\.\.\.)\Z")
# The most credible first; only letters and digits, because sites differ in the rest.
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
_AUTHORS = (
    *("byl", "parsely-author", "sailthru.author", "citation_author"),
    *("dc.creator", "dcterms.creator"),
)
# Some archives moved the value of every ``meta`` to another attribute.
_VALUES = ("content", "value")


class Metadata:
    """The structured data of a page. ``root``: the article's own part of it."""

    def __init__(self, tree: LexborHTMLParser, root: LexborNode, article: Node) -> None:
        """``article``: its JSON-LD, empty if there is none."""
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
        """Yield the values of the ``meta`` elements of these names, in the order of the names."""
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
        """Yield the elements of a property of the article itself, not of another thing in it."""
        nodes = self.root.css(f'[itemprop~="{name}"]') if self._has_properties else []
        yield from filter(self._is_own, nodes)

    def _is_own(self, node: LexborNode) -> bool:
        scope = _scope(node)
        if scope is None:
            return belongs(node, self._headline)
        return scope.mem_id == self._own_scope or not _is_thing(scope)

    @cached_property
    def _headline(self) -> LexborNode | None:
        return self.root.css_first("h1")

    @cached_property
    def _has_properties(self) -> bool:
        return self.root.css_first("[itemprop]") is not None

    @cached_property
    def _own_scope(self) -> int | None:
        """The element with the article's microdata: the one with its text or headline."""
        scopes = [node for node in self.tree.css("[itemscope]") if _is_article(node)]
        own = [node for node in scopes if node.css_first('[itemprop~="articleBody"], h1')]
        page = PageClaims(self.tree, "")
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
        """Headlines in the article's own data, without those that a program cut short."""
        own = (*texts(self.article.get("headline")), *self.items("headline"))
        return (plain_text(title) for title in own if not _CUT.search(title))

    @property
    def shared_titles(self) -> Iterator[str]:
        """Titles for those who link to the page; they may have the site's name in them."""
        return map(plain_text, self.metas("og:title", "twitter:title", "title"))

    def _without_site(self, title: str) -> str:
        """Cut the site's name off the end of a title, after a bar or a dash."""
        for name in self.metas("og:site_name"):
            for sign in ("|", "-", "–", "—"):
                title = title.removesuffix(f" {sign} {name}")
        return title

    @property
    def published(self) -> Sequence[str]:
        """Dates of publication as written, the most credible first."""
        return [
            *texts(self.article.get("datePublished")),
            *self.items("datePublished"),
            *self.metas(*_PUBLISHED),
            *texts(self.article.get("dateCreated")),
            *self.items("dateCreated"),
        ]

    @property
    def times(self) -> Iterator[str]:
        """The article's ``time`` elements, those below its headline first."""
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
        """Dates of the last change as written, the most credible first."""
        return [
            *texts(self.article.get("dateModified")),
            *self.items("dateModified"),
            *self.metas(*_MODIFIED),
        ]

    @property
    def authors(self) -> Iterator[list[str]]:
        """Lists of authors' names, one for each source, the most credible first."""
        yield list(persons(self.article.get("author")))
        yield list(self._named("author"))
        yield list(persons(self.article.get("creator")))
        yield list(self.metas("article:author", "author"))
        yield list(self.metas(*_AUTHORS))

    @property
    def organisations(self) -> Iterator[str]:
        """Organisations that are declared authors."""
        for name in ("author", "creator"):
            yield from organisations(self.article.get(name))

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
    """Return the microdata item that an element belongs to."""
    parent = node.parent
    while parent is not None and "itemscope" not in parent.attributes:
        parent = parent.parent
    return parent


def _headline(scope: LexborNode) -> str:
    """Return the headline of a microdata item, folded."""
    node = scope.css_first('[itemprop~="headline"]')
    return folded(node.attributes.get("content") or node.text_lexbor()) if node else ""


def _is_thing(scope: LexborNode) -> bool:
    """Return whether an item is something other than the page or a part of it."""
    return _is_article(scope) or bool(_OTHER_THING.search(scope.attributes.get("itemtype") or ""))


def _is_article(scope: LexborNode) -> bool:
    return bool(ARTICLE.search(scope.attributes.get("itemtype") or ""))


@lru_cache(maxsize=1024)
def _key(name: str) -> str:
    """Return a form of a name, such as `article:published_time`, that is equal on all sites."""
    return re.sub(r"[\W_]+", "", name.lower())


def _words(node: LexborNode) -> str:
    return one_line(node) or node.text(deep=True)


def _flat(text: str) -> str:
    return " ".join(text.split())

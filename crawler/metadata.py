"""What a page says of itself to machines: JSON-LD, OpenGraph and other ``meta``, microdata."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.json_ld import Node, find_article, persons, texts

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

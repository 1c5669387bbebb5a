"""The full-text index: one document for each version of an article.

Only this module uses tantivy; ``docs/performance.md`` compares it with SQLite's FTS5. Superseded
versions have the same fields under other names. So a search for newest versions never reads them,
and superseded versions are found by a search of their own.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import tantivy
from tantivy import Occur, Query

from crawler.text import search_query as asked
from crawler.text.search_query import Document, Words

FACETS = ("agency", "edition", "year", "category", "author")
# The whole article, its title, its author, each with the weight of a word in it.
_TEXTS = {"text": 1.0, "title": 3.0, "author": 1.0}
_STEMS = {"text": "stem", "title": "title_stem"}  # the fields for the stems of their words
_OLD = "old_"  # prefix of the fields of a superseded version
_LOST = "lost_"  # of the fields for the words that the newest version does not have
_BETWEEN = " ¶ "  # between parts of a text: no phrase crosses it
_ALL = ("all", "")  # a label that every version has
_ENDING = 0.5  # weight of a word with another ending
_MOST_ENDINGS = 8  # endings that are ranked; others are found, too
_MEMORY = 128_000_000  # bytes; a segment is written when it is full
_MOST_VALUES = 200  # values of a facet, before spellings of a name are joined


class Hit(NamedTuple):
    """A version that was found: its rank, its article's place, and its number."""

    order: float
    place: int
    number: int


class Sought(NamedTuple):
    """A search: a query, and labels that must all be there.

    ``ids``: for words that are an article's id or address, the article's id.
    """

    tree: asked.Query | None
    labels: tuple[tuple[str, str], ...] = ()
    ids: Mapping[str, str] = {}


class Engine:
    """The index in a folder of its own, with methods to ``forget`` articles and ``add`` versions.

    Changes take effect with ``commit``.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._index = tantivy.Index(_schema(), path=str(folder))
        self._searcher = self._index.searcher()
        self._writer: Any = None

    @property
    def writer(self) -> Any:
        """The writer of changes. Only one process can have it at a time."""
        if self._writer is None:
            self._writer = self._index.writer(heap_size=_MEMORY, num_threads=1)
        return self._writer

    def forget(self, article_id: str) -> None:
        """Remove all versions of an article."""
        self.writer.delete_documents_by_term("article", article_id)

    def add(
        self,
        version: Document,
        key: tuple[str, int, int],
        labels: Iterable[tuple[str, str]],
        facets: Mapping[str, Any],
        newest: Document | None = None,
    ) -> None:
        """Add a version.

        ``key``: its article's id and place, and its number. ``newest``: the version that superseded
        it, None if it is the newest itself.
        """
        article, place, number = key
        fields = _fields(version, labels)
        if newest:
            fields = {f"{_OLD}{name}": value for name, value in fields.items()}
            fields |= _lost(_texts(version), _texts(newest))
        else:
            fields |= {f"{kind}_facet": facets[kind] for kind in FACETS if facets[kind]}
        document = tantivy.Document(article=article, place=place, number=number, **fields)
        self.writer.add_document(document)

    def commit(self) -> int:
        """Save all changes, and search with them. Return the number of versions."""
        if self._writer is not None:
            self._writer.commit()
            self._writer.wait_merging_threads()  # this uses up the writer
            self._writer = None
            self._index.reload()
            self._searcher = self._index.searcher()
        return int(self._searcher.num_docs)

    def rollback(self) -> None:
        """Discard all changes since the last commit."""
        if self._writer is not None:
            self._writer.rollback()
            self._writer = None

    def find(self, sought: Sought, most: int, *, ranked: bool) -> list[Hit]:
        """Return the first articles whose newest version matches, by relevance or newest first."""
        return self._hits(self._compiler(sought, ranked=ranked).whole, most, ranked=ranked)

    def find_old(self, sought: Sought, most: int, *, ranked: bool) -> list[Hit]:
        """Return the first superseded versions that match.

        Versions without a word that the newest one lacks are left out, because the newest one
        matches, too. This cannot be checked for phrases, or for words that must not occur.
        """
        compiler = self._compiler(sought, ranked=ranked, old=_OLD)
        return self._hits(_all([compiler.whole, *compiler.lost]), most, ranked=ranked)

    def found_at(self, sought: Sought, places: Collection[int]) -> set[int]:
        """Return those of some places at which the newest version matches."""
        terms = [Query.term_query(self._index.schema, "place", place, index_option="basic")
                 for place in places]  # fmt: skip
        compiler = self._compiler(sought, narrow=_any(terms))
        return {hit.place for hit in self._hits(compiler.whole, len(places), ranked=False)}

    def facets(self, sought: Sought) -> dict[str, list[tuple[str, int]]]:
        """Return the most frequent values of each facet, with their number of articles."""
        query = self._compiler(sought).whole
        wanted = {
            kind: {"terms": {"field": f"{kind}_facet", "size": _MOST_VALUES}} for kind in FACETS
        }
        told = self._searcher.aggregate(query, wanted)
        return {
            kind: [(each["key"], int(each["doc_count"])) for each in told[kind]["buckets"]]
            for kind in FACETS
        }

    def _compiler(self, sought: Sought, **how: Any) -> "_Compiler":
        return _Compiler(self._searcher, self._index.schema, sought, **how)

    def _hits(self, query: Query, most: int, *, ranked: bool) -> list[Hit]:
        order: dict[str, Any] = {} if ranked else {"order_by_field": "place"}
        # Without counting, ranking can skip most of the matches.
        hits = self._searcher.search(query, most, count=False, **order).hits
        places = [address for _, address in hits]
        columns = (self._searcher.fast_field_values(name, places) for name in ("place", "number"))
        return [
            Hit(order, place, number)
            for (order, _), place, number in zip(hits, *columns, strict=True)
        ]


class _Compiler:
    """Converts a search into a query of the index.

    ``ranked``: whether words count more in a title. ``old``: prefix of the names of fields.
    ``narrow``: a query for a few versions; words are only looked for in these.
    """

    def __init__(
        self,
        searcher: Any,
        schema: Any,
        sought: Sought,
        *,
        ranked: bool = False,
        old: str = "",
        narrow: Query | None = None,
    ) -> None:
        self._searcher, self._schema, self._sought = searcher, schema, sought
        self._ranked, self._old, self._narrow = ranked, old, narrow

    @property
    def whole(self) -> Query:
        """The query for the whole search."""
        tree, labels, _ = self._sought
        if tree and self._ranked and not (labels or self._narrow):
            alternatives = self._alternatives(tree)
            if alternatives:
                return _any(alternatives)  # the only form that can skip matches
        parts = [self._labelled(*each) for each in labels]
        parts += [self._compiled(tree)] if tree else []
        parts += [self._narrow] if self._narrow else []
        return _all(parts or [self._labelled(*_ALL)])

    @property
    def lost(self) -> list[Query]:
        """A query for versions with a searched word that the newest version does not have."""
        tree = self._sought.tree
        words = [(each, form) for each in asked.words_of(tree) for form in asked.forms(each)]
        if not tree or asked.has_not(tree) or any(len(form.words) > 1 for _, form in words):
            return []
        return [_any([part for each in asked.words_of(tree)
                      for part in self._forms(each, each.field or "text", _LOST)])]  # fmt: skip

    def _compiled(self, tree: asked.Query) -> Query:
        match tree:
            case asked.Words():
                return self._words(tree)
            case asked.Filter(name, value):
                return self._labelled(name, value)
            case asked.Published():
                return self._published(tree)
            case asked.Not():
                return self._together((tree,))
            case asked.All(parts):
                return self._together(parts)
            case asked.Either(parts):
                return _any([self._compiled(part) for part in parts])

    def _together(self, parts: Sequence[asked.Query]) -> Query:
        """Return the query for all parts. Refused ones are looked up in what the others find."""
        refused = [part.part for part in parts if isinstance(part, asked.Not)]
        wanted = [self._compiled(part) for part in parts if not isinstance(part, asked.Not)]
        return Query.boolean_query(
            [(Occur.Must, each) for each in wanted or [self._labelled(*_ALL)]]
            + [(Occur.MustNot, self._compiled(part)) for part in refused]
        )

    def _labelled(self, name: str, value: str) -> Query:
        return _constant(self._term(f"{self._old}label", _label(name, value)))

    def _published(self, limit: asked.Published) -> Query:
        day = _number_of(limit.day)
        ends: dict[str, Any] = (
            {"lower_bound": day}
            if limit.limit == "after"
            else {"upper_bound": day, "include_upper": False}
        )
        field, kind = f"{self._old}day", tantivy.FieldType.Integer
        return _constant(Query.range_query(self._schema, field, kind, **ends))

    def _words(self, words: Words) -> Query:
        """Return the queries that must match, and those that only raise the rank."""
        field = words.field or "text"
        needed = _any(self._forms(words, field, self._old, weight=_TEXTS[field]))
        if self._narrow:
            needed = _all([needed, self._narrow])
        if not self._ranked or words.field:
            return needed
        more = [(Occur.Should, part) for part in self._beside_text(words)]
        return Query.boolean_query([(Occur.Must, needed), *more])

    def _alternatives(self, tree: asked.Query) -> list[Query]:
        """Return the queries of which one must match. Empty if the search is no mere choice."""
        match tree:
            case asked.Words(field=None):
                return [*self._forms(tree, "text", self._old), *self._beside_text(tree)]
            case asked.Words(field=str(field)):
                return self._forms(tree, field, self._old, weight=_TEXTS[field])
            case asked.Either(parts):
                found = [self._alternatives(part) for part in parts]
                return list(chain.from_iterable(found)) if all(found) else []
        return []

    def _beside_text(self, words: Words) -> list[Query]:
        """Return queries for words in a title or author: they are in the text, too."""
        return [
            part
            for field in _TEXTS
            if field != "text"
            for part in self._forms(words, field, self._old, weight=_TEXTS[field])
        ]

    def _forms(self, words: Words, field: str, prefix: str, *, weight: float = 1.0) -> list[Query]:
        parts = [
            Query.boost_query(part, weight)
            for form in asked.forms(words)
            for part in self._form(f"{prefix}{field}", form)
        ]
        parts += [
            Query.boost_query(self._term(f"{prefix}{_STEMS[field]}", stem), weight * _ENDING)
            for stem in (asked.stems_of(words) if field in _STEMS else ())
        ]
        article_id = self._sought.ids.get(words.text)
        if article_id and field == "text" and prefix != _LOST:
            parts.append(self._term(f"{self._old}label", _label("id", article_id)))
        return parts

    def _form(self, field: str, form: asked.Form) -> list[Query]:
        """Return queries for a form. A word with its most frequent endings is ranked by each."""
        if len(form.words) > 1:
            return [Query.phrase_query(self._schema, field, list(form.words))]
        (word,) = form.words
        if not form.is_start:
            return [self._term(field, word)]
        known = self._searcher.terms_with_prefix(field, word, limit=_MOST_ENDINGS + 1)
        parts = [
            Query.boost_query(self._term(field, each), 1.0 if each == form.whole else _ENDING)
            for each, _ in known[:_MOST_ENDINGS]
        ]
        if len(known) > _MOST_ENDINGS:
            parts.append(_constant(Query.regex_query(self._schema, field, f"{word}.*")))
        return parts

    def _term(self, field: str, word: str) -> Query:
        kept = "position" if field.removeprefix(_OLD) in _TEXTS else "basic"
        return Query.term_query(self._schema, field, word, index_option=kept)


def versions_in(folder: Path) -> int | None:
    """Return the number of versions in an index. None if it is missing or cannot be read."""
    if not (folder / "meta.json").exists():
        return None
    try:
        return int(tantivy.Index(_schema(), path=str(folder)).searcher().num_docs)
    except ValueError:
        return None


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    for old in ("", _OLD):
        for name in _TEXTS:
            builder.add_text_field(
                f"{old}{name}", tokenizer_name="whitespace", index_option="position"
            )
        for name in _STEMS.values():
            builder.add_text_field(
                f"{old}{name}", tokenizer_name="whitespace", index_option="basic"
            )
        builder.add_text_field(f"{old}label", tokenizer_name="raw", index_option="basic")
        builder.add_integer_field(f"{old}day", indexed=True, fast=True)
    for name in (*_TEXTS, *_STEMS.values()):
        builder.add_text_field(f"{_LOST}{name}", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("article", tokenizer_name="raw", index_option="basic")
    for kind in FACETS:
        builder.add_text_field(
            f"{kind}_facet", tokenizer_name="raw", index_option="basic", fast=True
        )
    for name in ("place", "number"):
        builder.add_integer_field(name, indexed=True, fast=True)
    return builder.build()


def _fields(version: Document, labels: Iterable[tuple[str, str]]) -> dict[str, Any]:
    day = {"day": _number_of(version.day)} if version.day else {}
    told = [_label(*each) for each in (_ALL, *version.labels, *labels)]
    return {**_texts(version), "label": told, **day}


def _texts(version: Document) -> dict[str, str]:
    title, body, author = version[:3]
    words = {"text": _BETWEEN.join((title, body, author)), "title": title, "author": author}
    return words | {"stem": " ".join(version.stems), "title_stem": " ".join(version.title_stems)}


def _lost(texts: Mapping[str, str], newest: Mapping[str, str]) -> dict[str, str]:
    """Return, for each text, the words that the newest version does not have."""
    return {
        f"{_LOST}{name}": " ".join(set(texts[name].split()).difference(newest[name].split()))
        for name in texts
    }


def _label(name: str, value: str) -> str:
    return f"{name}:{value}"


def _number_of(day: str) -> int:
    """Return a day, month or year as a number, in the same order."""
    return int(day.replace("-", "").ljust(8, "0"))


def _constant(query: Query) -> Query:
    """Return a query that does not count for relevance."""
    return Query.const_score_query(query, 0.0)


def _all(parts: list[Query]) -> Query:
    if len(parts) == 1:
        return parts[0]
    return Query.boolean_query([(Occur.Must, part) for part in parts])


def _any(parts: list[Query]) -> Query:
    if len(parts) == 1:
        return parts[0]
    return Query.boolean_query([(Occur.Should, part) for part in parts])

"""The full-text index: one document for each version of an article.

Nothing else knows tantivy, which ranks a common word of 300,000 articles in 2 ms, where SQLite's
FTS5 takes 400. ``docs/performance.md`` has the figures.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import tantivy
from tantivy import Occur, Query

from crawler.text import query as asked
from crawler.text.query import Document, Words

FACETS = ("agency", "edition", "year", "category", "author")
_TEXTS = {"title": 4.0, "author": 2.0, "body": 1.0}  # what a word counts where it stands
_ENDING = 0.5  # what a word with another ending counts, beside the same word
_MOST_ENDINGS = 8
OLDER, NEWEST = ("state", "older"), ("state", "newest")  # labels
_MEMORY = 128_000_000  # bytes; a segment is written when they are full
_MOST_VALUES = 200  # of a facet, before spellings of one name are joined


class Hit(NamedTuple):
    """A version that was found: where it stands in the order asked for, its article, its number."""

    order: float
    place: int
    number: int


class Engine:
    """The index in a folder of its own: ``forget`` articles and ``add`` versions.

    What was added is found after ``commit``.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._index = tantivy.Index(_schema(), path=str(folder))
        self._schema = self._index.schema
        self._searcher = self._index.searcher()
        self._writer: Any = None

    @property
    def writer(self) -> Any:
        """Who takes changes, as long as nobody else does."""
        if self._writer is None:
            self._writer = self._index.writer(heap_size=_MEMORY, num_threads=1)
        return self._writer

    def forget(self, article_id: str) -> None:
        """Forget all versions of an article."""
        self.writer.delete_documents_by_term("article", article_id)

    def add(
        self,
        version: Document,
        key: tuple[str, int, int],
        labels: Iterable[tuple[str, str]],
        facets: Mapping[str, Any],
        newest: Document | None = None,
    ) -> None:
        """Add a version; ``key``: its article's id and place, and its number.

        ``newest``: the version that superseded it.
        """
        article, place, number = key
        more: dict[str, Any] = {"day": _number_of(version.day)} if version.day else {}
        if newest:
            more |= {f"lost_{name}": _lost(version, newest, name) for name in _TEXTS}
        self.writer.add_document(
            tantivy.Document(
                title=version.title,
                author=version.author,
                body=version.body,
                label=[_label(*each) for each in (*version.labels, *labels)],
                article=article,
                place=place,
                number=number,
                **more,
                **{f"{kind}_facet": facets[kind] for kind in FACETS if facets[kind]},
            )
        )

    def commit(self) -> int:
        """Keep what was added and forgotten, and let it be found; return how many versions are."""
        if self._writer is not None:
            self._writer.commit()
            self._writer.wait_merging_threads()  # which takes the writer's place with it
            self._writer = None
            self._index.reload()
            self._searcher = self._index.searcher()
        return int(self._searcher.num_docs)

    def rollback(self) -> None:
        """Drop what was added and forgotten since."""
        if self._writer is not None:
            self._writer.rollback()
            self._writer = None

    def find(self, query: Query, most: int, *, ranked: bool) -> tuple[list[Hit], int]:
        """Return the first hits, by relevance or the newest first, and how many there are."""
        order = {} if ranked else {"order_by_field": "place"}
        found = self._searcher.search(query, most, **order)
        places = [address for _, address in found.hits]
        columns = (self._searcher.fast_field_values(name, places) for name in ("place", "number"))
        hits = [
            Hit(order, place, number)
            for (order, _), place, number in zip(found.hits, *columns, strict=True)
        ]
        return hits, int(found.count)

    def facets(self, query: Query) -> dict[str, list[tuple[str, int]]]:
        """Return the commonest values of each facet, and how many of the versions have them."""
        wanted = {
            kind: {"terms": {"field": f"{kind}_facet", "size": _MOST_VALUES}} for kind in FACETS
        }
        told = self._searcher.aggregate(query, wanted)
        return {
            kind: [(each["key"], int(each["doc_count"])) for each in told[kind]["buckets"]]
            for kind in FACETS
        }

    def compile(
        self,
        tree: asked.Query | None,
        labels: Iterable[tuple[str, str]],
        ids: Mapping[str, str],
        narrow: Query | None = None,
    ) -> Query:
        """Return the index's own form of a query, all of whose labels a version must have.

        ``ids``: of words that are an article's id or address, its id. ``narrow``: what few
        versions are; then the words are looked for among these alone.
        """
        compiler = _Compiler(self._searcher, self._schema, ids, narrow)
        parts = [compiler.labelled(*each) for each in labels]
        parts += [compiler.compiled(tree)] if tree else []
        return _all([*parts, *([narrow] if narrow else [])])

    def at(self, places: Iterable[int]) -> Query:
        """Return a query for the versions of the articles at some places."""
        return _any([_constant(Query.term_query(self._schema, "place", each, index_option="basic"))
                     for each in places])  # fmt: skip

    def lost(self, tree: asked.Query) -> Query:
        """Return a query for superseded versions that have a word which the newest one has not.

        Without such a word, none is found that the newest version is not found by as well; of
        phrases, and of words that must not occur, that cannot be told.
        """
        compiler = _Compiler(self._searcher, self._schema, {}, None)
        words = [(each, form) for each in asked.words_of(tree) for form in asked.forms(each)]
        if asked.has_not(tree) or any(len(form.words) > 1 for _, form in words):
            return compiler.labelled(*OLDER)
        lost = [
            compiler.form(f"lost_{name}", form)
            for each, form in words
            for name in ([each.field] if each.field else _TEXTS)
        ]
        return _constant(_any(lost))


class _Compiler:
    """Turns a tree into the index's own query; see ``Engine.compile``."""

    def __init__(
        self, searcher: Any, schema: Any, ids: Mapping[str, str], narrow: Query | None
    ) -> None:
        self._searcher, self._schema = searcher, schema
        self._ids, self._narrow = ids, narrow

    def compiled(self, tree: asked.Query) -> Query:
        """Return the query of a tree."""
        match tree:
            case asked.Words():
                return self._words(tree)
            case asked.Filter(name, value):
                return self.labelled(name, value)
            case asked.Published():
                return self._published(tree)
            case asked.Not(part):
                refused = (Occur.MustNot, self.compiled(part))
                return Query.boolean_query([(Occur.Must, Query.all_query()), refused])
            case asked.All(parts):
                return _all([self.compiled(part) for part in parts])
            case asked.Either(parts):
                return _any([self.compiled(part) for part in parts])

    def labelled(self, name: str, value: str) -> Query:
        """Return the query for a label, which does not count for relevance."""
        return _constant(self._term("label", _label(name, value)))

    def form(self, field: str, form: asked.Form) -> Query:
        """Return the query for a form in a field."""
        if len(form.words) > 1:
            return Query.phrase_query(self._schema, field, list(form.words))
        return self._start(field, form) if form.is_start else self._term(field, form.words[0])

    def _published(self, limit: asked.Published) -> Query:
        day = _number_of(limit.day)
        ends: dict[str, Any] = (
            {"lower_bound": day}
            if limit.limit == "after"
            else {"upper_bound": day, "include_upper": False}
        )
        kind = tantivy.FieldType.Integer
        return _constant(Query.range_query(self._schema, "day", kind, **ends))

    def _words(self, words: Words) -> Query:
        fields = [words.field] if words.field else list(_TEXTS)
        parts = [
            Query.boost_query(self._narrowed(self.form(field, form)), _TEXTS[field])
            for form in asked.forms(words)
            for field in fields
        ]
        if article_id := self._ids.get(words.text):
            parts.append(Query.boost_query(self._term("label", _label("id", article_id)), 1.0))
        return _best(parts)

    def _narrowed(self, query: Query) -> Query:
        return _all([query, self._narrow]) if self._narrow else query

    def _start(self, field: str, form: asked.Form) -> Query:
        """Return the query for a word with its commonest endings; the others do not count."""
        (start,) = form.words
        known = self._searcher.terms_with_prefix(field, start, limit=_MOST_ENDINGS + 1)
        parts = [
            Query.boost_query(self._term(field, word), 1.0 if word == form.whole else _ENDING)
            for word, _ in known[:_MOST_ENDINGS]
        ]
        if len(known) > _MOST_ENDINGS:
            parts.append(_constant(Query.regex_query(self._schema, field, f"{start}.*")))
        return _best(parts)

    def _term(self, field: str, word: str) -> Query:
        kept = "position" if field in _TEXTS else "basic"
        return Query.term_query(self._schema, field, word, index_option=kept)


def versions_in(folder: Path) -> int | None:
    """Return how many versions an index has; None if it is none, is damaged or of another kind."""
    if not (folder / "meta.json").exists():
        return None
    try:
        return int(tantivy.Index(_schema(), path=str(folder)).searcher().num_docs)
    except ValueError:
        return None


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    for name in _TEXTS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
        builder.add_text_field(f"lost_{name}", tokenizer_name="whitespace", index_option="basic")
    for name in ("label", "article"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for kind in FACETS:
        builder.add_text_field(
            f"{kind}_facet", tokenizer_name="raw", index_option="basic", fast=True
        )
    for name in ("place", "number", "day"):
        builder.add_integer_field(name, indexed=True, fast=True)
    return builder.build()


def _lost(version: Document, newest: Document, name: str) -> str:
    """Return the words that a text has and the newest version's has not."""
    words = set(getattr(version, name).split())
    return " ".join(words.difference(getattr(newest, name).split()))


def _label(name: str, value: str) -> str:
    return f"{name}:{value}"


def _number_of(day: str) -> int:
    """Return a day, or the month or year that is known of it, as a number that sorts alike."""
    return int(day.replace("-", "").ljust(8, "0"))


def _all(parts: list[Query]) -> Query:
    return Query.boolean_query([(Occur.Must, part) for part in parts or [Query.all_query()]])


def _best(parts: list[Query]) -> Query:
    return Query.disjunction_max_query(parts, 0.1) if parts else Query.empty_query()


def _constant(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)


def _any(parts: list[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, part) for part in parts])

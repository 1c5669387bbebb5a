"""Searches: words with operators, selected facets, an order, and one page of results."""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import msgspec

from crawler.browse.engine import Engine, Hit, Sought
from crawler.model.identity import NotAnArticle, identify
from crawler.model.rules import AddressRules
from crawler.text.search_query import (
    All,
    BadQuery,
    Form,
    Published,
    Query,
    Words,
    fold,
    forms,
    label,
    parse,
    stems_of,
    words_of,
)
from crawler.text.stems import stems

PER_PAGE = 20
MOST_EXPORTED = 1_000  # articles
_MOST_OLD = 300  # superseded versions that are checked for newer matches
_MOST_VALUES = 12
_LONGEST = 320  # letters of an excerpt
_BEFORE = 90  # letters of it before the first match
_SHOWN = (
    "place", "id", "agency", "edition", "language", "published_at", "category", "authors", "change",
    "version", "versions", "url", "title", "summary", "body",
)  # fmt: skip
_ID = re.compile(r"[a-z_]+:\S+|\d+")
_ARTICLES = f"SELECT {', '.join(_SHOWN)} FROM article"


@dataclass(frozen=True)
class Asked:
    """A search: words, selected labels and days, the order, and the page of results, from 1.

    ``since`` and ``until``: the first and the last day, in ISO 8601.
    """

    words: str = ""
    facets: Mapping[str, str] = field(default_factory=dict)
    page: int = 1
    is_ranked: bool = False
    since: str = ""
    until: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether the search has no conditions."""
        return not (self.words.strip() or self.facets or self.since or self.until)

    @property
    def whole(self) -> Query | None:
        """The words and the selected days as one query."""
        days = [Published("after", self.since)] if self.since else []
        days += [Published("before", day_after(self.until))] if self.until else []
        return All((*([self.tree] if self.tree else []), *days)) if days else self.tree

    @cached_property
    def tree(self) -> Query | None:
        """The words as a query. None if there are none, or if they are not valid."""
        try:
            return parse(self.words)
        except BadQuery:
            return None

    @property
    def problem(self) -> BadQuery | None:
        """The error in the words. None if they are valid."""
        try:
            parse(self.words)
        except BadQuery as error:
            return error
        return None

    @property
    def marked(self) -> list[Words]:
        """The words to mark in the results."""
        return list(words_of(self.tree))


@dataclass(frozen=True, slots=True)
class Found:
    """One page of results: articles, their total number, and the counts of facets."""

    articles: list[dict[str, Any]]
    total: int
    is_more: bool
    facets: dict[str, list[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class Library:
    """The data that a search uses: the index, the articles, and each agency's address rules."""

    engine: Engine
    database: sqlite3.Connection
    addresses: Mapping[str, AddressRules] = field(default_factory=dict)

    def article_at(self, text: str) -> str | None:
        """Return the id in a text that is an id, a number or an address. None for other texts."""
        if "/" not in text:
            return text if _ID.fullmatch(text) else None
        for agency, rules in self.addresses.items():
            with suppress(NotAnArticle):
                return identify(text, rules, agency).id
        return None


def day_after(day: str) -> str:
    """Return the next day."""
    return (date.fromisoformat(day) + timedelta(1)).isoformat()


def search(library: Library, asked: Asked, most: int = PER_PAGE) -> Found:
    """Return a page of results, with each article once.

    An article of which only a superseded version matches has that version in ``found_in``.
    """
    if asked.words.strip() and asked.tree is None:
        return Found([], 0, False, {})
    engine, last = library.engine, asked.page * most
    sought = Sought(asked.whole, tuple(label(*each) for each in asked.facets.items()), {
        words.text: found for words in asked.marked if (found := library.article_at(words.text))
    })  # fmt: skip
    with ThreadPoolExecutor(1) as aside:  # the index searches without Python's lock
        counting = aside.submit(engine.facets, sought)
        hits = engine.find(sought, last, ranked=asked.is_ranked)
        old, is_more = _only_old(engine, asked, sought)
        facets = counting.result()
    _count(library.database, old, facets)
    merged = sorted([*hits, *old], key=lambda hit: (hit.order, hit.place), reverse=True)
    return Found(
        _articles(library.database, merged[last - most : last], set(old)),
        sum(number for _, number in facets["agency"]),
        is_more,
        {kind: _most(counts, kind) for kind, counts in facets.items()},
    )


def _only_old(engine: Engine, asked: Asked, sought: Sought) -> tuple[list[Hit], bool]:
    """Return the superseded versions that match, of articles whose newest version does not.

    Of each article only the latest one; and whether there may be more.
    """
    if not asked.marked:
        return [], False
    hits = engine.find_old(sought, _MOST_OLD, ranked=asked.is_ranked)
    places = {hit.place for hit in hits}
    if places:
        places -= engine.found_at(sought, places)
    latest: dict[int, Hit] = {}
    for hit in hits:
        if hit.place in places:
            latest[hit.place] = max(latest.get(hit.place, hit), hit, key=lambda each: each.number)
    return list(latest.values()), len(hits) == _MOST_OLD


def _count(
    database: sqlite3.Connection, old: Sequence[Hit], facets: Mapping[str, list[tuple[str, int]]]
) -> None:
    """Count the articles found in superseded versions as well."""
    marks = ", ".join("?" * len(old))
    query = f"SELECT agency, edition, year, category, authors FROM article WHERE place IN ({marks})"
    for article in _named(database.execute(query, [hit.place for hit in old])):
        values = article | {"author": article["authors"]}
        for kind, counts in facets.items():
            each = set(values[kind]) if kind == "author" else {values[kind]}
            counts += [(value, 1) for value in each if value]


def _articles(
    database: sqlite3.Connection, hits: Sequence[Hit], older: set[Hit]
) -> list[dict[str, Any]]:
    marks = ", ".join("?" * len(hits))
    places = [hit.place for hit in hits]
    rows = _named(database.execute(f"{_ARTICLES} WHERE place IN ({marks})", places))
    known = {article["place"]: article for article in rows}
    return [
        _as_it_was(database, known[hit.place], hit.number) if hit in older else known[hit.place]
        for hit in hits
    ]


def _as_it_was(
    database: sqlite3.Connection, article: dict[str, Any], number: int
) -> dict[str, Any]:
    """Return an article in a superseded version, with the change that superseded it."""
    fetched_at, title, body = database.execute(
        "SELECT fetched_at, title, body FROM version WHERE article_id = ? AND number = ?",
        (article["id"], number),
    ).fetchone()
    change, at = database.execute(
        "SELECT change, fetched_at FROM version WHERE article_id = ? AND (fetched_at, number) > "
        "(?, ?) ORDER BY fetched_at, number LIMIT 1",
        (article["id"], fetched_at, number),
    ).fetchone()
    found_in = {"version": number, "change": change, "at": at}
    return article | {"title": title, "body": body, "found_in": found_in}


def newest(database: sqlite3.Connection, number: int) -> list[dict[str, Any]]:
    """Return the articles that were published last."""
    return list(_named(database.execute(f"{_ARTICLES} ORDER BY place DESC LIMIT ?", (number,))))


def _named(cursor: sqlite3.Cursor) -> Iterator[dict[str, Any]]:
    names = [column[0] for column in cursor.description]
    for row in cursor:
        article = dict(zip(names, row, strict=True))
        article["authors"] = msgspec.json.decode(article["authors"])
        yield article


def _most(counts: Iterable[tuple[str, int]], kind: str) -> list[tuple[str, int]]:
    """Return the largest counts. An author's spellings are joined under the most frequent one."""
    together: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for value, number in sorted(counts, key=lambda each: (-each[1], each[0])):
        together.setdefault(label(kind, value), []).append((value, number))
    summed = [(same[0][0], sum(number for _, number in same)) for same in together.values()]
    if kind == "year":
        return sorted(summed, reverse=True)[:_MOST_VALUES]
    return sorted(summed, key=lambda each: (-each[1], each[0]))[:_MOST_VALUES]


Pieces = list[tuple[str, bool]]
# An ideograph is a word; other words include the apostrophes in them.
_PIECES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|(?:(?![\u3040-\u30ff\u3400-\u9fff"
                     r"\uf900-\ufaff])[\w'‘’ʻʼ`])+|[^\w'‘’ʻʼ`]+")  # fmt: skip


def marked(text: str, words: Iterable[Words], language: str | None) -> Pieces:
    """Return the pieces of a text, each with whether it matches."""
    words = list(words)
    wanted = [form for each in words for form in forms(each)]
    pieces = _PIECES.findall(text)
    if not wanted:
        return [(text, False)]
    ours = frozenset().union(*map(stems_of, words))
    folded = [(word, place) for place, piece in enumerate(pieces)
              for word in fold(piece, language).split()]  # fmt: skip
    found = {place for form in wanted for place in _found(folded, form)}
    found |= {place for place, piece in enumerate(pieces)
              if ours and not ours.isdisjoint(stems(piece, language))}  # fmt: skip
    return [(piece, place in found) for place, piece in enumerate(pieces)]


def _found(folded: Sequence[tuple[str, int]], form: Form) -> Iterator[int]:
    """Yield the places of the pieces in which a form occurs."""
    for start, (word, place) in enumerate(folded):
        if form.is_start:
            if word.startswith(form.words[0]):
                yield place
        elif word == form.words[0]:
            run = folded[start : start + len(form.words)]
            if tuple(each for each, _ in run) == form.words:
                yield from range(place, run[-1][1] + 1)


def excerpt(text: str, words: Sequence[Words], language: str | None) -> Pieces:
    """Return the paragraph with most of the words, marked, and cut to the length of an excerpt."""
    paragraphs = [each for each in text.split("\n\n") if each]
    if not paragraphs:
        return []
    wanted = [f" {' '.join(form.words)}" for each in words for form in forms(each)]
    ours = frozenset().union(*map(stems_of, words))

    def number(paragraph: str) -> int:
        folded = fold(paragraph, language)
        return sum(each in folded for each in wanted) + len(ours & stems(paragraph, language))

    best = max(paragraphs, key=number) if wanted else paragraphs[0]
    return _cut(marked(best, words, language))


def _cut(pieces: Pieces) -> Pieces:
    """Return the pieces from shortly before the first match, as many as fit."""
    first = next((place for place, (_, found) in enumerate(pieces) if found), 0)
    start = first
    while start and sum(len(piece) for piece, _ in pieces[start - 1 : first]) <= _BEFORE:
        start -= 1
    shown: Pieces = [("… ", False)] if start else []
    room = _LONGEST
    for piece, found in pieces[start:]:
        if len(piece) > room:
            return [*shown, (f"{piece[:room]} …" if not found else "…", False)]
        shown.append((piece, found))
        room -= len(piece)
    return shown

"""What is asked of the database: words in any spelling, facets, and the newest first."""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from crawler.browse.index import facet
from crawler.text.orthography import fold_for_search, fold_spelling

FACETS = ("edition", "year", "category", "author")
PER_PAGE = 20
MOST_EXPORTED = 1_000  # articles; Datasette gives no more at once
_MOST_COUNTED = 10_000  # matches; beyond, the page says "more than"
_MOST_FACETED = 2_000  # newest matches that the facets are counted from: a bounded time
_MOST_VALUES = 12
_WORD = re.compile(r"\w+")
_ASKED = re.compile(r'"([^"]*)"|(\S+)')
_SHORTEST_STEM = 4  # letters of a word that is also found with endings
_SHOWN = (
    "id", "edition", "language", "published_at", "category", "authors", "change", "versions",
    "title", "summary", "substr(body, 1, 4000) AS body",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A search: words, chosen facets, and the page of what is found, from 1."""

    words: str = ""
    facets: Mapping[str, str] = field(default_factory=dict)
    page: int = 1

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return not self.words.strip() and not self.facets


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found: articles, how many there are, and the facets' counts."""

    articles: list[dict[str, Any]]
    total: int
    is_more: bool
    facets: dict[str, list[tuple[str, int]]]
    faceted: int


def match_of(asked: Asked) -> str | None:
    """Return the search in FTS5's language, or None if it asks for nothing that can be found.

    Every word has to occur; a word of four letters or more also with endings, of which Uzbek has
    many; words between double quotes one after the other.
    """
    parts = [f"facets : {facet(kind, value)}" for kind, value in sorted(asked.facets.items())]
    words = list(_terms(asked.words))
    if asked.words.strip() and not words:
        return None
    if words:
        parts.append(f"{{title body authors}} : ({' AND '.join(words)})")
    return " AND ".join(f"({part})" for part in parts) or None


def _terms(text: str) -> Iterator[str]:
    """Yield each word or phrase that is asked for, in all the forms that the index may have."""
    for phrase, word in _ASKED.findall(text):
        forms = dict.fromkeys(
            _term(each, is_phrase=bool(phrase)) for each in _folded(phrase or word)
        )
        if terms := list(filter(None, forms)):
            yield terms[0] if len(terms) == 1 else f"({' OR '.join(terms)})"


def _folded(text: str) -> tuple[str, str]:
    """Return a text as the index has it of any language, and of Uzbek and Karakalpak."""
    return fold_for_search(text), fold_spelling(text)


def _term(folded: str, *, is_phrase: bool) -> str:
    words = _WORD.findall(folded)
    stem = not is_phrase and len(words) == 1 and len(words[0]) >= _SHORTEST_STEM
    return f'"{" ".join(words)}"' + ("*" if stem else "") if words else ""


def search(database: sqlite3.Connection, asked: Asked) -> Found:
    """Return what is found, newest first."""
    match = match_of(asked)
    if match is None:
        return Found([], 0, False, {}, 0)
    (counted,) = database.execute(
        "SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ? LIMIT ?)",
        (match, _MOST_COUNTED + 1),
    ).fetchone()
    facets, faceted = _count_facets(database, match)
    articles = _articles(database, match, (asked.page - 1) * PER_PAGE)
    return Found(articles, min(counted, _MOST_COUNTED), counted > _MOST_COUNTED, facets, faceted)


def newest(database: sqlite3.Connection, number: int) -> list[dict[str, Any]]:
    """Return the articles published last."""
    query = f"SELECT {', '.join(_SHOWN)} FROM article ORDER BY place DESC LIMIT ?"
    return list(_named(database.execute(query, (number,))))


def _articles(database: sqlite3.Connection, match: str, offset: int) -> list[dict[str, Any]]:
    query = (
        f"SELECT {', '.join(_SHOWN)} FROM article JOIN (SELECT rowid FROM search WHERE search "
        "MATCH ? ORDER BY rowid DESC LIMIT ? OFFSET ?) AS found ON place = found.rowid "
        "ORDER BY place DESC"
    )
    return list(_named(database.execute(query, (match, PER_PAGE, offset))))


def _named(cursor: sqlite3.Cursor) -> Iterator[dict[str, Any]]:
    names = [column[0] for column in cursor.description]
    for row in cursor:
        article = dict(zip(names, row, strict=True))
        article["authors"] = msgspec.json.decode(article["authors"])
        yield article


def _count_facets(
    database: sqlite3.Connection, match: str
) -> tuple[dict[str, list[tuple[str, int]]], int]:
    rows = database.execute(
        "SELECT edition, year, category, authors FROM article JOIN (SELECT rowid FROM search "
        "WHERE search MATCH ? ORDER BY rowid DESC LIMIT ?) AS found ON place = found.rowid",
        (match, _MOST_FACETED),
    ).fetchall()
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in FACETS}
    for edition, year, category, authors in rows:
        for kind, value in (("edition", edition), ("year", year), ("category", category)):
            if value:
                counts[kind][value] += 1
        counts["author"].update(msgspec.json.decode(authors))
    return {kind: _most(counts[kind], kind) for kind in FACETS}, len(rows)


def _most(counts: Counter[str], kind: str) -> list[tuple[str, int]]:
    """Return the largest counts; an author's spellings are one, named by the commonest."""
    together: dict[str, list[tuple[str, int]]] = {}
    for value, number in sorted(counts.items(), key=lambda each: (-each[1], each[0])):
        together.setdefault(facet(kind, value), []).append((value, number))
    summed = [(same[0][0], sum(number for _, number in same)) for same in together.values()]
    if kind == "year":
        return sorted(summed, reverse=True)[:_MOST_VALUES]
    return sorted(summed, key=lambda each: (-each[1], each[0]))[:_MOST_VALUES]


def excerpt(text: str, words: str, longest: int = 320) -> Iterator[tuple[str, bool]]:
    """Yield the paragraph that has most of the words, in pieces, and whether each was found."""
    wanted = tuple(word for folded in _folded(words) for word in _WORD.findall(folded))
    paragraphs = [list(_pieces(each[:longest], wanted)) for each in text.split("\n\n") if each]
    if paragraphs:
        yield from max(paragraphs, key=lambda pieces: sum(found for _, found in pieces))


_PIECES = re.compile(r"[\w'‘’ʻʼ`]+|[^\w'‘’ʻʼ`]+")


def _pieces(text: str, wanted: tuple[str, ...]) -> Iterable[tuple[str, bool]]:
    for piece in _PIECES.findall(text):
        forms = _folded(piece) if wanted else ()
        yield piece, any(form.strip().startswith(wanted) for form in forms)

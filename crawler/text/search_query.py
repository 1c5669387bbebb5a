"""Search queries of readers and saved searches: words and filters, parsed into a tree.

The syntax is similar to that of other search engines::

    library -school               both words count; the second one must not occur
    bridge OR "new road"          either; words between quotes must follow each other
    (bridge OR road) opened       OR binds closer than a space does, and brackets closer than OR
    title:bridge author:Zilola    in the headline, in the byline
    agency:NAME edition:en after:2024-05 before:2024-06-15 on:2024-05-31 is:edited changed:title

A word of four letters or more also matches with other endings: words that begin with it, less its
own ending, and in many languages words with the same stem. ``parse`` returns the tree; ``matches``
tests one version of an article. A search index uses ``document`` for its texts and filters, and
``forms`` and ``stems_of`` for the words of a query.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice, product
from typing import Any, Literal, NamedTuple, TypeAlias, get_args

from crawler.errors import UsageError, WithGaps
from crawler.text.folding import fold_for_search, fold_spelling
from crawler.text.stems import stems, stems_in_any_language

LONGEST = 1_000  # letters of a query
_MOST_PARTS = 100  # words and filters
_MOST_SPELLINGS = 32  # of a phrase
_DEEPEST = 20  # brackets within brackets

Field = Literal["title", "author"]
Label = Literal["agency", "edition", "language", "category", "year", "is", "changed"]
Limit = Literal["after", "before"]
_FIELDS, _LABELS, _LIMITS = get_args(Field), get_args(Label), (*get_args(Limit), "on")
_STATES = ("edited", "gone")

_TOKEN = re.compile(
    r'(?P<minus>-(?=[^\s-]))?(?:(?P<name>[a-z]+):(?=[\w"]))?'
    r'(?:"(?P<phrase>[^"]*)"?|(?P<bracket>[()])|(?P<word>[^\s()"]+))'
)
_DAY = re.compile(r"\d{4}(?:-\d\d){0,2}", re.ASCII)
_WORD = re.compile(r"\w+")


class BadQuery(WithGaps, UsageError):
    """A query that is not valid; the message names what was expected."""


@dataclass(frozen=True, slots=True)
class Words:
    """Consecutive words, anywhere or in one field; a phrase matches exact words only."""

    text: str
    field: Field | None = None
    is_phrase: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A label that a version must have, such as its edition."""

    name: Label
    value: str


@dataclass(frozen=True, slots=True)
class Published:
    """A limit for the day of publication: ``after`` includes the day, ``before`` excludes it."""

    limit: Limit
    day: str


@dataclass(frozen=True, slots=True)
class Not:
    """A part that must not match."""

    part: "Query"


@dataclass(frozen=True, slots=True)
class All:
    """Parts that must all match."""

    parts: "tuple[Query, ...]"


@dataclass(frozen=True, slots=True)
class Either:
    """Parts of which at least one must match."""

    parts: "tuple[Query, ...]"


Query: TypeAlias = Words | Filter | Published | Not | All | Either


class Form(NamedTuple):
    """Consecutive folded words to look for; with ``is_start``, the stem of one ``whole`` word."""

    words: tuple[str, ...]
    is_start: bool
    whole: str = ""


class Document(NamedTuple):
    """One version of an article as ``matches`` reads it: folded texts, labels, day, stems.

    ``stems``: of title and text together.
    """

    title: str
    body: str
    author: str
    labels: frozenset[tuple[str, str]]
    day: str
    title_stems: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()


def parse(text: str) -> Query | None:
    """Return the tree of a query; None if it has no words and no filters.

    Raises ``BadQuery`` for a filter with an invalid value, and for a query that is too long.
    """
    if len(text) > LONGEST:
        told = "the search has {0} letters; at most {1} are possible"
        raise BadQuery(told, f"{len(text):,}", f"{LONGEST:,}")
    return _Parser(text).all()


class _Parser:
    """Parses a query from left to right; unbalanced brackets are accepted."""

    def __init__(self, text: str) -> None:
        self._left = list(_TOKEN.finditer(text))[::-1]
        if len(self._left) > _MOST_PARTS:
            told = "the search has {0} parts; at most {1} are possible"
            raise BadQuery(told, len(self._left), _MOST_PARTS)
        self._depth = 0

    def all(self) -> Query | None:
        """Parse the parts joined by spaces, up to the end or the closing bracket."""
        parts = []
        while self._left and not (self._depth and self._is_next(")")):
            if part := self._either():
                parts.append(part)
        return _joined(All, parts)

    def _either(self) -> Query | None:
        parts = [self._part()]
        while self._is_next("OR"):
            self._left.pop()
            parts.append(self._part())
        return _joined(Either, [part for part in parts if part])

    def _part(self) -> Query | None:
        if not self._left or (self._depth and self._is_next(")")):
            return None
        token = self._left.pop()
        part = self._bracket() if token["bracket"] == "(" else _leaf(token)
        return Not(part) if part and token["minus"] else part

    def _bracket(self) -> Query | None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise BadQuery("the search has more than {0} brackets within brackets", _DEEPEST)
        part = self.all()
        self._depth -= 1
        if self._left:
            self._left.pop()
        return part

    def _is_next(self, sign: str) -> bool:
        return bool(self._left) and self._left[-1][0] == sign


def _joined(kind: type[All | Either], parts: list[Query]) -> Query | None:
    return kind(tuple(parts)) if len(parts) > 1 else next(iter(parts), None)


def _leaf(token: re.Match[str]) -> Query | None:
    name: Any = token["name"]
    text = token["phrase"] or token["word"] or ""
    if token[0] in ("AND", "OR") or not _WORD.search(text):
        return None
    if name in _LIMITS:
        return _published(name, text)
    if name in _LABELS:
        return Filter(name, _label_value(name, text))
    field = name if name in _FIELDS else None
    if name and not field:  # not a filter: text that contains a colon
        text = f"{name}:{text}"
    return Words(text, field, token["phrase"] is not None)


def _published(name: str, text: str) -> Query:
    """Return the limits for a year, a month or a day."""
    try:
        first = date.fromisoformat(f"{text}-01-01"[:10] if _DAY.fullmatch(text) else "")
        days = {4: 366, 7: 31}.get(len(text), 1)
        then = first + timedelta(days)
    except (ValueError, OverflowError):
        told = "{0} is not a day; write 2024, 2024-05 or 2024-05-31"
        raise BadQuery(told, f"{name}:{text}") from None
    after = Published("after", first.isoformat())
    if name == "on":
        end = then.replace(day=1, month=1 if days == 366 else then.month) if days > 1 else then
        return All((after, Published("before", end.isoformat())))
    return after if name == "after" else Published("before", after.day)


def _label_value(name: str, text: str) -> str:
    if name == "is" and text not in _STATES:
        raise BadQuery("{0} is not known; there are is:edited and is:gone", f"is:{text}")
    return label(name, text)[1]


def label(name: str, value: str) -> tuple[str, str]:
    """Return a label in the form used to compare: folded names, codes in lower case."""
    return name, fold_spelling(value) if name in ("category", "author") else value.lower()


def labels(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the labels of a version that filters can match; ``row``: plain JSON values."""
    language, category = row["language"] or "", row["category"]
    values = {
        "agency": [row["agency"]],
        "edition": [row["edition"]],
        "language": dict.fromkeys([language, language.partition("-")[0]]),
        "category": [category and category["name"]],
        "year": [(row["published_at"] or "")[:4]],
        "is": [row["change"]] if row["change"] in _STATES else [],
        "changed": row["changed_fields"],
    }
    for name, each in values.items():
        yield from (label(name, value) for value in each if value)


def document(row: Mapping[str, Any]) -> Document:
    """Return a version in the form for ``matches``; ``row``: plain JSON values."""
    language = row["language"]
    names = " ; ".join(person["name"] for person in row["authors"])
    title, body, author = (fold(text, language) for text in (row["title"], row["body"], names))
    day, of_title = (row["published_at"] or "")[:10], stems(row["title"], language)
    every = of_title | stems(row["body"], language)
    return Document(title, body, author, frozenset(labels(row)), day, of_title, every)


def matches(query: Query, version: Document) -> bool:
    """Return whether a version matches a query."""
    match query:
        case Words():
            return _has_words(query, version)
        case Filter(name, value):
            return (name, value) in version.labels
        case Published("after", day):
            return version.day >= day
        case Published(_, day):
            return "" < version.day < day
        case Not(part):
            return not matches(part, version)
        case All(parts):
            return all(matches(part, version) for part in parts)
        case Either(parts):
            return any(matches(part, version) for part in parts)


def _has_words(query: Words, version: Document) -> bool:
    texts = [getattr(version, query.field)] if query.field else version[:3]
    wanted = _in_texts(query)
    known = version.title_stems if query.field == "title" else version.stems
    return not known.isdisjoint(stems_of(query)) or any(
        each in text for text in texts for each in wanted
    )


@lru_cache(10_000)
def _in_texts(query: Words) -> tuple[str, ...]:
    """Return the strings of which a matching text has one."""
    found = (f" {' '.join(form.words)}{'' if form.is_start else ' '}" for form in forms(query))
    return tuple(dict.fromkeys(found))


def words_of(query: Query | None) -> Iterator[Words]:
    """Yield the words to highlight in results; results may contain only some of them."""
    match query:
        case Words():
            yield query
        case All(parts) | Either(parts):
            for part in parts:
                yield from words_of(part)


def has_not(query: Query) -> bool:
    """Return whether any part of a query is negated."""
    match query:
        case Not():
            return True
        case All(parts) | Either(parts):
            return any(map(has_not, parts))
        case _:
            return False


# Arabic: vowel signs, the article with its joined prefixes, variants of letters and digits, such as
# the Persian ones.
_SIGNS = re.compile("[\u0640\u064b-\u065f\u0670]")
_ARTICLE = re.compile(r"\b(?:[وبكف]?ال|لل)(?=\w{3})")
_OTHERS = zip("ةىٱکی٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", f"هياكي{2 * '0123456789'}", strict=True)
_ONE_FORM = str.maketrans({**dict(_OTHERS), "ß": "ss"})


def fold(text: str, language: str | None) -> str:
    """Return the folded words of a text, one space around each, the same for all spellings."""
    is_respelled = (language or "").startswith(("uz", "kaa"))
    return f" {' '.join(_words(text, fold_spelling if is_respelled else fold_for_search))} "


def _words(text: str, folding: Any) -> list[str]:
    folded = folding(text)
    if not folded.isascii():
        folded = _ARTICLE.sub("", _SIGNS.sub("", folded).translate(_ONE_FORM))
    return _WORD.findall(folded)


@lru_cache(10_000)
def forms(query: Words) -> tuple[Form, ...]:
    """Return the forms to look for in folded texts: folded for any language, and for Uzbek."""
    each = map(_spellings_of_a_word, query.text.split())
    spellings = [" ".join(words) for words in islice(product(*each), _MOST_SPELLINGS)]
    found = {
        _form(tuple(_words(spelling, folding)), query.is_phrase): None
        for spelling in spellings
        for folding in (fold_for_search, fold_spelling)
    }
    return tuple(form for form in found if form.words)


def _spellings_of_a_word(word: str) -> list[str]:
    """Return a word as it is, and with ``е`` or ``ё``: many write ``е`` for both.

    A word has at most one ``ё``; a reader who writes ``е`` does not say which one it is.
    """
    word = word.lower()
    plain = word.replace("ё", "е")
    places = [place for place, letter in enumerate(plain) if letter == "е"]
    with_yo = [f"{plain[:place]}ё{plain[place + 1 :]}" for place in places]
    return list(dict.fromkeys([word, plain, *with_yo]))


@lru_cache(10_000)
def stems_of(query: Words) -> frozenset[str]:
    """Return the stems to look for, in any language; none for phrases, names and short words."""
    if query.is_phrase or query.field == "author" or len(query.text) not in _STARTS:
        return frozenset()
    return stems_in_any_language(query.text)


_STARTS = range(4, 61)  # length of words that match with other endings
# Endings of folded words (Russian is in Latin letters), each with the least length of the stem.
_ENDINGS = (
    (4, re.compile("(?:lar|ler)(?:i|im|ing|imiz|ingiz)?(?:ni|ning|ga|da|dan)?$")),
    (4, re.compile("si(?:ni|ning|ga|da|dan)?$|ning$")),
    (5, re.compile("(?:y?ami|y?ah|y?am|y?u|[oei]y|[oe]m|[oe]v|ogo|omu|aya|uyu|en|er|ern)$")),
    (4, re.compile("(?:ies|ys|es|s|y)$")),
    (5, re.compile("[aeiou]$")),
    (3, re.compile("(?:ات|ون|ين|ان|ه)$")),
)


def _form(words: tuple[str, ...], is_phrase: bool) -> Form:
    if is_phrase or len(words) != 1 or len(words[0]) not in _STARTS:
        return Form(words, is_start=False)
    return Form((_stem(words[0]),), is_start=True, whole=words[0])


def _stem(word: str) -> str:
    """Return a word without its ending, by simple rules without a dictionary."""
    if word.isalpha():
        for shortest, ending in _ENDINGS:
            if (found := ending.search(word)) and found.start() >= shortest:
                return word[: found.start()]
    return word

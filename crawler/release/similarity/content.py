"""Figures and names of a text, which distinguish stories with similar words.

Figures are the same in every language, and names of one script nearly so. If two texts have
different figures or names between the same words, they were made from one template, for two events.
"""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache

from msgspec import Struct, field

from crawler.text.folding import fold_spelling

LETTERS = 1_000  # letters of a text that are read
BEGINNING = 800  # letters of a body in which a translation must have the same
_DIGITS = "0-9\u0660-\u0669\u06f0-\u06f9"
# Ranges with alternating capitals and small letters are taken whole; small ones are dropped later.
_CAPITALS = "A-Z\u00c0-\u00de\u0400-\u042f\u0100-\u024f\u0460-\u052f"
_FIGURE = r"(?<=\d)\d{0,14}(?:[ \u00a0.,]\d{3}(?!\d)){0,5}"
_NAME = r"(?<!\w\w)[\w‘’'`ʻʼ]{3,}"
# It begins with one set of characters, which makes the search four times as fast.
_TOKEN = re.compile(f"[{_DIGITS}{_CAPITALS}](?:{_FIGURE}|{_NAME})")
_AROUND = 8  # letters read on either side; Latin may need two for one
_KEPT = 4  # of these, after folding
_SENTENCE_END = re.compile(r"[.!?;\n]")
_SOUNDS = {"kh": "h", "zh": "j", "dj": "j", "gh": "g", "q": "k", "x": "h"}
_SPELLED = re.compile("|".join(_SOUNDS))
_NOT_HEARD = re.compile("[aeiouyhw']")
_HEARD = 5  # letters of a name's key, which endings do not change
_CLOSE = 0.85  # similarity of two spellings of one name


class Content(Struct, frozen=True):
    """Figures and names of a text.

    ``tokens``: all of them. ``names``: names within a sentence. ``places``: tokens by neighbouring
    letters, ``<deli`` before them, ``>soum`` after.
    """

    tokens: frozenset[str]
    names: frozenset[str]  # not at the start of a sentence, where any word has a capital
    places: dict[str, set[str]] = field(default_factory=dict)


class Contradictions(Struct, frozen=True):
    """Figures and names of one text that are others in the other text, in the same place."""

    figures: set[str]
    names: set[str]


@lru_cache(2_000)
def content_of(text: str) -> Content:
    """Return the figures and names in the beginning of a text, folded to one spelling."""
    places: dict[str, set[str]] = {}
    tokens, names = set(), set()
    for before, token, after in _found(text[:LETTERS]):
        tokens.add(token)
        if before:
            names.add(token)
            places.setdefault(f"<{before}", set()).add(token)
        if after:
            places.setdefault(f">{after}", set()).add(token)
    inside = frozenset(each for each in names if not _is_figure(each))
    return Content(frozenset(tokens), inside, places)


def _found(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield each token with the last letters before it and the first after it, in its sentence."""
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if text[start].islower():
            continue
        before = _SENTENCE_END.split(text[max(start - _AROUND, 0) : start])
        after = _SENTENCE_END.split(text[end : end + _AROUND])[0]
        yield (
            _folded(before[0])[-_KEPT:] if len(before) == 1 else "",
            figure_of(match[0]) if match[0][0].isdigit() else fold_spelling(match[0]),
            _folded(after)[:_KEPT],
        )


def _folded(text: str) -> str:
    return fold_spelling(text).replace(" ", "")


def figure_of(written: str) -> str:
    """Return the digits of a figure, in any script and with any separators."""
    return str(int(re.sub(r"\D", "", written)))


def contradictions(one: Content, other: Content) -> Contradictions:
    """Return the figures and names of the first text that the second contradicts."""
    figures: set[str] = set()
    names: set[str] = set()
    for place in one.places.keys() & other.places.keys():
        ours, theirs = (
            one.places[place] - other.places[place],
            other.places[place] - one.places[place],
        )
        if any(map(_is_figure, theirs)):
            figures.update(filter(_is_figure, ours))
        named = [each for each in theirs if not _is_figure(each)]
        if named:
            names |= {x for x in ours if not _is_figure(x) and not _is_among(x, named)}
    return Contradictions(figures, names)


def tell_of_others(one: Content, other: Content) -> bool:
    """Return whether each of two texts has a name that the other does not have."""
    ours, theirs = one.names - other.tokens, other.names - one.tokens
    return any(not _is_among(each, list(other.tokens)) for each in ours) and any(
        not _is_among(each, list(one.tokens)) for each in theirs
    )


def _is_figure(token: str) -> bool:
    return token.isascii() and token.isdigit()


def _is_among(name: str, names: list[str]) -> bool:
    """Return whether a name is one of these, apart from spelling or a misprint."""
    return any(SequenceMatcher(None, name, each).ratio() >= _CLOSE for each in names)


@lru_cache(8)
def mentioned_in(title: str, body: str) -> str:
    """Return figures of two and more digits, and keys of names, equal in all languages.

    They are sorted and joined by spaces, because a set takes ten times as much memory.
    """
    found = _TOKEN.findall(f"{title}\n{body[:BEGINNING]}")
    return " ".join(sorted(set(filter(None, map(_key_of, found)))))


@lru_cache(50_000)
def _key_of(written: str) -> str:
    """Return the digits of a figure, or the first consonants of a name, equal in all languages.

    A first vowel is kept, as ``a``. Empty for a token that says too little.
    """
    if written[0].isdigit():
        figure = figure_of(written)
        return figure if len(figure) > 1 else ""
    if written[0].islower():
        return ""
    folded = _SPELLED.sub(lambda spelled: _SOUNDS[spelled[0]], fold_spelling(written))
    first = re.sub("[aeiou]", "a", folded[:1])
    return first + _NOT_HEARD.sub("", folded[1:])[: _HEARD - 1]


def agreement(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of common tokens, of the text that has fewer. 0 if one has none."""
    return len(one & other) / (min(len(one), len(other)) or 1)


def common_figures(one: frozenset[str], other: frozenset[str]) -> int | None:
    """Return how many figures two texts share. None if it is under half of the fewer."""
    ours, theirs = set(filter(_is_figure, one)), set(filter(_is_figure, other))
    common = len(ours & theirs)
    return common if 2 * common >= min(len(ours), len(theirs)) else None

"""Figures and names of a text, which tell one story from another that is worded alike.

Figures are the same in every language, and names in one script nearly so. Where two texts have
other figures or names between the same words, they were made from one form for two occasions.
"""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache

from msgspec import Struct, field

from crawler.text.folding import fold_spelling

LETTERS = 1_000  # of a text that are looked at
BEGINNING = 800  # letters of a body where a translation has to tell the same
_DIGITS = "0-9\u0660-\u0669\u06f0-\u06f9"
# Ranges that alternate capitals and small letters are read whole; small ones are left out later.
_CAPITALS = "A-Z\u00c0-\u00de\u0400-\u042f\u0100-\u024f\u0460-\u052f"
_FIGURE = r"(?<=\d)\d{0,14}(?:[ \u00a0.,]\d{3}(?!\d)){0,5}"
_NAME = r"(?<!\w\w)[\w‘’'`ʻʼ]{3,}"
# One set of letters comes first, for which a text is searched four times as fast.
_TOKEN = re.compile(f"[{_DIGITS}{_CAPITALS}](?:{_FIGURE}|{_NAME})")
_AROUND = 8  # letters on either side that are looked at; in Latin a letter may take two
_KEPT = 4  # of these, once they are folded
_SENTENCE_END = re.compile(r"[.!?;\n]")
_SOUNDS = {"kh": "h", "zh": "j", "dj": "j", "gh": "g", "q": "k", "x": "h"}
_SPELLED = re.compile("|".join(_SOUNDS))
_NOT_HEARD = re.compile("[aeiouyhw']")
_HEARD = 5  # letters of the key of a name, which its endings leave alone
_CLOSE = 0.85  # how alike two spellings of one name are


class Content(Struct, frozen=True):
    """Figures and names, and by what stands beside them: ``<deli`` before them, ``>soum`` after."""

    tokens: frozenset[str]
    names: frozenset[str]  # that begin no sentence, where any word has a capital
    places: dict[str, set[str]] = field(default_factory=dict)


class Contradictions(Struct, frozen=True):
    """Figures and names of one text in whose place another has others."""

    figures: set[str]
    names: set[str]


@lru_cache(2_000)
def content_of(text: str) -> Content:
    """Return what is told by the beginning of a text, folded to one spelling."""
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
    """Return the digits of a figure, however it is parted and in whatever script."""
    return str(int(re.sub(r"\D", "", written)))


def contradictions(one: Content, other: Content) -> Contradictions:
    """Return what of the first the second contradicts."""
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
    """Tell whether each of two texts names somebody, or a place, that the other does not."""
    ours, theirs = one.names - other.tokens, other.names - one.tokens
    return any(not _is_among(each, list(other.tokens)) for each in ours) and any(
        not _is_among(each, list(one.tokens)) for each in theirs
    )


def _is_figure(token: str) -> bool:
    return token.isascii() and token.isdigit()


def _is_among(name: str, names: list[str]) -> bool:
    """Tell whether a name is one of them, in its own spelling or with a misprint."""
    return any(SequenceMatcher(None, name, each).ratio() >= _CLOSE for each in names)


@lru_cache(8)
def mentioned_in(title: str, body: str) -> str:
    """Return figures of two digits and more, and keys of names, that are alike in all languages.

    They are sorted, with spaces between them: a set of them would take ten times as much.
    """
    found = _TOKEN.findall(f"{title}\n{body[:BEGINNING]}")
    return " ".join(sorted(set(filter(None, map(_key_of, found)))))


@lru_cache(50_000)
def _key_of(written: str) -> str:
    """Return the digits of a figure, or the first consonants of a name: languages agree on them.

    A vowel at the beginning is kept, as any. What says too little gives nothing.
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
    """Return the share of common tokens, of those of the text that has fewer; 0 without any."""
    return len(one & other) / (min(len(one), len(other)) or 1)


def common_figures(one: frozenset[str], other: frozenset[str]) -> int | None:
    """Return how many figures two texts share; None if that is under half of what one tells."""
    ours, theirs = set(filter(_is_figure, one)), set(filter(_is_figure, other))
    common = len(ours & theirs)
    return common if 2 * common >= min(len(ours), len(theirs)) else None

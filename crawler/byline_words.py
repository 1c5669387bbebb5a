"""The words of a byline: a line in, phrases with one meaning each out."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, islice
from typing import Literal
from unicodedata import normalize

from crawler.name import MOST_WORDS, spell_name
from crawler.rules import BylineRules
from crawler.text import fold

Kind = Literal[
    "agency",
    "photo",
    "translator",
    "lead",
    "title",
    "joiner",
    "separator",
    "opening",
    "closing",
    "colon",
    "name",
]
# By first word: the words of each phrase, the longest phrase first, and what it means.
_Phrasebook = Mapping[str, Sequence[tuple[list[str], Kind]]]

_LONGEST_BARE = 3  # `И.` is an initial, never the word `и`; `корр.` is `корр`
_MARKS: Mapping[str, Kind] = {
    **dict.fromkeys(",;،；，、/|–—-", "separator"),
    **dict.fromkeys("([（", "opening"),
    **dict.fromkeys(")]）", "closing"),
    **dict.fromkeys(":：", "colon"),
}
_PIECE = re.compile(r"[,;،；，、/|–—()\[\]（）:：]|[^\s,;،；，、/|–—()\[\]（）:：]+")
_INVISIBLE = re.compile(
    "[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)  # marks of direction
_FULL_STOP = re.compile(r"(?<=[^\W\d_]{3})[.…。]+$")  # but `Sattorov N.` ends with its initial
_BEFORE_COLON = frozenset[Kind]({"photo", "translator", "lead", "title", "agency"})


@dataclass(frozen=True, slots=True)
class Phrase:
    """A piece of a byline with one meaning; a name is spelled as it is to be stored."""

    kind: Kind
    text: str


def read_phrases(line: str, rules: BylineRules) -> list[Phrase]:
    """Read the phrases of a line; none at all if it has a word that no byline is made of."""
    plain = _INVISIBLE.sub("", normalize("NFC", line)).strip()
    pieces = _PIECE.findall(_FULL_STOP.sub("", plain))
    particles = folded_words(rules.particles)
    phrases: list[Phrase] = []
    for kind, run in groupby(_tokens(pieces, rules), key=lambda token: token.kind):
        if kind == "name":
            words = (token.text for token in islice(run, MOST_WORDS + 1))  # a sentence ends here
            name = spell_name(words, particles)
            if name is None:
                return []
            phrases.append(Phrase(kind, name))
        elif kind != "colon":
            phrases.extend(run)
        elif not phrases or phrases[-1].kind not in _BEFORE_COLON:
            return []
    return phrases


def _tokens(pieces: Sequence[str], rules: BylineRules) -> Iterator[Phrase]:
    """Give each word its meaning, the longest phrase first; an unknown word may be of a name."""
    phrasebook, particles = _phrasebook(rules), folded_words(rules.particles)
    start, before = 0, None
    while start < len(pieces):
        kind, end = _longest(pieces, start, phrasebook)
        if before == "name" and kind == "lead" and fold(pieces[start]) in particles:
            kind = "name"
        yield Phrase(kind, " ".join(pieces[start:end]))
        start, before = end, kind


def _longest(pieces: Sequence[str], start: int, phrasebook: _Phrasebook) -> tuple[Kind, int]:
    """Find the longest phrase that starts here, and where it ends."""
    if mark := _MARKS.get(pieces[start]):
        return mark, start + 1
    for words, kind in phrasebook.get(_key(pieces[start]), ()):
        end = start + len(words)
        if [_key(piece) for piece in pieces[start:end]] == words:
            return kind, end
    return "name", start + 1


@lru_cache(maxsize=16)
def _phrasebook(rules: BylineRules) -> _Phrasebook:
    """Index the rules' phrases; of equal ones the first meaning counts."""
    meanings: Sequence[tuple[Kind, Iterable[str]]] = (
        ("agency", rules.agency),
        ("photo", rules.photo),
        ("translator", rules.translator),
        ("lead", rules.lead),
        ("title", rules.titles),
        ("joiner", rules.joiners),
    )
    book: dict[str, list[tuple[list[str], Kind]]] = {}
    for kind, phrases in meanings:
        for phrase in phrases:
            words = [_key(normalize("NFC", word)) for word in phrase.split()]
            book.setdefault(words[0], []).append((words, kind))
    for entries in book.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return book


@lru_cache(maxsize=16)
def folded_words(words: tuple[str, ...]) -> frozenset[str]:
    """Return the words of rules in the form for comparing."""
    return frozenset(fold(normalize("NFC", word)) for word in words)


def _key(word: str) -> str:
    """Make a word comparable; an abbreviation may have its dot or not."""
    folded = fold(word)
    return folded.rstrip(".") if len(folded) > _LONGEST_BARE else folded

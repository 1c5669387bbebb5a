"""Names of persons: the words of a byline in, one name in its usual spelling out."""

import re
from collections.abc import Collection, Iterable
from itertools import chain
from typing import Literal
from unicodedata import category, normalize

from crawler.text import fold

_Kind = Literal["full", "initial", "particle"]

_INSIDE = "'-·"
_HYPHEN = re.compile(r"([-‑])")
_UP_TO_DOT = re.compile(r"[^.]*\.|[^.]+")
_LONGEST_INITIAL = 3  # letters: `Ш.`, `Sh.`, `Abd.`
_MOST_FULL_WORDS = 4
MOST_WORDS = 7  # with initials and particles


def spell_name(words: Iterable[str], particles: Collection[str]) -> str | None:
    """Join words to a name, ALL-CAPS and glued initials put right; None if they are no name.

    A name has one to four full words, with a capital where the script knows capitals, and any
    initials and ``particles`` (folded): ``N.SATTOROV`` gives `N. Sattorov`. Behind the first word
    that is of no name, none is asked for.
    """
    spelled: list[str] = []
    full = 0
    for part in chain.from_iterable(_split_initials(normalize("NFC", word)) for word in words):
        kind = _kind(part, particles)
        if kind is None or len(spelled) == MOST_WORDS:
            return None
        spelled.append(_spell(part, kind))
        full += kind == "full"
    return " ".join(spelled) if 1 <= full <= _MOST_FULL_WORDS else None


def is_initial(word: str) -> bool:
    """Tell whether a word is the start of a name, cut short by a dot: `N.`, `Sh.`, `O‘.`."""
    if len(word) > _LONGEST_INITIAL + 2:  # a dot and an apostrophe
        return False
    letters = "".join(sign for sign in word.removesuffix(".") if fold(sign) != "'")
    longest = _LONGEST_INITIAL if word.endswith(".") else 1
    return letters.isalpha() and letters[0].isupper() and len(letters) <= longest


def _split_initials(word: str) -> list[str]:
    """Take apart initials that are glued to each other or to a surname."""
    parts = _UP_TO_DOT.findall(word)
    return parts if all(is_initial(part) for part in parts[:-1]) else [word]


def _kind(word: str, particles: Collection[str]) -> _Kind | None:
    if is_initial(word):
        return "initial"
    if (word.islower() or word.isupper()) and fold(word) in particles:
        return "particle"
    prefix, hyphen, rest = word.partition("-")
    if hyphen and fold(prefix) + hyphen in particles:
        word = rest
    return "full" if _is_full(word) else None


def _is_full(word: str) -> bool:
    """Tell whether a word can stand in a name: letters only, the first of them no small one."""
    if not word or not word[0].isalpha() or word[0].islower() or word[-1] in "-‑·":
        return False
    return all(sign.isalpha() or fold(sign) in _INSIDE or category(sign) == "Mn" for sign in word)


def _spell(word: str, kind: _Kind) -> str:
    """Write ALL-CAPS as names are usually written; whatever else is kept."""
    if not word.isupper() or len(word.removesuffix(".")) < 2:
        return word
    if kind == "particle":
        return word.lower()
    return "".join(part[:1] + _small(part[1:]) for part in _HYPHEN.split(word))


def _small(letters: str) -> str:
    """Make letters small; the dot of a Turkish capital does not become a letter of its own."""
    return letters.replace("İ", "i").lower()

"""Stems by the rules of a language, the same for all endings of a word: for search.

A stem carries its language, as in ``librari=en``: words of two languages may share one by chance.
There are rules for those languages of our agencies that Snowball knows. Texts in Uzbek, Kazakh,
Kyrgyz, Tajik, Ukrainian, Albanian, Macedonian and Kurdish have no stems.
"""

import re
from collections.abc import Callable
from itertools import chain
from threading import Lock
from unicodedata import normalize

import Stemmer

from crawler.text.folding import fold_for_search

_ARABIC, _CYRILLIC, _LATIN = "[\u0620-\u06ff]", "[\u0400-\u04ff]", "[a-z\u00df-\u024f]"
# Bosnian and Serbian share their endings.
_RULES = {
    "ar": ("arabic", _ARABIC), "bs": ("serbian", f"{_LATIN}|{_CYRILLIC}"),
    "de": ("german", _LATIN), "en": ("english", _LATIN), "es": ("spanish", _LATIN),
    "fa": ("persian", _ARABIC), "fr": ("french", _LATIN), "id": ("indonesian", _LATIN),
    "it": ("italian", _LATIN), "pl": ("polish", _LATIN), "ru": ("russian", _CYRILLIC),
    "tr": ("turkish", _LATIN),
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]{3,60}")
_JOINT = "\u200c"  # before many endings of Persian words
_MOST_KEPT = 50_000  # of a language; with fewer, a text has more of them that are not kept


class _Stems(dict[str, tuple[str, ...]]):
    """The stems of a language, by what stands between two spaces; the last ones are kept."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._stem: Callable[[str], str] = Stemmer.Stemmer(_RULES[base][0], 0).stemWord
        self._lock = Lock()  # a stemmer must not be shared by threads

    def __missing__(self, piece: str) -> tuple[str, ...]:
        with self._lock:
            found = [self._stem(word) for word in _WORD.findall(piece)]
        if len(self) >= _MOST_KEPT:
            self.clear()
        told = self[piece] = tuple(f"{fold_for_search(stem)}={self._base}" for stem in found)
        return told


_LANGUAGES = {base: _Stems(base) for base in _RULES}


def stems(text: str, language: str | None) -> frozenset[str]:
    """Return the stems of the words of a text. Words of fewer than three letters have none.

    ``language``: a BCP 47 tag.
    """
    known = _LANGUAGES.get((language or "").partition("-")[0])
    if known is None:
        return frozenset()
    return frozenset(chain.from_iterable(map(known.__getitem__, _plain(text).split())))


def stems_in_any_language(word: str) -> frozenset[str]:
    """Return the stems of a single word in the languages that use its letters."""
    plain = _plain(word)
    if not _WORD.fullmatch(plain):
        return frozenset()
    bases = (base for base, (_, letters) in _RULES.items() if re.match(letters, plain))
    return frozenset().union(*(_LANGUAGES[base][plain] for base in bases))


def _plain(text: str) -> str:
    return normalize("NFC", text.lower()).replace(_JOINT, "")

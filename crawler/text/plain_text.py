"""Plain text as a reader sees it, independent of how it was typed and stored.

A text is paragraphs separated by one blank line. Single newlines inside a paragraph are kept: they
separate list items and verses.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from unicodedata import normalize

from crawler.text.folding import APOSTROPHES

_LINE_END = re.compile("[\r\x0b\x0c\u2028]")
_MISREAD = re.compile("[\x80-\x9f]+")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]"
)
# Joiners are needed in Arabic and later blocks, and in emoji; before those they are noise.
_STRAY_JOINER = re.compile("(?<![\u0600-\U0010ffff])[\u200c\u200d]+")
_FOLDED = {
    **dict.fromkeys(APOSTROPHES[1:], "'"),
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    "\n": " ",
    "İ": "i",  # the one letter that grows when lowered
    "ё": "е",
    "Ё": "е",
}
# Letters that look alike in both scripts, so that a wrong keyboard is easily overlooked.
_CYRILLIC_SIGNS = "АВЕЅІЈКМНОРСТУХҺаеѕіјорсухһ"
_LATIN_SIGNS = "ABESIJKMHOPCTYXhaesijopcyxh"
_TO_LATIN_SIGNS = str.maketrans(_CYRILLIC_SIGNS, _LATIN_SIGNS)
_TO_CYRILLIC_SIGNS = str.maketrans(_LATIN_SIGNS[::-1], _CYRILLIC_SIGNS[::-1])  # h: the small one
_IN_WORD = rf"[\w{APOSTROPHES}]"
_MIXED = re.compile(rf"(?={_IN_WORD}*[A-Za-z])(?={_IN_WORD}*[\u0400-\u052f]){_IN_WORD}+")


def tidy(text: str) -> str:
    """Replace every run of white space by one space, one newline or one blank line."""
    if not _is_plain(text) or "  " in text or " \n" in text or "\n " in text:
        text = "\n".join([" ".join(line.split()) for line in text.split("\n")])
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.strip()


def normalise(text: str) -> str:
    """Return the text in NFC, without control characters, lone surrogates and odd white space."""
    if not _is_plain(text):
        text = restore_punctuation(text)
        text = _LINE_END.sub("\n", text.replace("\r\n", "\n").replace("\u2029", "\n\n"))
        text = _INVISIBLE.sub("", text)
        if "\u200c" in text or "\u200d" in text:
            text = _STRAY_JOINER.sub("", text)
    return tidy(unicodedata.normalize("NFC", text))


def restore_punctuation(text: str) -> str:
    """Read C1 control characters as the quotes, dashes and dots of windows-1252."""
    return _MISREAD.sub(lambda signs: signs[0].encode("latin-1").decode("cp1252", "ignore"), text)


def _is_plain(text: str) -> bool:
    """Return whether a text has only visible characters, spaces and newlines, as nearly all have.

    This takes a tenth of the time of the full search.
    """
    return text.replace("\n", "").isprintable()


def flatten(text: str) -> str:
    """Return the normalised text on a single line, for titles, summaries, names and captions."""
    return " ".join(normalise(text).split())


def in_one_script(text: str) -> str:
    """Write words of mixed Latin and Cyrillic letters in the one script that has them all."""
    return _MIXED.sub(lambda word: _in_one_script(word[0]), text)


def _in_one_script(word: str) -> str:
    latin, cyrillic = word.translate(_TO_LATIN_SIGNS), word.translate(_TO_CYRILLIC_SIGNS)
    choices = [other for other in (latin, cyrillic) if not _MIXED.search(other)]
    # If both scripts have all, the script of most of its letters.
    return max(choices, key=lambda other: sum(map(str.__eq__, other, word)), default=word)


def split_paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a normalised text. A text of white space has none."""
    return [paragraph for paragraph in tidy(text).split("\n\n") if paragraph]


def join_paragraphs(paragraphs: Iterable[str]) -> str:
    """Join paragraphs with a blank line between them."""
    return "\n\n".join(paragraphs)


def fold(text: str) -> str:
    """Return a text for comparison: lower case, plain quotes and dashes, of the same length.

    The length is kept so that a position in the folded text is the same in the text.
    """
    if text.isascii():  # only these two can be in it
        return text.replace("`", "'").replace("\n", " ").lower()
    if len(text) == 1:
        return _FOLDED.get(text, text).lower()
    for letter, plain in _FOLDED.items():
        if letter in text:
            text = text.replace(letter, plain)
    return text.lower()


def says_same(text: str, other: str) -> bool:
    """Return whether two texts differ only in letter case and typography."""
    return len(text) == len(other) and fold(text) == fold(other)


def opens_with(text: str, opening: str) -> bool:
    """Return whether a text begins with another one, apart from letter case and typography."""
    if opening and fold(text[:1]) != fold(opening[0]):  # as in nearly all cases
        return False
    return fold(text[: len(opening)]) == fold(opening)


@lru_cache(maxsize=16)
def folded_words(words: tuple[str, ...]) -> frozenset[str]:
    """Return the words of rules in the form for comparison."""
    return frozenset(fold(normalize("NFC", word)) for word in words)

"""Apostrophes of Uzbek and Karakalpak Latin: two letters, typed in seven ways.

U+02BB is part of the letters ``oʻ gʻ``, U+02BC is the tutuq belgisi (``maʼno``). Both look like
single quotation marks, which stay as they are.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

LANGUAGES = frozenset({"uz-Latn", "kaa-Latn"})

_TURNED = "ʻ"
_TUTUQ = "ʼ"
_ANY = "['‘’ʻʼ`´]"
# U+02BB and U+02BC are themselves word characters, but here not letters.
_LETTER = r"[^\W\d_ʻʼ]"

# The mark comes first and then what stands before it: so a search can skip from mark to mark.
_TURNED_INSIDE = re.compile(rf"{_ANY}(?<=[oOgG].)(?={_LETTER})")
_TUTUQ_INSIDE = re.compile(rf"{_ANY}(?<={_LETTER}.)(?<![oOgG].)(?={_LETTER})")
_AT_WORD_END = re.compile(rf"{_ANY}(?<=[oOgG].)(?!{_LETTER})")

_OPENING = re.compile(r"(?<![^\s(\[«“„\"—–-])['‘`](?=[^\s])")
_CLOSING = re.compile(rf"(?<=\S)['’`´](?!{_LETTER})")
_DOUBLED = re.compile(r"(['’`´])\1")
_CLOSES = {"'": "'", "‘": "’", "`": "`´'"}


def normalise_apostrophes(text: str, language: str | None) -> str:
    """Write every apostrophe of the language's words in its own letter; leave quotation marks.

    A text in another language comes back as it is.
    """
    if language not in LANGUAGES:
        return text
    text = _TUTUQ_INSIDE.sub(_TUTUQ, _TURNED_INSIDE.sub(_TURNED, text))
    if not _AT_WORD_END.search(text):
        return text
    return "\n".join(_normalise_word_ends(line) for line in text.split("\n"))


def _normalise_word_ends(line: str) -> str:
    """Settle ``togʻ``: the letter, unless a quotation that began before ends there."""
    if not _AT_WORD_END.search(line):
        return line
    closing = set(_closing_marks(line))
    return _AT_WORD_END.sub(lambda mark: mark.group() if mark.start() in closing else _TURNED, line)


def _closing_marks(line: str) -> Iterator[int]:
    """Find where each quotation of the line ends; an opening mark without an answer is none."""
    openings = [mark.start() for mark in _OPENING.finditer(line)]
    for opening, limit in pairwise([*openings, len(line)]):
        if line[opening] == line[opening + 1]:
            if doubled := _DOUBLED.search(line, opening + 2, limit):
                yield from range(*doubled.span())
        else:
            yield from _closing_mark(line, opening, limit)


def _closing_mark(line: str, opening: int, limit: int) -> list[int]:
    """Find the mark that answers an opening one.

    One that cannot be a letter is certain; only without one, the first after o or g closes
    (``'Bog'``).
    """
    marks = [
        mark.start()
        for mark in _CLOSING.finditer(line, opening + 2, limit)
        if mark.group() in _CLOSES[line[opening]]
    ]
    certain = [place for place in marks if line[place - 1] not in "oOgG"]
    return (certain or marks)[:1]

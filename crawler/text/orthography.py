"""One text in several spellings: Uzbek and Karakalpak in Cyrillic and in their Latin alphabets.

U+02BB is part of the letters ``oʻ gʻ``, U+02BC is the tutuq belgisi (``maʼno``). Both look like
single quotation marks, which are not changed.

Uzbek is written in Cyrillic, in the Latin letters of 1995, and in those announced for 2027 (law of
2026: ``ş ç ö ğ`` for ``sh ch oʻ gʻ``; no other change is known). Karakalpak is written in Cyrillic,
and in the Latin letters of 1995 (``aʼ gʼ nʼ oʼ uʼ``, ``ts``), of 2009 (``iʼ`` for ``ı``, ``c`` for
``ts``) and of 2016 (``á ǵ ı ń ó ú``). The functions of ``folding`` make one readable key of all
spellings; ``consonant_key`` is less exact and faster, to compare millions of texts.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal, cast

from crawler.text.folding import APOSTROPHES, LATIN

LANGUAGES = frozenset({"uz-Latn", "kaa-Latn"})

_TURNED = "ʻ"
_TUTUQ = "ʼ"
_ANY = f"[{APOSTROPHES}]"
# Some of them, such as U+02BB and U+02BC, are word characters to Unicode, but not letters here.
_LETTER = rf"[^\W\d_{APOSTROPHES}]"

# The mark comes first in the pattern, then the text before it: so a search can skip from mark to
# mark.
_TURNED_INSIDE = re.compile(rf"{_ANY}(?<=[oOgG].)(?={_LETTER})")
_TUTUQ_INSIDE = re.compile(rf"{_ANY}(?<={_LETTER}.)(?<![oOgG].)(?={_LETTER})")
_AT_WORD_END = re.compile(rf"{_ANY}(?<=[oOgG].)(?!{_LETTER})")

_OPENING = re.compile(r"(?<![^\s(\[«“„\"—–-])['‘`](?=[^\s])")
_CLOSING = re.compile(rf"(?<=\S)['’`´](?!{_LETTER})")
_DOUBLED = re.compile(r"(['’`´])\1")
_CLOSES = {"'": "'", "‘": "’", "`": "`´'"}

# The Latin letters of 1995, and those announced for 2027.
_NEW_LETTERS = dict(zip("scogSCOG", "şçöğŞÇÖĞ", strict=True))
_OLD_LETTER = re.compile(f"[sS][hH]|[cC][hH]|[oOgG]{_ANY}")
# Small letters that not all alphabets of a language have.
_ALPHABETS = {
    "uz": {"1995": re.compile(f"[sc]h|[og]{_ANY}"), "2026": re.compile("[şșçöğ]")},
    "kaa": {
        "1995": re.compile(f"ı|ts|[agnou]{_ANY}"),
        "2009": re.compile(f"c(?!h)|[agnoui]{_ANY}"),
        "2016": re.compile("c(?!h)|[ıáǵńóúí]"),
    },
}


def normalise_apostrophes(text: str, language: str | None) -> str:
    """Replace every apostrophe in words by its own letter. Quotation marks stay.

    A text in another language is returned unchanged.
    """
    if language not in LANGUAGES:
        return text
    text = _TUTUQ_INSIDE.sub(_TUTUQ, _TURNED_INSIDE.sub(_TURNED, text))
    if not _AT_WORD_END.search(text):
        return text
    return "\n".join(_normalise_word_ends(line) for line in text.split("\n"))


def _normalise_word_ends(line: str) -> str:
    """Decide about ``togʻ``: the letter, unless it closes a quotation."""
    if not _AT_WORD_END.search(line):
        return line
    closing = set(_closing_marks(line))
    return _AT_WORD_END.sub(lambda mark: mark.group() if mark.start() in closing else _TURNED, line)


def _closing_marks(line: str) -> Iterator[int]:
    """Find the end of each quotation in a line. A mark without an end opens none."""
    openings = [mark.start() for mark in _OPENING.finditer(line)]
    for opening, limit in pairwise([*openings, len(line)]):
        if line[opening] == line[opening + 1]:
            if doubled := _DOUBLED.search(line, opening + 2, limit):
                yield from range(*doubled.span())
        else:
            yield from _closing_mark(line, opening, limit)


def _closing_mark(line: str, opening: int, limit: int) -> list[int]:
    """Find the mark that closes a quotation.

    A mark that cannot be a letter is certain. Only if there is none, the first one after o or g
    closes it (``'Bog'``).
    """
    marks = [
        mark.start()
        for mark in _CLOSING.finditer(line, opening + 2, limit)
        if mark.group() in _CLOSES[line[opening]]
    ]
    certain = [place for place in marks if line[place - 1] not in "oOgG"]
    return (certain or marks)[:1]


def count_letters(text: str, language: str) -> dict[str, int]:
    """Return, by year, how often a text has letters that not all alphabets of its language have."""
    small = text.lower()
    return {
        year: len(letters.findall(small))
        for year, letters in _ALPHABETS.get(language.partition("-")[0], {}).items()
    }


def alphabet_of(text: str, language: str) -> str | None:
    """Return the year of the Latin alphabet that a text in a language is mostly written in.

    None if two alphabets are equal: Karakalpak without ``ı`` and ``ts`` is the same in 1995 and
    2009.
    """
    counts = count_letters(text, language)
    most = [year for year, count in counts.items() if count == max(counts.values())]
    return most[0] if len(most) == 1 else None


def orthography_of(text: str) -> Literal["1995", "2026"] | None:
    """Return the Latin alphabet of a text in Uzbek, by the letters that differ."""
    return cast(Literal["1995", "2026"] | None, alphabet_of(text, "uz"))


def in_new_letters(text: str) -> str:
    """Return Uzbek, with any apostrophes, in the Latin letters that are announced for 2027."""
    return _OLD_LETTER.sub(lambda old: _NEW_LETTERS[old[0][0]], text)


def latin_spellings(text: str) -> tuple[str, str, str]:
    """Return Uzbek in the letters of 1995 as it is, in the new ones, and with ``ș`` for ``ş``.

    A comma below is typed where a keyboard or font has no cedilla.
    """
    new = in_new_letters(text)
    return text, new, new.replace("ş", "ș").replace("Ş", "Ș")


_KARAKALPAK = str.maketrans(
    LATIN
    | {"ә": "á", "ғ": "ǵ", "ы": "ı", "ң": "ń", "ө": "ó", "ү": "ú", "ў": "w", "х": "x", "ц": "c"}
)
_BEFORE_2016 = str.maketrans({"á": "a'", "ǵ": "g'", "ń": "n'", "ó": "o'", "ú": "u'"})


def in_karakalpak_latin(text: str) -> tuple[str, str, str]:
    """Return Cyrillic Karakalpak in small letters in the Latin letters of 1995, 2009 and 2016."""
    text = text.replace("ьо", "йо")
    new = text.translate(_KARAKALPAK)
    old = text.replace("ц", "тс").translate(_KARAKALPAK).translate(_BEFORE_2016)
    return old, new.translate(_BEFORE_2016).replace("ı", "i'"), new


# For ``consonant_key``. Small Cyrillic letters differ in UTF-8 in their second byte: it is enough.
# Not heard is what shares its second byte with a quotation mark, a dash or another letter (r, l, g
# and capitals), and what the two scripts write in different ways (vowels, h, q, x, y).
_HEARD = "bcdfjkmnpstvz"
_CYRILLIC = {letter: LATIN[letter][:1] for letter in map(chr, range(ord("а"), ord("я") + 1))}
_SECOND_BYTES = {
    letter.encode()[1]: ord(sound)
    for letter, sound in _CYRILLIC.items()
    if sound and sound in _HEARD
}
_SOUNDS = bytes(_SECOND_BYTES.get(byte, byte) for byte in range(0x100))
_NOT_LATIN = bytes(set(range(0x100)) - set(b"0123456789" + _HEARD.encode()))
_SILENT = {"Latn": _NOT_LATIN, "Cyrl": bytes(set(_NOT_LATIN) - _SECOND_BYTES.keys())}
# The second bytes of Ҳ and Ё are those of в and с.
_HEARD_AS = {
    "Latn": (("ş", "s"), ("ș", "s"), ("ç", "c"), ("ń", "n"), ("ts", "s"), ("Ts", "")),
    "Cyrl": (("ң", "н"), ("Ҳ", ""), ("Ё", ""), ("тс", "с"), ("Тс", "")),
}
FOLDED_SCRIPTS = tuple(_SILENT)


def consonant_key(text: str, script: str) -> bytes:
    """Return the consonants and digits of a text in one of ``FOLDED_SCRIPTS``, one byte each.

    Of ``sh``, ``ch``, ``nʼ`` only the first letter counts, as for ``ş``, ``ș``, ``ç``, ``ń`` and
    ``ң``. ``ts`` is ``s``, as ``ц`` is.
    """
    for letter, like in _HEARD_AS[script]:
        text = text.replace(letter, like)
    return text.encode("utf-8", "surrogatepass").translate(_SOUNDS, _SILENT[script])

"""Chooses the encoding of bytes that are not UTF-8: as declared, or by the letters themselves."""

import codecs
import re
from collections.abc import Sequence

_LATIN = frozenset(
    {"mac-roman", *(f"cp{number}" for number in (1250, 1252, 1254, 1257, 1258))}
    | {f"iso8859-{number}" for number in (1, 2, 3, 4, 10, 13, 14, 15, 16)}
)
_CYRILLIC = ("cp1251", "koi8-r", "cp866", "iso8859-5")  # mac-cyrillic does not occur any more
# Two thirds of the letters of a text in Russian, half in Kazakh; fewer in a text decoded by a wrong
# encoding, and in Greek or Hebrew decoded as Cyrillic.
_FREQUENT = frozenset("оеаинтсрвл")
_SHARE_OF_FREQUENT = 0.42
# The most frequent signs of a text in an eastern encoding: 15 % of all, also of a short one.
# Decoded by a wrong encoding it has next to none, and nor does a text in another script.
_JAPANESE = "のにはをたがでてとしれさいるなかもらあこきすりうっよまだ、。"
_FREQUENT_SIGNS = {
    "gb18030": "的一是不在了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主年动",
    "big5hkscs": "的一是不在了有和人這中大為上個國我以要他時來用們生到作地於出就分對成會可主年動",
    "cp932": _JAPANESE,
    "euc_jp": _JAPANESE,
    "cp949": "이다의는에을가고하지로한은사도기를인서대자리어시부정그일수있해전",
}
_SHARE_OF_SIGNS = 0.1
# Words of only non-ASCII bytes, which Latin languages do not have.
_FOREIGN_WORD = re.compile(rb"[\x80-\xff]{3,}")
_MUCH_TEXT, _MARGIN = 150, 0.1  # bytes, and difference in share, to distrust a declaration
_LEAST_LETTERS = 8  # different ones: fewer are a line of signs, such as a rule


def choose_encoding(body: bytes, declared: Sequence[str], fallback: str) -> str:
    """Choose the encoding of bytes that are not UTF-8. ``ascii`` if none can be right.

    ``declared``: what header and head name, in this order; ``fallback``: used if they name none.
    """
    others = [encoding for encoding in declared if encoding != "utf-8"]
    encoding = (others or declared or [codecs.lookup(fallback).name])[0]
    if encoding in _LATIN or encoding == "utf-8":
        if not _has_foreign_words(body):
            return codecs.lookup(fallback).name if encoding == "utf-8" else encoding
        fitting = [other for other in others if other not in _LATIN]
        unknown = encoding if encoding == "utf-8" else "ascii"
        return fitting[0] if fitting else _cyrillic_of(body) or _eastern_of(body) or unknown
    if encoding in _CYRILLIC and (not declared or _is_misread(body, encoding)):
        return _cyrillic_of(body) or encoding
    return encoding


def _is_misread(body: bytes, encoding: str) -> bool:
    """Return whether another Cyrillic encoding gives a more plausible text."""
    words = b"".join(_FOREIGN_WORD.findall(body))
    told = _share_of_frequent(words.decode(encoding, "replace").lower())  # it may be all capitals
    best = max(_share_of_frequent(words.decode(name, "replace")) for name in _CYRILLIC)
    return len(words) >= _MUCH_TEXT and best > told + _MARGIN


def _has_foreign_words(body: bytes) -> bool:
    """Return whether most non-ASCII bytes form words of their own."""
    words = b"".join(_FOREIGN_WORD.findall(body))
    beyond = len(body) - len(body.translate(None, bytes(range(0x80, 0x100))))
    return 2 * len(words) > beyond and len(set(words)) >= _LEAST_LETTERS


def _cyrillic_of(body: bytes) -> str | None:
    """Return the encoding in which the words are plausible Cyrillic. None if there is none."""
    words = b"".join(_FOREIGN_WORD.findall(body))
    shares = {name: _share_of_frequent(words.decode(name, "replace")) for name in _CYRILLIC}
    best = max(shares, key=shares.__getitem__)
    return best if shares[best] >= _SHARE_OF_FREQUENT else None


def _share_of_frequent(text: str) -> float:
    return sum(letter in _FREQUENT for letter in text) / max(len(text), 1)


def _eastern_of(body: bytes) -> str | None:
    """Return the encoding in which the text is plausible Chinese, Japanese or Korean, or None."""
    shares = {
        name: _share_of_signs(body.decode(name, "replace"), signs)
        for name, signs in _FREQUENT_SIGNS.items()
    }
    best = max(shares, key=shares.__getitem__)
    return best if shares[best] >= _SHARE_OF_SIGNS else None


def _share_of_signs(text: str, signs: str) -> float:
    """Return the share of signs in what is not ASCII; 0 if more than one in 100 is damaged."""
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    is_damaged = 100 * text.count("\ufffd") > beyond
    return 0.0 if is_damaged else sum(map(text.count, signs)) / max(1, beyond)

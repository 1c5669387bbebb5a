"""One text in two scripts: letters of Latin and Cyrillic brought together, for finding.

Uzbek and Karakalpak are written in both. ``fold_for_search`` keeps words readable, so that
``Oʻzbekiston``, ``O'zbekiston`` and ``Ўзбекистон`` become one; ``skeleton`` keeps less and is
quick, for comparing millions of texts.
"""

import re
from unicodedata import normalize

# As Uzbek Latin writes them; the letters of other languages as the nearest of these.
LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "j", "з": "z",
    "и": "i", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h", "ц": "s", "ч": "ch", "ш": "sh", "щ": "sh",
    "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "yu", "я": "ya", "ў": "o", "қ": "q", "ғ": "g",
    "ҳ": "h", "ә": "a", "ө": "o", "ү": "u", "ң": "n", "і": "i", "ї": "yi", "ұ": "u", "һ": "h",
}  # fmt: skip
_APOSTROPHES = "'‘’ʻʼ`´‛′"
_MARKS = "“”„«»–—…№"
_TO_LATIN = str.maketrans(
    LATIN | dict.fromkeys(_APOSTROPHES, "") | dict.fromkeys(_MARKS, " ") | {"x": "h", "ı": "i"}
)
_ACCENTS = re.compile("[\u0300-\u036f]")
_IDEOGRAPH = re.compile("([\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])")


def fold_for_search(text: str) -> str:
    """Return the words of a text as they are looked for: no accent, no apostrophe, one script.

    ``ye`` and ``ts``, which Latin writes where Cyrillic has one letter, become that letter.
    Ideographs, which are written without spaces, become words of their own.
    """
    plain = normalize("NFC", text.lower()).translate(_TO_LATIN)
    if not plain.isascii():
        plain = _ACCENTS.sub("", normalize("NFKD", plain))
        plain = _IDEOGRAPH.sub(r" \1 ", plain)
    return plain.replace("ye", "e").replace("ts", "s")


# For ``skeleton``. In UTF-16 the low bytes of small Latin and Cyrillic letters differ, so the low
# bytes alone are enough, and the digits share theirs with ``а`` to ``й``, in every text alike.
_NOT_HEARD = "yh"
_ALIKE = dict.fromkeys("mnrt", "n") | {"x": ""}


def _sound(letter: str) -> str:
    """Return the one letter that stands for it, or nothing."""
    latin = LATIN.get(letter, letter)
    kept = next((each for each in latin if each not in _NOT_HEARD), "")
    return _ALIKE.get(kept, kept)


def _low_byte(letter: str) -> int:
    return ord(letter) & 0xFF


_LETTERS = [*map(chr, range(ord("a"), ord("z") + 1)), *LATIN]
_SILENT = bytes(
    {_low_byte(each) for each in _LETTERS if not _sound(each)}
    | set(range(0x20)) - {0x0A}
    | {_low_byte(each) for each in "!\"#$%&'()*+,-./" + _APOSTROPHES + "«»"}
    - {_low_byte(each) for each in _LETTERS if _sound(each)}
)
_SOUNDS = bytes.maketrans(
    bytes(_low_byte(each) for each in _LETTERS if _sound(each)) + b"\n",
    "".join(filter(None, map(_sound, _LETTERS))).encode() + b" ",
)


def skeleton(text: str) -> bytes:
    """Return what the text sounds like in either script, roughly: a letter a byte, and spaces.

    The end of a paragraph is a space, too.
    """
    low = text.lower().encode("utf-16-le", "surrogatepass")[::2]
    return low.replace(b"\n\n", b" ").translate(_SOUNDS, _SILENT)

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


# For ``skeleton``. In UTF-8 the second bytes of small Cyrillic letters differ, so these are enough.
# Not heard is what shares its second byte with a quotation mark, a dash or another letter (r, l, g
# and capitals), and what the two scripts write in different ways (vowels, h, q, x, y). Ё and Ҳ are
# heard wrongly, which costs a shingle where a sentence begins with one.
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
FOLDED_SCRIPTS = tuple(_SILENT)


def skeleton(text: str, script: str) -> bytes:
    """Return small consonants and digits of a text in one of ``FOLDED_SCRIPTS``, a byte each."""
    return text.encode("utf-8", "surrogatepass").translate(_SOUNDS, _SILENT[script])

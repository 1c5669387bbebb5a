"""One key for a text in several spellings, scripts and alphabets: for search, joins and counts.

``fold_for_search`` is for texts in any language. ``fold_spelling`` is for Uzbek and Karakalpak, in
Cyrillic or in any of their Latin alphabets, and for names. This file needs only Python: each
release has a copy of it, ``fold.py``.
"""

import re
from unicodedata import normalize

# Characters that keyboards, fonts and converters use for an apostrophe, the usual ones first.
APOSTROPHES = "'‘’ʻʼ`´‛′ʽʾʿʹˈˊˋꞌ‵՚׳＇᾿᾽"
# As in Uzbek Latin; letters of other languages as the nearest of these.
LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "j", "з": "z",
    "и": "i", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h", "ц": "s", "ч": "ch", "ш": "sh", "щ": "sh",
    "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "yu", "я": "ya", "ў": "o", "қ": "q", "ғ": "g",
    "ҳ": "h", "ә": "a", "ө": "o", "ү": "u", "ң": "n", "і": "i", "ї": "yi", "ұ": "u", "һ": "h",
}  # fmt: skip
_MARKS = "“”„«»–—…№"
_TO_LATIN = str.maketrans(
    LATIN | dict.fromkeys(APOSTROPHES, "") | dict.fromkeys(_MARKS, " ") | {"x": "h", "ı": "i"}
)
_ACCENTS = re.compile("[\u0300-\u036f]")
_IDEOGRAPH = re.compile("([\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])")


def fold_for_search(text: str) -> str:
    """Return the words of a text for search: no accents, no apostrophes, one script.

    ``ye`` and ``ts``, which are one letter in Cyrillic, become that letter. Ideographs, which are
    written without spaces, become words of their own.
    """
    plain = normalize("NFC", text.lower()).translate(_TO_LATIN)
    if not plain.isascii():
        plain = _ACCENTS.sub("", normalize("NFKD", plain))
        plain = _IDEOGRAPH.sub(r" \1 ", plain)
    return plain.replace("ye", "e").replace("ts", "s")


# Letters of their own in the newer Latin alphabets (``ș``, with a comma, is typed for ``ş``), and
# ``w``, which is ``ў`` in Karakalpak.
_TO_DIGRAPHS = str.maketrans({"ş": "sh", "ș": "sh", "ç": "ch", "w": "o"})
_LONE_C = re.compile("c(?!h)")  # ``ц`` of Karakalpak
# Converters make ``щ`` of ``sh`` and the endings ``chi`` and ``cha``; some leave it in Latin words.
_JOINED_LETTERS = re.compile("щ(?=[аиai])")
_ONE_LETTER = re.compile("shch(?![ai])")  # other converters make ``shch`` of ``щ``


def fold_spelling(text: str) -> str:
    """Return the words of a text in Uzbek or Karakalpak, equal in all their spellings.

    Where the alphabets disagree, the key is less exact: ``ҳ`` and ``х`` are equal, ``ц`` is ``s``,
    ``ъ`` is dropped (``Исҳоқ``, ``Isʼhoq`` and ``Ishoq`` are equal), ``е`` is always ``e``, ``yi``,
    which some write for ``ьи``, is ``i``, and ``ьо`` is ``yo`` (``батальон``, ``batalyon``).
    ``щ`` and ``shch`` are ``sh``, but ``shch`` before ``а`` and ``и`` (``қатнащи`` for
    ``қатнашчи``).
    """
    small = normalize("NFC", text.lower()).replace("ьо", "йо")
    if "щ" in small:
        small = _JOINED_LETTERS.sub("шч", small)
    plain = fold_for_search(small.translate(_TO_DIGRAPHS)).replace("yi", "i")
    if "c" in plain:
        plain = _ONE_LETTER.sub("sh", _LONE_C.sub("s", plain))
    # These words differ by more than letters: сентябрь is sentabr, октябрь is oktabr.
    return plain.replace("tyabr", "tabr")

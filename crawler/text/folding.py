"""One key for a text in several spellings, scripts and alphabets: for search, joins and counts.

``fold_for_search`` is for texts in any language. ``fold_spelling`` is for Uzbek and Karakalpak, in
Cyrillic or in any of their Latin alphabets. ``fold_name`` is for names of persons, and knows how
Russian ones are transliterated, too. This file needs only Python: each release has a copy of it,
``fold.py``.
"""

import re
from unicodedata import normalize

# Characters that keyboards, fonts and converters use for an apostrophe, the usual ones first.
APOSTROPHES = "'‘’ʻʼ`´‛′ʽʾʿʹˈˊˋꞌ‵՚׳＇᾿᾽῾΄˴Ꞌ｀"
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
    plain = _in_plain_latin(text)
    if not plain.isascii():
        plain = _IDEOGRAPH.sub(r" \1 ", plain)
    return plain.replace("ye", "e").replace("ts", "s")


def _in_plain_latin(text: str) -> str:
    plain = normalize("NFC", text.lower()).translate(_TO_LATIN)
    return plain if plain.isascii() else _ACCENTS.sub("", normalize("NFKD", plain))


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
    ``ў`` and ``о`` are equal, and so are ``ғ`` and ``г``, as apostrophes are dropped. ``щ`` and
    ``shch`` are ``sh``, but ``shch`` before ``а`` and ``и`` (``қатнащи`` for ``қатнашчи``).
    """
    small = normalize("NFC", text.lower()).replace("ьо", "йо")
    if "щ" in small:
        small = _JOINED_LETTERS.sub("шч", small)
    plain = fold_for_search(small.translate(_TO_DIGRAPHS)).replace("yi", "i")
    if "c" in plain:
        plain = _ONE_LETTER.sub("sh", _LONE_C.sub("s", plain))
    # These words differ by more than letters: сентябрь is sentabr, октябрь is oktabr.
    return plain.replace("tyabr", "tabr")


# What differs between transliterations of one name, as regular expressions, in the order of use:
# first in small letters as written, then in Latin without accents and apostrophes. `x` is `ks` in
# Western names, and `h` in Uzbek ones. `yo` stays at the start of a word: `Yorqin` and `Erkin` are
# two names. Double `e` stays: `Валеев` is not `Валев`.
WRITTEN = (
    ("[-‐‑]", ""), ("alexander", "aleksandr"), ("alex", "aleks"), ("maxim", "maksim"),
    ("xeni", "kseni"), ("felix", "feliks"), ("[şș]", "sh"), ("ç", "ch"), ("ц", "ts"),
)  # fmt: skip
TRANSLITERATED = (
    ("dzh|dj|zh", "j"), ("kh", "h"), ("gh", "g"), ("ph", "f"), ("shch|sch", "sh"), ("q", "k"),
    ("c(?=[eiy])", "s"), ("c(?!h)", "k"), ("(?<=[oe])(ff|w)(?=a?$)", "v"), ("w", "o"),
    ("([^e])\\1", "\\1"), ("ye", "e"), ("(?<=.)yo", "e"), ("(?<=.)y|^y(?![aou])", "i"),
    ("ii", "i"), ("^i(?=[au])", "y"),
)  # fmt: skip
_PART = re.compile(r"[^\s.,]+\.?")
_INITIALS = ("sh", "ch")  # besides single letters


def fold_name(name: str) -> str:
    """Return a key of a person's name, equal in Uzbek, Karakalpak and Russian spellings.

    Cyrillic and Latin letters, transliterations and the order of words do not matter. Initials
    stay initials, with a dot. Other vowels, as in the Russian ``Надир`` for ``Nodir``, make another
    key. A name in another script has the key of ``fold_spelling``.
    """
    small = _replaced(normalize("NFC", name.lower()), WRITTEN)
    key = " ".join(sorted(filter(None, map(_fold_part, _PART.findall(small)))))
    return key if key.isascii() else " ".join(fold_spelling(name).split())


def _fold_part(part: str) -> str:
    folded = _replaced("".join(_in_plain_latin(part.removesuffix(".")).split()), TRANSLITERATED)
    is_initial = part.endswith(".") or len(folded) == 1 or folded in _INITIALS
    return f"{folded}." if folded and is_initial else folded


def _replaced(text: str, steps: tuple[tuple[str, str], ...]) -> str:
    for pattern, replacement in steps:
        text = re.sub(pattern, replacement, text)
    return text

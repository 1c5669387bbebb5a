"""Names of persons: from a byline's words, and from lists of authors in a page's metadata.

The agency itself is no author, nor is an e-mail address or a link; words that announce a name
(`By`) or tell a job are no part of it. Names keep the spelling of the page.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from typing import Literal
from unicodedata import category, normalize

from crawler.model.article import Person
from crawler.model.rules import BylineRules
from crawler.text.normalize import fold, folded_words

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ADDRESS = re.compile(r"(?:https?:)?//\S+|\bwww\.\S+")
_SEPARATORS = r"[,;、，；|/•\n]|\s[–—·-]\s"
# In the languages of the agencies; an agency's own words come from its rules.
_ANNOUNCING = (
    "by",
    "written by",
    "author",
    "автор",
    "авторы",
    "автори",
    "текст",
    "记者",
    "作者",
)
_JOINERS = ("and", "&", "и", "та", "і", "ve", "و")
_LONGEST = 80  # characters of a name; what is longer is a sentence
_WORD = re.compile(r"[^\W_]+")
# Chinese names are not parted within: `王木 李果` are two; `王　木` is one, stretched to fit.
_STRETCHED = re.compile(r"(?<![^\s,、，])([\u4e00-\u9fff])\s+([\u4e00-\u9fff])(?![^\s,、，])")
_BETWEEN = r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])"

_Kind = Literal["full", "initial", "particle"]

_INSIDE = "'-·"
_HYPHEN = re.compile(r"([-‑])")
_UP_TO_DOT = re.compile(r"[^.]*\.|[^.]+")
_LONGEST_INITIAL = 3  # letters: `Ш.`, `Sh.`, `Abd.`
_MOST_FULL_WORDS = 4
MOST_WORDS = 7  # with initials and particles


def emails(text: str) -> list[str]:
    """Return the e-mail addresses in a text, which a byline may consist of."""
    return _EMAIL.findall(text)


def read_authors(values: Iterable[str], rules: BylineRules) -> list[Person]:
    """Return the persons that texts name, each once, in order."""
    names = (name for value in values for name in _names(value, rules))
    return [Person(name) for name in dict.fromkeys(names)]


def _names(value: str, rules: BylineRules) -> Iterable[str]:
    text = _ADDRESS.sub(" ", _EMAIL.sub(" ", value))
    text = _STRETCHED.sub(r"\1\2", _without_opening(text, (*_ANNOUNCING, *rules.lead)))
    joiners = "|".join(re.escape(word) for word in (*_JOINERS, *rules.joiners))
    parts = re.split(rf"{_SEPARATORS}|{_BETWEEN}|\s(?:{joiners})\s", text)
    for part in parts:
        name = _without_job(" ".join(part.split()).strip("()[].:").strip(), rules)
        if name and len(name) <= _LONGEST and not _is_no_person(name, rules):
            yield name


def _without_opening(text: str, words: Sequence[str]) -> str:
    """Cut the words off that announce a name, the longest first."""
    choices = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    opening = rf"\A(?:\s*(?:{choices})(?:\s*[:：]|\s+|(?<=[\u3000-\u9fff])))+\s*"
    return re.sub(opening, "", text, flags=re.IGNORECASE)


def _without_job(name: str, rules: BylineRules) -> str:
    """Cut the job off the end of a name, but not from a job that stands alone."""
    for title in rules.titles:
        name = re.sub(rf"(?<=\w)\s+{re.escape(title)}\Z", "", name, flags=re.IGNORECASE)
    return name


def _is_no_person(name: str, rules: BylineRules) -> bool:
    """Tell whether a name has the agency's in it (`AGENCY Staff`), is a job, or has no letter."""
    folded = _words(name)
    if not any(sign.isalpha() for sign in name):
        return True
    if any(_words(label) in folded for label in rules.agency):
        return True
    return folded.strip() in folded_words(rules.titles)


def _words(name: str) -> str:
    """Return the words alone, for an agency's name may stand in quotation marks."""
    return f" {' '.join(_WORD.findall(fold(name)))} "


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

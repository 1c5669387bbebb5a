"""Authors as a page names them apart from its text: lists of names in, persons out.

The agency itself is no author, nor is an e-mail address or a link; words that announce a name
(`By`) or tell a job are no part of it. Names keep the spelling of the page.
"""

import re
from collections.abc import Iterable, Sequence

from crawler.byline_words import folded_words
from crawler.items import Person
from crawler.rules import BylineRules
from crawler.text import fold

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

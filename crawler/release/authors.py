"""Keys of authors: equal for the spellings of one name, in Uzbek, Karakalpak and Russian.

A key does not prove that it is one person: two people with the same name share it. What is less
certain, as initials and Russian vowels, is in a column of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec

from crawler.release.figures import Counts, Figures
from crawler.text.folding import fold_name

FILE = "authors.jsonl.gz"
FIELDS = {
    "name": ("string", "name of an author, as the site spells it"),
    "key": (
        "string",
        "what `fold_name` of `fold.py` returns for the name: the same for its Cyrillic and Latin "
        "spellings in Uzbek, Karakalpak and Russian, in any order of given name and surname; a "
        "part with a dot is an initial, which several persons can share; it does not prove that it "
        "is one person",
    ),
    "likely_key": (
        "string",
        "key of the person that is likely meant, if exactly one full name of this release fits "
        "(`likely_by`); null if there is none, or several. Less certain than `key`",
    ),
    "likely_by": (
        "string",
        "`initials`: the surname is the same, and the initials fit; `vowels`: only vowels differ, "
        "as in the Russian `Надир` for `Nodir`; the key with more articles is the likely one; null "
        "without `likely_key`",
    ),
    "articles": ("integer", "number of articles with this author"),
}
_VOWELS = str.maketrans("ou", "aa")  # `о` is `а` in Russian spellings, and `ў` is `у`


class Likely(NamedTuple):
    """The key that a key likely stands for, and why."""

    key: str
    by: Literal["initials", "vowels"]


def author_lines(figures: Figures) -> Iterator[bytes]:
    """Yield the names with their keys."""
    keys = {name: fold_name(name) for name in figures.authors}
    articles: Counts = {}
    for name, number in figures.authors.items():
        articles[keys[name]] = articles.get(keys[name], 0) + number
    likely = likely_keys(articles)
    for name, number in sorted(figures.authors.items()):
        told = likely.get(keys[name])
        row = {
            "name": name,
            "key": keys[name],
            "likely_key": told and told.key,
            "likely_by": told and told.by,
            "articles": number,
        }
        yield msgspec.json.encode(row) + b"\n"


def likely_keys(articles: Mapping[str, int]) -> dict[str, Likely]:
    """Return the likely keys by key. ``articles``: how many each key has."""
    full = [key for key in sorted(articles) if "." not in key and " " in key and key.isascii()]
    vowels: dict[str, list[str]] = {}
    for key in full:
        vowels.setdefault(key.translate(_VOWELS), []).append(key)
    likely: dict[str, Likely] = {}
    for pair in vowels.values():
        if len(pair) == 2:
            rarer, usual = sorted(pair, key=lambda key: articles[key])
            likely[rarer] = Likely(usual, "vowels")
    persons = {key: likely[key].key if key in likely else key for key in full}
    return likely | _by_initials([key for key in articles if "." in key], persons)


def _by_initials(short: Sequence[str], persons: Mapping[str, str]) -> dict[str, Likely]:
    """Return the likely keys of those with initials. ``persons``: the person of each full name."""
    by_word: dict[str, list[str]] = {}
    for key in persons:
        for word in set(key.split()):
            by_word.setdefault(word, []).append(key)
    likely: dict[str, Likely] = {}
    for key in short:
        surname = next((word for word in key.split() if not word.endswith(".")), "")
        fitting = {persons[each] for each in by_word.get(surname, ()) if _fits(key, each)}
        if len(fitting) == 1:
            likely[key] = Likely(fitting.pop(), "initials")
    return likely


def _fits(short: str, full: str) -> bool:
    """Return whether a key with initials fits that of a full name, which may have more words."""
    rest = full.split()
    for part in sorted(short.split(), key=len, reverse=True):
        word = next((word for word in rest if _stands_for(part, word)), None)
        if word is None:
            return False
        rest.remove(word)
    return True


def _stands_for(part: str, word: str) -> bool:
    """Return whether a part of a key, a word or an initial, can be this word."""
    if not part.endswith("."):
        return part == word
    return word.startswith(part[:-1]) and not (part == "s." and word.startswith("sh"))

"""Keys of authors: equal for the spellings of a name in the alphabets of Uzbek and Karakalpak.

A key does not prove that it is one person: two people with the same name share it. A Russian
spelling, or one with initials, may have another key.
"""

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from shutil import copyfile

import msgspec

from crawler.release.figures import Counts, Figures, most
from crawler.release.files import open_rows, write_rows
from crawler.text import folding

FILE = "authors.jsonl.gz"
FIELDS = {
    "name": ("string", "name of an author, as the site spells it"),
    "key": (
        "string",
        "the words of the name as `fold_spelling` of `fold.py` returns them, joined by spaces: "
        "the same for spellings in the alphabets of Uzbek and Karakalpak, with any apostrophe; "
        "Russian spellings and initials may have other keys; it does not prove that it is one "
        "person",
    ),
    "articles": ("integer", "number of articles with this author"),
}


def person_key(name: str) -> str:
    """Return a key that is equal for a name's spellings in Uzbek and Karakalpak."""
    return " ".join(folding.fold_spelling(name).split())


def write_authors(figures: Figures, folder: Path) -> None:
    """Write the names with their keys, and a copy of the code that makes keys."""
    write_rows(folder / FILE, _lines(figures))
    copyfile(folding.__file__, folder / "fold.py")


def _lines(figures: Figures) -> Iterator[bytes]:
    for name, number in sorted(figures.authors.items()):
        row = {"name": name, "key": person_key(name), "articles": number}
        yield msgspec.json.encode(row) + b"\n"


def check_authors(folder: Path, figures: Figures) -> Iterator[str]:
    """Yield a problem for the first line that differs from the figures."""
    with open_rows(folder / FILE) as lines:
        for number, (line, expected) in enumerate(zip_longest(lines, _lines(figures)), 1):
            if line != expected:
                yield f"{FILE}: line {number} differs from figures.json"
                return


def by_name(counts: Counts) -> Counts:
    """Return the number of articles by name, each name under its most frequent spelling."""
    names: dict[str, Counts] = {}
    for name, number in counts.items():
        names.setdefault(person_key(name), {})[name] = number
    return {most(each, 1)[0][0]: sum(each.values()) for each in names.values()}

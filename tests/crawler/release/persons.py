"""Precision and recall of the keys of authors.

``persons.txt`` has spellings of invented persons, written by hand for this: a person a line, and
between empty lines the persons that look alike. Two spellings of a line are the same person; two of
different lines of one group are not. The rules were made with these in view;
``unseen_persons.txt`` was written after them.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path
from typing import NamedTuple

from crawler.release.authors import likely_keys
from crawler.text.folding import fold_name

SEEN = Path(__file__).with_suffix(".txt")
UNSEEN = SEEN.with_name("unseen_persons.txt")


class Pair(NamedTuple):
    """Two spellings, and whether they name the same person."""

    one: str
    other: str
    same: bool


def groups(file: Path = SEEN) -> list[list[list[str]]]:
    """Return the spellings of each person of each group."""
    told = file.read_text("utf-8").strip().split("\n\n")
    return [[person.split(" | ") for person in group.split("\n")] for group in told]


def pairs(group: list[list[str]]) -> Iterator[Pair]:
    """Yield all pairs of a group."""
    for person in group:
        yield from (Pair(one, other, same=True) for one, other in combinations(person, 2))
    for person, other_person in combinations(group, 2):
        yield from (Pair(*both, same=False) for both in product(person, other_person))


def joined_by_key(group: list[list[str]]) -> dict[str, str]:
    """Return the key of each name."""
    return {name: fold_name(name) for person in group for name in person}


def joined_by_likely_key(group: list[list[str]]) -> dict[str, str]:
    """Return the likely key of each name, or else its key, as if the group were a release."""
    keys = joined_by_key(group)
    likely = likely_keys(Counter(keys.values()))
    return {name: likely[key].key if key in likely else key for name, key in keys.items()}


def has_initial(name: str) -> bool:
    """Tell whether a name is abbreviated."""
    return "." in fold_name(name)


class Measured(NamedTuple):
    """What a key is worth, and the pairs that it judged wrongly."""

    same: int
    different: int
    precision: float
    recall: float
    wrong: list[Pair]


def measure(file: Path = SEEN, *, likely: bool) -> Measured:
    """Judge all pairs, by the key of pairs of full names, or by the likely key of all."""
    judged: list[tuple[Pair, bool]] = []
    for group in groups(file):
        keys = joined_by_likely_key(group) if likely else joined_by_key(group)
        for pair in pairs(group):
            if likely or not (has_initial(pair.one) or has_initial(pair.other)):
                judged.append((pair, keys[pair.one] == keys[pair.other]))
    right = sum(found and pair.same for pair, found in judged)
    same = sum(pair.same for pair, _ in judged)
    return Measured(
        same,
        len(judged) - same,
        right / sum(found for _, found in judged),
        right / same,
        [pair for pair, found in judged if found != pair.same],
    )

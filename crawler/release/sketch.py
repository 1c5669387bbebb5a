"""Shingle sketches: a few numbers that tell how much of two texts is the same.

A shingle is the run of words up to and with the next word that ends in one of a few consonants,
four or five words on average. So an edit changes the shingle it falls in and leaves the others,
wherever they move, and nothing has to be counted or looked up on the way.
"""

from array import array
from itertools import pairwise
from typing import TypeAlias
from zlib import crc32

from crawler.script_folding import skeleton

SIZE = 64  # numbers kept of a text: its smallest ones; most news has fewer shingles than that
LETTERS = 1_000  # of a text that are looked at: news is told from the top
KEYS = 6  # the smallest of them find candidates
SHARED = 2  # of these keys; one alone is often a phrase that all news has
LIKE = 0.5  # share of equal shingles from which two texts are nearly the same
_FEWEST = 6  # of a shorter text every two words are a shingle
_FOLDED_SCRIPTS = ("Latn", "Cyrl")
_END = b"n "  # how `skeleton` writes the ends of words in m, n, r and t
# In other scripts each eighth value of a byte: some five letters of Arabic, four of Chinese.
_OTHER_END = b"\x87"
_OTHER_ENDS = bytes.maketrans(bytes(range(0x87, 0x100, 8)), _OTHER_END * 16)

Sketch: TypeAlias = "array[int]"


def sketch(text: str, script: str | None) -> Sketch:
    """Return the sketch of a text, equal in Latin and Cyrillic; of white space, an empty one."""
    text = text[:LETTERS]
    if script in _FOLDED_SCRIPTS:
        plain = skeleton(text)
        shingles = plain.split(_END)
    else:
        plain = text.replace("\n\n", " ").encode().translate(_OTHER_ENDS)
        shingles = plain.split(_OTHER_END)
    if len(shingles) < _FEWEST:
        words = plain.split()
        shingles = [b" ".join(pair) for pair in pairwise(words)] or words
    return array("I", sorted(set(map(crc32, shingles)))[:SIZE])


def likeness(one: Sketch, other: Sketch) -> float:
    """Return the share of shingles that two texts have in common, estimated, from 0 to 1.

    Below ``LIKE`` it is 0 where that is clear at once.
    """
    ours, theirs = set(one), set(other)
    common = ours & theirs
    if len(common) < LIKE * max(len(one), len(other), 1):
        return 0.0
    smallest = sorted(ours | theirs)[:SIZE]
    return len(common.intersection(smallest)) / len(smallest)

"""Shingle sketches: a few numbers that tell how much of two texts is the same.

A shingle is what stands between one s and the next, four words on average. So an edit changes the
shingle it falls in and leaves the others, wherever they move, and nothing has to be counted or
looked up on the way.
"""

from array import array
from itertools import pairwise
from typing import TypeAlias
from zlib import crc32

from crawler.script_folding import FOLDED_SCRIPTS, skeleton

SIZE = 64  # numbers kept of a text: its smallest ones; most news has fewer shingles than that
LETTERS = 1_000  # of a text that are looked at: news is told from the top
KEYS = 6  # the smallest of them find candidates
SHARED = 2  # of these keys; one alone is often a phrase that all news has
LIKE = 0.5  # share of equal shingles from which two texts are nearly the same
_FEWEST = 6  # of a shorter text every two words are a shingle
_END = b"s"  # about as frequent in all the languages; what `skeleton` makes of ш and щ, too
# In other scripts each eighth value of a byte: some five letters of Arabic, four of Chinese.
_OTHER_ENDS = bytes.maketrans(bytes(range(0x87, 0x100, 8)), _END * 16)
_SPACE = b" \n"

Sketch: TypeAlias = "array[int]"


def sketch(text: str, script: str | None) -> Sketch:
    """Return the sketch of a text, equal in Latin and Cyrillic; of white space, an empty one."""
    text = text[:LETTERS]
    shingles = _letters(text, script).split(_END)
    if len(shingles) < _FEWEST:
        words = [letters for word in text.split() if (letters := _letters(word, script))]
        shingles = [b" ".join(pair) for pair in pairwise(words)] or words
    return array("I", sorted(set(map(crc32, shingles)))[:SIZE])


def _letters(text: str, script: str | None) -> bytes:
    """Return a text without spaces, and with an ``_END`` where a shingle ends."""
    if script in FOLDED_SCRIPTS:
        return skeleton(text, script)
    return text.encode("utf-8", "surrogatepass").translate(_OTHER_ENDS, _SPACE)


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

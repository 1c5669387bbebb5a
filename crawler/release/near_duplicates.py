"""Nearly the same text, told again: found by sketches among the articles of two months.

A shingle is what stands between one s and the next, four words on average. So an edit changes the
shingle it falls in and leaves the others, wherever they move, and nothing has to be counted or
looked up on the way.
"""

from array import array
from collections.abc import Iterable
from itertools import pairwise
from typing import Generic, TypeAlias, TypeVar
from zlib import crc32

from msgspec import Struct, field

from crawler.text.orthography import FOLDED_SCRIPTS, consonant_key

SIZE = 64  # numbers kept of a text: its smallest ones; most news has fewer shingles than that
LETTERS = 1_000  # of a text that are looked at: news is told from the top
KEYS = 6  # the smallest of them find candidates
SHARED = 2  # of these keys; one alone is often a phrase that all news has
SIMILAR = 0.5  # share of equal shingles from which two texts are nearly the same
_FEWEST = 6  # of a shorter text every two words are a shingle
_END = b"s"  # about as frequent in all the languages; what `skeleton` makes of ш and щ, too
# In other scripts each eighth value of a byte: some five letters of Arabic, four of Chinese.
_OTHER_ENDS = bytes.maketrans(bytes(range(0x87, 0x100, 8)), _END * 16)
_SPACE = b" \n"

Sketch: TypeAlias = "array[int]"
_NOTHING: Sketch = array("I")

K = TypeVar("K", int, str)
V = TypeVar("V")


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
        return consonant_key(text, script)
    return text.encode("utf-8", "surrogatepass").translate(_OTHER_ENDS, _SPACE)


def similarity(one: Sketch, other: Sketch) -> float:
    """Return the share of shingles that two texts have in common, estimated, from 0 to 1.

    Below ``SIMILAR`` it is 0 where that is clear at once.
    """
    ours, theirs = set(one), set(other)
    common = ours & theirs
    if len(common) < SIMILAR * max(len(one), len(other), 1):
        return 0.0
    smallest = sorted(ours | theirs)[:SIZE]
    return len(common.intersection(smallest)) / len(smallest)


class Recent(Struct, Generic[K, V]):
    """A dictionary that forgets what is older than a month, so that its size is bounded.

    Stories are told again, edited and translated within days; two months of an agency fit in
    memory, all its years need not.
    """

    now: dict[K, V] = field(default_factory=dict)
    before: dict[K, V] = field(default_factory=dict)

    def turn(self) -> None:
        """Begin a new month."""
        self.now, self.before = {}, self.now

    def get(self, key: K) -> V | None:
        """Return what was last told of a key."""
        found = self.now.get(key)
        return found if found is not None else self.before.get(key)


class Near(Struct, frozen=True):
    """An earlier article with nearly the same text, the first of all such, and how similar."""

    id: str
    first: str
    similarity: float


class Duplicates(Struct):
    """Compares each article with those before it that share some of its smallest shingles."""

    last_with: Recent[int, str] = field(default_factory=Recent[int, str])
    sketches: Recent[str, Sketch] = field(default_factory=Recent[str, Sketch])
    firsts: Recent[str, str] = field(default_factory=Recent[str, str])

    def turn(self) -> None:
        """Begin a new month."""
        for each in (self.last_with, self.sketches, self.firsts):
            each.turn()

    def find(self, article_id: str, sketched: Sketch) -> Near | None:
        """Return the most similar earlier article, if any is similar; remember this one."""
        keys = sketched[:KEYS].tolist()
        near = self._nearest(sketched, self._candidates(keys))
        self.last_with.now.update(dict.fromkeys(keys, article_id))
        if keys:
            self.sketches.now[article_id] = sketched
        if near:
            self.firsts.now[article_id] = near.first
        return near

    def _candidates(self, keys: list[int]) -> Iterable[str]:
        """Return the articles that share enough of the keys, in order of their ids."""
        now, before = self.last_with.now, self.last_with.before
        found = [each for key in keys if (each := now.get(key) or before.get(key))]
        once = set(found)
        if len(keys) < KEYS:
            return sorted(once)
        if len(found) == len(once):
            return ()
        return sorted(each for each in once if found.count(each) >= SHARED)

    def _nearest(self, sketched: Sketch, candidates: Iterable[str]) -> Near | None:
        """Return the most similar candidate, and of those equally so the one with the least id."""
        best: tuple[float, str] | None = None
        for each in candidates:
            found = similarity(sketched, self.sketches.get(each) or _NOTHING)
            if found >= SIMILAR and (best is None or found > best[0]):
                best = (found, each)
        if best is None:
            return None
        return Near(best[1], self.firsts.get(best[1]) or best[1], best[0])

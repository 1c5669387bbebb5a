"""Finds nearly the same text, by comparing sketches of the articles of two months.

A shingle is the text between two letters s, four words on average. So an edit changes only the
shingle around it, wherever the others move, and nothing has to be counted or looked up.

Daily notices, and texts from one template, share most of their words, too. So figures and names
must agree: with another name in the same place, they are two texts. One figure may be corrected,
under the same title, unless it may be the day in a notice of another day.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import chain, pairwise
from typing import Generic, TypeVar
from zlib import crc32

from msgspec import Struct, field

from crawler.release.similarity.content import agreement, content_of, contradictions, tell_of_others
from crawler.text.folding import fold_for_search, fold_spelling
from crawler.text.orthography import FOLDED_SCRIPTS, consonant_key

SIZE = 64  # numbers kept of a text, the smallest; most news has fewer shingles
LETTERS = 5_000  # letters of a text that are compared: news has the main points first
_HEARD = LETTERS * 2 // 5  # about as many of them in each script
KEYS = 8  # the smallest numbers, which find candidates
SHARED = 2  # common keys; a single one is often a common phrase
MOST = 16  # articles that a key finds, the latest
SIMILAR = 0.45  # share of equal shingles from which texts are nearly the same
CERTAIN = 0.6  # below this, texts that each have a name of their own differ
AGREE = 0.65  # share of the figures and names, of the text with fewer, in both
FEWEST_WORDS = 10  # shorter texts are not compared; two Chinese letters count as a word
_ONE_IN = 30  # of its figures and names, a long text may contradict
_CORRECTED = 2  # shingles that differ if only a figure was corrected
_LAST_DAY = 31
_FEW = 12  # shingles; in a shorter text, pairs of words are compared, too
_SHORTEST = 3  # letters of a shingle: shorter ones are in every text
_END = b"s"  # about as frequent in all languages; `consonant_key` also makes it of ш and щ
# In other scripts every eighth byte value: about five letters of Arabic, four of Chinese.
_OTHER_ENDS = bytes.maketrans(bytes(range(0x87, 0x100, 8)), _END * 16)
_SPACE = b" \n"

K = TypeVar("K", int, str, bytes)
V = TypeVar("V")


class Sketch(Struct, gc=False, frozen=True):
    """The comparable form of a text: a digest of all its letters, and numbers of its shingles.

    Short texts also have pairs of words, which are compared among short texts.
    """

    digest: bytes
    shingles: "array[int]"
    pairs: "array[int]" = array("I")

    @property
    def keys(self) -> "array[int]":
        """The numbers that find candidates."""
        half = KEYS // 2 if self.pairs else 0
        return self.shingles[: KEYS - half] + self.pairs[:half]


_NOTHING = Sketch(b"", array("I"))


def sketch(text: str, script: str | None) -> Sketch:
    """Return the sketch of a text, the same in Latin and Cyrillic. Empty if it is too short."""
    if len(text) < 200 and _words_in(text) < FEWEST_WORDS:
        return _NOTHING
    letters = _letters(text, script)
    shingles = [each for each in letters[:_HEARD].split(_END) if len(each) >= _SHORTEST]
    words = text.lower().split() if len(shingles) < _FEW else []
    heard = [each for word in words if (each := _letters(word, script))]
    digest = blake2b(letters, digest_size=8).digest()
    return Sketch(digest, _smallest(shingles), _smallest(map(b" ".join, pairwise(heard))))


def _smallest(shingles: Iterable[bytes]) -> "array[int]":
    return array("I", sorted(set(map(crc32, shingles)))[:SIZE])


def _words_in(text: str) -> int:
    words = len(text.split())
    ideographs = len(fold_for_search(text).split()) - words  # folding makes each a word of its own
    return words + ideographs // 2


def _letters(text: str, script: str | None) -> bytes:
    """Return a text without spaces, and with ``_END`` where a shingle ends."""
    if script in FOLDED_SCRIPTS:
        letters = consonant_key(text, script)
        in_capitals = len(letters) < len(text) // 8  # consonant_key skips capitals
        return consonant_key(text.lower(), script) if in_capitals else letters
    return text.encode("utf-8", "surrogatepass").translate(_OTHER_ENDS, _SPACE)


def similarity(one: Sketch, other: Sketch) -> float:
    """Return the estimated share of shingles that two texts have in common, from 0 to 1.

    0 if it is clearly below ``SIMILAR``.
    """
    if one.digest == other.digest:
        return 1.0 if one.keys else 0.0
    if one.pairs and other.pairs:
        return _share(one.pairs, other.pairs)
    return _share(one.shingles, other.shingles)


def _share(one: "array[int]", other: "array[int]") -> float:
    ours = _set_of(one.tobytes())
    common = ours.intersection(other)
    if len(common) < SIMILAR * max(len(one), len(other)):
        return 0.0
    smallest = sorted(ours.union(other))[:SIZE]
    return len(common.intersection(smallest)) / (len(smallest) or 1)


@lru_cache(2)
def _set_of(numbers: bytes) -> frozenset[int]:
    """Return the numbers of a text, which is compared with several others in a row."""
    return frozenset(memoryview(numbers).cast("I"))


class Recent(Struct, Generic[K, V]):
    """A dictionary that forgets entries older than a month, so that its size is bounded.

    Copies, edits and translations follow within days. Two months of an agency fit in memory, all
    its years may not.
    """

    now: dict[K, V] = field(default_factory=dict)
    before: dict[K, V] = field(default_factory=dict)

    def turn(self) -> None:
        """Begin a new month."""
        self.now, self.before = {}, self.now

    @property
    def months(self) -> tuple[dict[K, V], dict[K, V]]:
        """Both months, the earlier one first."""
        return self.before, self.now

    def get(self, key: K) -> V | None:
        """Return the last value of a key. None if it is unknown."""
        found = self.now.get(key)
        return found if found is not None else self.before.get(key)


class Text(Struct, gc=False):
    """An article's text, as far as it is compared."""

    id: str
    sketched: Sketch
    title: str
    body: str  # as far as it is compared
    day: str  # of publication; empty if it is not known
    mentioned: str  # figures and names of its beginning


class TextIndex(Struct):
    """Texts of two months, by their keys."""

    texts: Recent[str, Text] = field(default_factory=Recent[str, Text])  # by id
    with_key: Recent[int, list[str]] = field(default_factory=Recent[int, list[str]])  # ids

    def turn(self) -> None:
        """Begin a new month."""
        self.texts.turn()
        self.with_key.turn()

    def add(self, text: Text, keys: Iterable[int]) -> None:
        """Add a text. Of all texts with a key, the latest are found."""
        self.texts.now[text.id] = text
        for key in keys:
            known = self.with_key.now.setdefault(key, [])
            known.append(text.id)
            if len(known) > MOST:
                del known[0]

    def sharing(self, keys: Sequence[int], fewest: int) -> Iterator[tuple[int, Text]]:
        """Yield the texts that share at least ``fewest`` keys, with the number of these."""
        before, now = self.with_key.months
        known = [ids for key in keys for month in (before, now) if (ids := month.get(key))]
        for name, times in Counter(chain.from_iterable(known)).items():
            if times >= fewest and (text := self.texts.get(name)):
                yield times, text


class Near(Struct, frozen=True):
    """An earlier article with nearly the same text, itself no copy; and their similarity."""

    id: str
    similarity: float


class Known(Struct, gc=False):
    """The result for a text, with its figures and names, and a hash of its beginning."""

    near: Near
    mentioned: str
    beginning: int


class Duplicates(Struct):
    """Compares each article with earlier ones that share some of its smallest shingles.

    Only articles that are no copies themselves are compared with, so a mark never leads to another
    marked article.
    """

    index: TextIndex = field(default_factory=TextIndex)
    with_digest: Recent[bytes, Known] = field(default_factory=Recent[bytes, Known])

    def turn(self) -> None:
        """Begin a new month."""
        self.index.turn()
        self.with_digest.turn()

    def find(self, text: Text) -> Near | None:
        """Return the most similar earlier article. None if there is none. Remember this article."""
        if not text.sketched.keys:
            return None
        near = self._equal(text) or self._nearest(text)
        known = Known(near or Near(text.id, 1.0), text.mentioned, _beginning(text))
        self.with_digest.now.setdefault(text.sketched.digest, known)
        if near is None:
            self.index.add(text, text.sketched.keys)
        return near

    def _equal(self, text: Text) -> Near | None:
        """Return the result for a text with the same consonants, unless their names differ."""
        known = self.with_digest.get(text.sketched.digest)
        if known is None or known.beginning == _beginning(text):
            return known.near if known else None
        ours, theirs = set(text.mentioned.split()), set(known.mentioned.split())
        return None if ours - theirs and theirs - ours else known.near

    def _nearest(self, text: Text) -> Near | None:
        """Return the most similar candidate; of equal ones, the first that was found."""
        best: Near | None = None
        keys = text.sketched.keys
        for _, each in self.index.sharing(keys, min(SHARED, len(keys))):
            alike = likeness(text, each)
            if alike and (best is None or alike > best.similarity):
                best = Near(each.id, alike)
        return best


def _beginning(text: Text) -> int:
    """Return a number of a text's beginning, the same in every process, unlike ``hash``."""
    return crc32(text.body.encode("utf-8", "surrogatepass"))


def likeness(one: Text, other: Text) -> float:
    """Return the similarity of two texts. 0 if they are not nearly the same."""
    similar = similarity(one.sketched, other.sketched)
    if similar < SIMILAR or not agree(one, other):
        return 0.0
    doubtful = similar < CERTAIN and tell_of_others(content_of(one.body), content_of(other.body))
    return 0.0 if doubtful else similar


def agree(one: Text, other: Text) -> bool:
    """Return whether two texts agree in figures and names, apart from one corrected figure."""
    ours, theirs = content_of(one.body), content_of(other.body)
    both = ours.tokens and theirs.tokens
    if both and agreement(ours.tokens, theirs.tokens) < AGREE:
        return False
    found = contradictions(ours, theirs)
    few = len(ours.tokens) // _ONE_IN
    if len(found.names) > few or len(found.figures) > max(few, 1):
        return False
    return len(found.figures) <= few or _is_corrected(one, other, int(*found.figures))


def _is_corrected(one: Text, other: Text, figure: int) -> bool:
    """Return whether one figure was corrected, and not a template filled in for another case."""
    ours, theirs = set(one.sketched.shingles), set(other.sketched.shingles)
    may_be_day = figure <= _LAST_DAY and one.day != other.day
    return (
        not may_be_day
        and min(len(ours - theirs), len(theirs - ours)) <= _CORRECTED
        and fold_spelling(one.title) == fold_spelling(other.title)
    )

"""Nearly the same text, told again: found by sketches among the articles of two months.

A shingle is what stands between one s and the next, four words on average. So an edit changes the
shingle it falls in and leaves the others, wherever they move, and nothing has to be counted or
looked up on the way.

Notices of every day, and letters of one form, share most of their words, too. So figures and names
must agree: where one text has another name in the same place, they are two; one figure may be
corrected, under the same title, unless it can be the day of a notice of another day.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import chain, pairwise
from typing import Generic, TypeVar
from zlib import crc32

from msgspec import Struct, field

from crawler.release.content import agreement, content_of, contradictions, tell_of_others
from crawler.text.folding import fold_for_search, fold_spelling
from crawler.text.orthography import FOLDED_SCRIPTS, consonant_key

SIZE = 64  # numbers kept of a text: its smallest ones; most news has fewer shingles than that
LETTERS = 5_000  # of a text that are compared: news is told from the top
_HEARD = LETTERS * 2 // 5  # of these, about, as many in each script
KEYS = 8  # the smallest numbers find candidates
SHARED = 2  # of these keys; one alone is often a phrase that all news has
MOST = 16  # latest articles a key finds
SIMILAR = 0.45  # share of equal shingles from which two texts are nearly the same
CERTAIN = 0.6  # below, texts of which each has a name of its own are not the same
AGREE = 0.65  # share of figures and names, of the text that has fewer, that stand in the other, too
FEWEST_WORDS = 10  # of a shorter text nothing can be said; two Chinese letters count as a word
_ONE_IN = 30  # of its figures and names a long text may have in another place
_CORRECTED = 2  # shingles that differ on both sides where no more than a figure was corrected
_LAST_DAY = 31
_FEW = 12  # shingles; of a shorter text every two words are compared, too
_SHORTEST = 3  # letters of a shingle: shorter ones stand in every text
_END = b"s"  # about as frequent in all the languages; what `consonant_key` makes of ш and щ, too
# In other scripts each eighth value of a byte: some five letters of Arabic, four of Chinese.
_OTHER_ENDS = bytes.maketrans(bytes(range(0x87, 0x100, 8)), _END * 16)
_SPACE = b" \n"

K = TypeVar("K", int, str, bytes)
V = TypeVar("V")


class Sketch(Struct, gc=False, frozen=True):
    """What is compared of a text: a digest of all its letters, and numbers of its shingles.

    A short one has pairs of words, too, which are compared with those of another short one.
    """

    digest: bytes
    shingles: "array[int]"
    pairs: "array[int]" = array("I")

    @property
    def keys(self) -> "array[int]":
        """What finds candidates."""
        half = KEYS // 2 if self.pairs else 0
        return self.shingles[: KEYS - half] + self.pairs[:half]


_NOTHING = Sketch(b"", array("I"))


def sketch(text: str, script: str | None) -> Sketch:
    """Return the sketch of a text, equal in Latin and Cyrillic; of a short one, an empty one."""
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
    ideographs = len(fold_for_search(text).split()) - words  # folded, they are words of their own
    return words + ideographs // 2


def _letters(text: str, script: str | None) -> bytes:
    """Return a text without spaces, and with an ``_END`` where a shingle ends."""
    if script in FOLDED_SCRIPTS:
        letters = consonant_key(text, script)
        in_capitals = len(letters) < len(text) // 8  # which are not heard
        return consonant_key(text.lower(), script) if in_capitals else letters
    return text.encode("utf-8", "surrogatepass").translate(_OTHER_ENDS, _SPACE)


def similarity(one: Sketch, other: Sketch) -> float:
    """Return the share of shingles that two texts have in common, estimated, from 0 to 1.

    Below ``SIMILAR`` it is 0 where that is clear at once.
    """
    if one.digest == other.digest:
        return 1.0 if one.keys else 0.0
    if one.pairs and other.pairs:
        return _share(one.pairs, other.pairs)
    return _share(one.shingles, other.shingles)


def _share(one: "array[int]", other: "array[int]") -> float:
    ours = frozenset(one)
    common = ours.intersection(other)
    if len(common) < SIMILAR * max(len(one), len(other)):
        return 0.0
    smallest = sorted(ours.union(other))[:SIZE]
    return len(common.intersection(smallest)) / (len(smallest) or 1)


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

    @property
    def months(self) -> tuple[dict[K, V], dict[K, V]]:
        """Both, the earlier one first."""
        return self.before, self.now

    def get(self, key: K) -> V | None:
        """Return what was last told of a key."""
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
    """Texts of two months, by the keys that they were remembered with."""

    texts: Recent[int, Text] = field(default_factory=Recent[int, Text])  # by a number of their own
    with_key: Recent[int, list[int]] = field(default_factory=Recent[int, list[int]])
    number: int = 0

    def turn(self) -> None:
        """Begin a new month."""
        self.texts.turn()
        self.with_key.turn()

    def add(self, text: Text, keys: Iterable[int]) -> None:
        """Remember a text; of those with a key, the latest are found."""
        self.number += 1
        self.texts.now[self.number] = text
        for key in keys:
            known = self.with_key.now.setdefault(key, [])
            known.append(self.number)
            if len(known) > MOST:
                del known[0]

    def sharing(self, keys: Sequence[int], fewest: int) -> Iterator[tuple[int, Text]]:
        """Yield the texts that share enough of the keys, with how many."""
        before, now = self.with_key.months
        known = [numbers for key in keys for month in (before, now) if (numbers := month.get(key))]
        for number, times in Counter(chain.from_iterable(known)).items():
            if times >= fewest and (text := self.texts.get(number)):
                yield times, text


class Near(Struct, frozen=True):
    """An earlier article with nearly the same text, itself like no earlier one; how similar."""

    id: str
    similarity: float


class Known(Struct, gc=False):
    """What was found of a text, with its figures and names, and a hash of its beginning."""

    near: Near
    mentioned: str
    beginning: int


class Duplicates(Struct):
    """Compares each article with those before it that share some of its smallest shingles.

    Only articles that are like no earlier one are compared with, so that a mark never leads to
    another one.
    """

    index: TextIndex = field(default_factory=TextIndex)
    with_digest: Recent[bytes, Known] = field(default_factory=Recent[bytes, Known])

    def turn(self) -> None:
        """Begin a new month."""
        self.index.turn()
        self.with_digest.turn()

    def find(self, text: Text) -> Near | None:
        """Return the most similar earlier article, if any is similar; remember this one."""
        if not text.sketched.keys:
            return None
        near = self._equal(text) or self._nearest(text)
        known = Known(near or Near(text.id, 1.0), text.mentioned, hash(text.body))
        self.with_digest.now.setdefault(text.sketched.digest, known)
        if near is None:
            self.index.add(text, text.sketched.keys)
        return near

    def _equal(self, text: Text) -> Near | None:
        """Return what was found of a text with the same consonants, unless its names are others."""
        known = self.with_digest.get(text.sketched.digest)
        if known is None or known.beginning == hash(text.body):
            return known.near if known else None
        ours, theirs = set(text.mentioned.split()), set(known.mentioned.split())
        return None if ours - theirs and theirs - ours else known.near

    def _nearest(self, text: Text) -> Near | None:
        """Return the most similar candidate, and of those equally so the one found first."""
        best: Near | None = None
        keys = text.sketched.keys
        for _, each in self.index.sharing(keys, min(SHARED, len(keys))):
            alike = likeness(text, each)
            if alike and (best is None or alike > best.similarity):
                best = Near(each.id, alike)
        return best


def likeness(one: Text, other: Text) -> float:
    """Return how similar two texts are, 0 if they are not nearly the same."""
    similar = similarity(one.sketched, other.sketched)
    if similar < SIMILAR or not agree(one, other):
        return 0.0
    doubtful = similar < CERTAIN and tell_of_others(content_of(one.body), content_of(other.body))
    return 0.0 if doubtful else similar


def agree(one: Text, other: Text) -> bool:
    """Tell whether two texts agree in figures and names, but for a figure that was corrected."""
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
    """Tell whether one figure was corrected, and not a form filled in for another day or case."""
    ours, theirs = set(one.sketched.shingles), set(other.sketched.shingles)
    may_be_day = figure <= _LAST_DAY and one.day != other.day
    return (
        not may_be_day
        and min(len(ours - theirs), len(theirs - ours)) <= _CORRECTED
        and fold_spelling(one.title) == fold_spelling(other.title)
    )

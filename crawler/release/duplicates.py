"""Nearly the same text, told again: found among the articles of two months."""

from array import array
from collections.abc import Iterable

from msgspec import Struct, field

from crawler.release.recent import Recent
from crawler.release.sketch import KEYS, LIKE, SHARED, Sketch, likeness


class Near(Struct, frozen=True):
    """An earlier article with nearly the same text, the first of all such, and how alike."""

    id: str
    first: str
    likeness: float


class Duplicates(Struct):
    """Compares each article with those before it that share some of its smallest shingles."""

    last_with: Recent[int, str] = field(default_factory=Recent[int, str])
    sketches: Recent[str, bytes] = field(default_factory=Recent[str, bytes])
    firsts: Recent[str, str] = field(default_factory=Recent[str, str])

    def turn(self) -> None:
        """Begin a new month."""
        for each in (self.last_with, self.sketches, self.firsts):
            each.turn()

    def find(self, article_id: str, sketched: Sketch) -> Near | None:
        """Return the earlier article that is most like this one, if any is; remember this one."""
        keys = sketched[:KEYS].tolist()
        near = self._nearest(sketched, self._candidates(keys))
        self.last_with.now.update(dict.fromkeys(keys, article_id))
        if keys:
            self.sketches.now[article_id] = sketched.tobytes()
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
        """Return the candidate most alike, and of those equally so the one with the least id."""
        best: tuple[float, str] | None = None
        for each in candidates:
            found = likeness(sketched, array("I", self.sketches.get(each) or b""))
            if found >= LIKE and (best is None or found > best[0]):
                best = (found, each)
        if best is None:
            return None
        return Near(best[1], self.firsts.get(best[1]) or best[1], best[0])

"""Which article in another language tells of the same figures and names, today or yesterday.

A figure or a name counts the more the fewer articles of the two days have it, and not at all if
many do. An article is found
if each is the best for the other, by far: two meetings of one person share the name, and little
else. A better one that comes later is not foreseen.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from math import log
from operator import attrgetter

from msgspec import Struct, field

from crawler.release.content import common_figures
from crawler.release.near_duplicates import Recent

LEAST_SHARE = 0.25  # of the weight of the text that tells less
LEAST_WEIGHT = 9.0  # of what both tell: a rare figure and two rare names, say
LEAST_OF_NAMES = 12.0  # where there is no figure among it
BY_FAR = 1.2  # times as much as with the next best story
_RARE = 0.08  # share of the articles of two days up to which a figure or a name is rare
_FEW = 3  # of them, however few there are
_CANDIDATES = 12  # articles that are looked at
_ID = attrgetter("id")
_SMOOTHING = 50  # articles, so that nothing seems rare early in the morning


class Seen(Struct, gc=False):
    """An article that was seen, as far as stories go."""

    id: str
    edition: str | None
    language: str  # without its script; that of an unknown one is the edition's code
    story: str
    day: str | None
    mentioned: str  # figures and names of its beginning
    weight: float = 0.0  # of all of them, when it was seen
    best: dict[str, float] = field(default_factory=dict)  # by language: what was most alike

    @property
    def tokens(self) -> frozenset[str]:
        """Figures and names of its beginning."""
        return frozenset(self.mentioned.split())


class Mentions(Struct):
    """Articles of two days, by the figures and names that they mention."""

    by_token: Recent[str, list[Seen]] = field(default_factory=Recent[str, list[Seen]])
    languages: set[str] = field(default_factory=set)
    today: int = 0
    yesterday: int = 0

    def turn(self) -> None:
        """Begin a new day."""
        self.by_token.turn()
        self.today, self.yesterday = 0, self.today

    def add(self, seen: Seen) -> None:
        """Remember an article."""
        tokens = seen.mentioned.split()
        seen.weight = seen.weight or sum(self._rare(tokens).values())
        self.languages.add(seen.language)
        self.today += 1
        for token in tokens:
            self.by_token.now.setdefault(token, []).append(seen)

    def compare(self, new: Seen) -> Iterator[tuple[float, Seen]]:
        """Yield articles in other languages that mention much of the same, with how much it is."""
        if self.languages <= {new.language}:
            return
        weights = self._rare(new.mentioned.split())
        new.weight = sum(weights.values())
        known = [month.get(token, ()) for token in weights for month in self.by_token.months]
        shared = Counter(map(_ID, chain.from_iterable(known)))
        nearest = {each for each, times in shared.most_common(_CANDIDATES) if times > 1}
        candidates = {seen.id: seen for seen in chain.from_iterable(known) if seen.id in nearest}
        for seen in candidates.values():
            if seen.language != new.language:
                yield _score(weights, new.weight, seen), seen

    def _rare(self, tokens: Iterable[str]) -> dict[str, float]:
        """Return the weights of tokens that few articles mention."""
        articles = self.today + self.yesterday
        few = max(articles * _RARE, _FEW)
        before, now = self.by_token.months
        times = {token: len(before.get(token, ())) + len(now.get(token, ())) for token in tokens}
        return {
            token: log((articles + _SMOOTHING) / (number + 1))
            for token, number in times.items()
            if number <= few
        }


def _score(weights: dict[str, float], total: float, seen: Seen) -> float:
    tokens = seen.tokens
    common = sum(weight for token, weight in weights.items() if token in tokens)
    figures = common_figures(frozenset(weights), tokens)
    if figures is None or common < (LEAST_WEIGHT if figures else LEAST_OF_NAMES):
        return 0.0
    fewer = min(total, seen.weight)
    share = min(common / fewer, 1.0) if fewer else 0.0
    return common * share if share >= LEAST_SHARE else 0.0


def mutual_best(seen: Seen, compared: Iterable[tuple[float, Seen]]) -> Seen | None:
    """Return the article that is the best for one, and for which that is the best so far."""
    found = sorted(compared, key=lambda each: (-each[0], each[1].id))
    if not found or not found[0][0]:
        return None
    score, best = found[0]
    rival = max((other for other, each in found if each.story != best.story), default=0.0)
    before = best.best.get(seen.language, 0.0)
    for other, each in found:
        each.best[seen.language] = max(other, each.best.get(seen.language, 0.0))
    return best if score >= BY_FAR * max(rival, before) else None

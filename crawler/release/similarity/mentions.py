"""Finds articles in another language with the same figures and names, of the same or the last day.

A figure or name counts more the fewer articles of the two days have it, and not at all if many do.
Two articles belong together if each is the best match for the other, by far: two meetings of one
person share a name, but little else. A better match that comes later is not considered.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from math import log
from operator import attrgetter

from msgspec import Struct, field

from crawler.release.similarity.content import common_figures
from crawler.release.similarity.near_duplicates import Recent

LEAST_SHARE = 0.25  # of the weight of the text with less
LEAST_WEIGHT = 9.0  # of the common tokens: for example a rare figure and two rare names
LEAST_OF_NAMES = 12.0  # without a common figure
BY_FAR = 1.2  # times the score of the next best story
_RARE = 0.08  # largest share of two days' articles that have a rare token
_FEW = 3  # articles, however few there are
_CANDIDATES = 12  # articles that are compared
_ID = attrgetter("id")
_SMOOTHING = 50  # articles, so that not everything is rare early in the morning


class Seen(Struct, gc=False):
    """An article that was already read, with the data for finding stories."""

    id: str
    edition: str | None
    language: str  # without its script; the edition's code if unknown
    story: str
    day: str | None
    mentioned: str  # figures and names of its beginning
    weight: float = 0.0  # sum of their weights, when it was read
    best: dict[str, float] = field(default_factory=dict)  # by language: the highest score

    @property
    def tokens(self) -> frozenset[str]:
        """Figures and names of its beginning."""
        return frozenset(self.mentioned.split())


class Mentions(Struct):
    """Articles of two days, by their figures and names."""

    by_token: Recent[str, list[Seen]] = field(default_factory=Recent[str, list[Seen]])
    languages: list[str] = field(default_factory=list)
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
        if seen.language not in self.languages:
            self.languages.append(seen.language)
        self.today += 1
        for token in tokens:
            self.by_token.now.setdefault(token, []).append(seen)

    def compare(self, new: Seen) -> Iterator[tuple[float, Seen]]:
        """Yield articles in other languages that share many tokens, with their scores."""
        if all(language == new.language for language in self.languages):
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
        """Return the weights of those tokens that few articles have."""
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
    if common < LEAST_WEIGHT:
        return 0.0
    figures = common_figures(frozenset(weights), tokens)
    if figures is None or (not figures and common < LEAST_OF_NAMES):
        return 0.0
    fewer = min(total, seen.weight)
    share = min(common / fewer, 1.0) if fewer else 0.0
    return common * share if share >= LEAST_SHARE else 0.0


def mutual_best(seen: Seen, compared: Iterable[tuple[float, Seen]]) -> Seen | None:
    """Return the article that is the best match, and whose best match so far is the new one."""
    found = sorted(compared, key=lambda each: (-each[0], each[1].id))
    if not found or not found[0][0]:
        return None
    score, best = found[0]
    rival = max((other for other, each in found if each.story != best.story), default=0.0)
    before = best.best.get(seen.language, 0.0)
    for other, each in found:
        each.best[seen.language] = max(other, each.best.get(seen.language, 0.0))
    return best if score >= BY_FAR * max(rival, before) else None

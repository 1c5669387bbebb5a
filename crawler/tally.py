"""What a run counts of its rows and answers while it goes, cheaply."""

import heapq
from collections import Counter
from collections.abc import Mapping
from typing import Any

# Fields that the articles of a healthy site fill about as often one week as the next.
FIELDS = (
    "summary",
    "published_at",
    "authors",
    "category",
    "tags",
    "images",
    "language",
    "body",
)
SLOWEST = 5


class Tally:
    """Counts recorded rows by edition and road, filled fields, and keeps the slowest answers."""

    def __init__(self) -> None:
        self.articles: Counter[str] = Counter()  # by edition and road: "en/api"
        self._filled: Counter[str] = Counter()
        self._slowest: list[tuple[float, str]] = [(0.0, "")] * SLOWEST

    def stored(self, row: Mapping[str, Any], road: str) -> None:
        """Count a recorded row that a road led to."""
        self.articles[f"{row.get('edition') or '?'}/{road}"] += 1
        self._filled.update(name for name in FIELDS if row.get(name))

    def answered(self, url: str, seconds: float) -> None:
        """Take note of how long an answer took."""
        if seconds > self._slowest[0][0]:
            heapq.heapreplace(self._slowest, (seconds, url))

    @property
    def fill_rates(self) -> dict[str, float]:
        """Share of the recorded rows in which each field is filled; empty without rows."""
        rows = self.articles.total()
        return {name: round(self._filled[name] / rows, 3) for name in FIELDS} if rows else {}

    @property
    def slowest(self) -> list[tuple[str, float]]:
        """The slowest answers, slowest first: URL and seconds."""
        ranked = sorted(self._slowest, reverse=True)
        return [(url, round(seconds, 3)) for seconds, url in ranked if url]

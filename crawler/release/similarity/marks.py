"""Marks the copies and the stories among the articles of a release."""

from dataclasses import dataclass, field

from crawler.release.rows import Told
from crawler.release.similarity import content
from crawler.release.similarity.content import mentioned_in
from crawler.release.similarity.near_duplicates import Duplicates, Near, Sketch, Text
from crawler.release.similarity.stories import Link, Stories
from crawler.text.dates import all_months


@dataclass(slots=True)
class Marks:
    """Finds the copies and the stories of articles, given in order of publication."""

    month: str = ""
    is_over: bool = False  # the month
    duplicates: Duplicates = field(default_factory=Duplicates)
    stories: Stories = field(default_factory=Stories)

    def find(self, row: Told, sketched: Sketch) -> tuple[Near | None, str, Link | None]:
        """Return the earlier article with nearly the same text, the story, and the link to it."""
        self._begin((row.published_at or "")[:7])
        near = self.duplicates.find(text_of(row, sketched))
        return near, *self.stories.find(row, near.id if near else None)

    def end_month(self) -> None:
        """Forget what no later month is compared with, after a month's last article."""
        self._turn(1)
        self.is_over = True

    def _begin(self, month: str) -> None:
        """At the start of a month, forget everything older than the month before it."""
        if month != self.month:
            passed = len(all_months({self.month, month})) - 1 if self.month else 2
            self._turn(min(passed, 2) - self.is_over)
            self.month, self.is_over = month, False

    def _turn(self, months: int) -> None:
        for _ in range(months):
            self.duplicates.turn()
            self.stories.turn()


def text_of(row: Told, sketched: Sketch) -> Text:
    """Return the part of a row's text that is compared with others."""
    day, body = (row.published_at or "")[:10], row.body[: content.LETTERS]
    return Text(row.id, sketched, row.title, body, day, mentioned_in(row.title, row.body))

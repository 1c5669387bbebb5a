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
    duplicates: Duplicates = field(default_factory=Duplicates)
    stories: Stories = field(default_factory=Stories)

    def find(self, row: Told, sketched: Sketch) -> tuple[Near | None, str, Link | None]:
        """Return the earlier article with nearly the same text, the story, and the link to it."""
        self._turn((row.published_at or "")[:7])
        near = self.duplicates.find(text_of(row, sketched))
        return near, *self.stories.find(row, near.id if near else None)

    def _turn(self, month: str) -> None:
        """At the start of a month, forget everything older than the month before it."""
        if month == self.month:
            return
        passed = len(all_months({self.month, month})) - 1 if self.month else 2
        for _ in range(min(passed, 2)):
            self.duplicates.turn()
            self.stories.turn()
        self.month = month


def text_of(row: Told, sketched: Sketch) -> Text:
    """Return the part of a row's text that is compared with others."""
    day, body = (row.published_at or "")[:10], row.body[: content.LETTERS]
    return Text(row.id, sketched, row.title, body, day, mentioned_in(row.title, row.body))

"""Which articles a command is about: days of publication and editions."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import date

from crawler.errors import UsageError


@dataclass(frozen=True, slots=True)
class Choice:
    """The first and the last day of publication, in the agency's zone, and editions by code.

    Whatever is not given excludes nothing.
    """

    since: date | None = None
    until: date | None = None
    editions: tuple[str, ...] = ()

    @property
    def published(self) -> dict[str, object]:
        """The days as conditions on columns of ``article``, each with its value."""
        conditions: dict[str, object] = {}
        if self.since:  # the year lets the index skip the years before and after
            conditions["year >= ?"] = f"{self.since:%Y}"
            conditions["published_at >= ?"] = self.since.isoformat()
        if self.until:  # a moment of that day goes on with a T, which stands before this
            conditions["year <= ?"] = f"{self.until:%Y}"
            conditions["published_at < ?"] = f"{self.until}U"
        return conditions

    @property
    def of_editions(self) -> dict[str, object]:
        """The editions as a condition, likewise."""
        if not self.editions:
            return {}
        return {"edition IN (SELECT value FROM json_each(?))": json.dumps(self.editions)}


def check_editions(database: sqlite3.Connection, choice: Choice) -> None:
    """Raise ``UsageError`` for an edition that the archive does not have."""
    found = database.execute(
        "SELECT DISTINCT edition FROM article_count WHERE edition <> '' AND number > 0 ORDER BY 1"
    )
    known = [code for (code,) in found]
    for code in choice.editions:
        if code not in known:
            raise UsageError(f"--editions: no edition {code!r} here; there are: {', '.join(known)}")

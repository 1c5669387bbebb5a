"""Which articles a command is about: days of publication and editions."""

import json
import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from crawler.errors import UsageError


@dataclass(frozen=True, slots=True)
class Selection:
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


def choose(
    since: str | date | None, until: str | date | None, editions: Iterable[str], *, dashes: str = ""
) -> Selection:
    """Return the choice in these words; raise ``UsageError`` for what is no day, and no period.

    ``dashes``: what stands before the names of options, if these are options.
    """
    first, last = read_day(f"{dashes}since ", since), read_day(f"{dashes}until ", until)
    if first and last and last < first:
        raise UsageError(f"{dashes}until {last} lies before {dashes}since {first}")
    codes = (editions,) if isinstance(editions, str) else tuple(editions)
    return Selection(first, last, codes)


def read_day(option: str, value: str | date | None) -> date | None:
    """Read the day that an option gives; ``option``: as it is written before the value."""
    if not isinstance(value, str):
        return value
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            raise ValueError(value)
        return date.fromisoformat(value)
    except ValueError:
        raise UsageError(f"{option}{value}: expected a day such as 2024-05-31") from None


def check_editions(database: sqlite3.Connection, selection: Selection) -> None:
    """Raise ``UsageError`` for an edition that the archive does not have."""
    found = database.execute(
        "SELECT DISTINCT edition FROM article_count WHERE edition <> '' AND number > 0 ORDER BY 1"
    )
    known = [code for (code,) in found]
    for code in selection.editions:
        if code not in known:
            raise UsageError(f"editions: no edition {code!r} here; there are: {', '.join(known)}")

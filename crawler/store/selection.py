"""The articles that a command works on: days of publication and editions."""

import json
import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from crawler.errors import UsageError


@dataclass(frozen=True, slots=True)
class Selection:
    """First and last day of publication, in the agency's zone, editions by code, ids, and how many.

    A value that is not given excludes nothing.
    """

    since: date | None = None
    until: date | None = None
    editions: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    limit: int | None = None

    @property
    def published(self) -> dict[str, object]:
        """The days as conditions on columns of ``article``, each with its value."""
        conditions: dict[str, object] = {}
        if self.since:  # with the year, the index can skip the years before and after
            conditions["year >= ?"] = f"{self.since:%Y}"
            conditions["published_at >= ?"] = self.since.isoformat()
        if self.until:  # times of that day continue with a T, which sorts before this character
            conditions["year <= ?"] = f"{self.until:%Y}"
            conditions["published_at < ?"] = f"{self.until}U"
        return conditions

    @property
    def of_editions(self) -> dict[str, object]:
        """The editions as a condition on a column of ``article``, with its values."""
        if not self.editions:
            return {}
        return {"edition IN (SELECT value FROM json_each(?))": json.dumps(self.editions)}

    @property
    def of_ids(self) -> dict[str, object]:
        """The ids likewise."""
        return {"id IN (SELECT value FROM json_each(?))": json.dumps(self.ids)} if self.ids else {}


def choose(
    since: str | date | None, until: str | date | None, editions: Iterable[str], *, dashes: str = ""
) -> Selection:
    """Return the selection. Raises ``UsageError`` for an invalid day or an empty period.

    ``dashes``: the characters before the names of options, for messages.
    """
    first, last = read_day(f"{dashes}since ", since), read_day(f"{dashes}until ", until)
    if first and last and last < first:
        raise UsageError(f"{dashes}until {last} is before {dashes}since {first}")
    codes = (editions,) if isinstance(editions, str) else tuple(editions)
    return Selection(first, last, codes)


def read_day(option: str, value: str | date | None) -> date | None:
    """Read the day that an option gives. ``option``: as written before the value."""
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


def check_ids(database: sqlite3.Connection, selection: Selection) -> None:
    """Raise ``UsageError`` that lists all ids of which the archive has no version."""
    absent = database.execute(
        "SELECT value FROM json_each(?) WHERE NOT EXISTS "
        "(SELECT 1 FROM article WHERE id = value AND version IS NOT NULL)",
        (json.dumps(selection.ids),),
    ).fetchall()
    check_none_absent([each for (each,) in absent])


def withdrawn_of(database: sqlite3.Connection, selection: Selection) -> list[str]:
    """Return the ids of the selection that were withdrawn."""
    found = database.execute(
        "SELECT value FROM json_each(?) JOIN article ON article.id = value AND state = 'withdrawn'",
        (json.dumps(selection.ids),),
    )
    return [each for (each,) in found]


def check_none_absent(ids: Iterable[str]) -> None:
    """Raise ``UsageError`` if there is any id. ``ids``: those that were not found."""
    if told := ", ".join(ids):
        raise UsageError(f"ids: there is no such article here: {told}")

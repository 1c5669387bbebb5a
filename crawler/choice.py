"""Which articles a command is about: options for days of publication and editions."""

import json
import sqlite3
from argparse import ArgumentParser
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


def add_choice(parser: ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--since", metavar="DAY", help="first day of publication: 2024-05-01")
    parser.add_argument("--until", metavar="DAY", help="last day of publication")
    parser.add_argument("--editions", metavar="CODES", help="only these: en,ru")


def read_choice(since: str | None, until: str | None, editions: str | None) -> Choice:
    """Read what the options say; raise ``UsageError`` for what they cannot say."""
    choice = Choice(
        _day("--since", since),
        _day("--until", until),
        _codes(editions) if editions is not None else (),
    )
    if choice.since and choice.until and choice.until < choice.since:
        raise UsageError(f"--until {choice.until} lies before --since {choice.since}")
    return choice


def check_editions(database: sqlite3.Connection, choice: Choice) -> None:
    """Raise ``UsageError`` for an edition that the archive does not have."""
    found = database.execute(
        "SELECT DISTINCT edition FROM article_count WHERE edition <> '' AND number > 0 ORDER BY 1"
    )
    known = [code for (code,) in found]
    for code in choice.editions:
        if code not in known:
            raise UsageError(f"--editions: no edition {code!r} here; there are: {', '.join(known)}")


def _day(name: str, value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value is not None else None
    except ValueError:
        raise UsageError(f"{name} {value}: expected a day such as 2024-05-01") from None


def _codes(editions: str) -> tuple[str, ...]:
    codes = tuple(editions.split(","))
    if not all(code.isascii() and code.isalpha() for code in codes):
        raise UsageError(f"--editions {editions}: expected codes such as en,ru")
    return codes

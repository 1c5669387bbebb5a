"""The state of each article at the time of the release, and when it was last seen on the site.

A visit that finds no change leaves no row. But estimates of deletions need its time: the article
was still there then, and has not been checked since.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from crawler.model.article import Article
from crawler.model.link import announces
from crawler.model.rules import TimestampRules
from crawler.model.schema import row_schema
from crawler.model.versions import last_time_of_change
from crawler.release.files import open_rows, write_rows
from crawler.store.reader import ArchiveReader
from crawler.text.dates import read_moment

FILE = "states.jsonl.gz"
FIELDS = {
    "id": ("string", "id of the article"),
    "state": (
        "string",
        "`present`: not found missing since it was last seen; `missing`: it was not there, but not "
        "often or long enough to be gone, or too many were missing at once; `gone`: so many "
        "responses over so long were without it as `gone_rules` in datapackage.json says; "
        "`withdrawn`: removed from the "
        "archive; `archived`: only read from web archives or other WARC files",
    ),
    "last_seen_at": (
        "string",
        "UTC; the last visit to the site that found the article, even without a change; null if "
        "there was none, and if it was withdrawn",
    ),
    "visits": (
        "integer",
        "number of visits to the site that found the article, even without a change; null if they "
        "were not all counted (the ledger was made by an earlier version, or again from the "
        "journal), and if it was withdrawn",
    ),
    "missing_since": (
        "string",
        "UTC; the first visit after that which did not find it; null unless it is missing or gone",
    ),
    "announced": (
        "boolean",
        "for an article whose newest version is an edit with an unknown `announced`: whether the "
        "site announced it, by a list that was read later. True: the list moved its time of change "
        "since then, to one before the visit that found the edit; false: it has the same time as "
        "before the edit; null: unknown, or another version",
    ),
}
EDITS = ("edited", "respelled", "back")  # of which a list that was read later may tell
_MOMENT = row_schema()["$defs"]["Article"]["properties"]["fetched_at"]["pattern"]
_Moment = Annotated[str, Meta(pattern=_MOMENT)]
_Number = Annotated[int, Meta(ge=0)]

# The ledger deletes absences as soon as the article is back.
_STATES = """
SELECT article.id,
    CASE WHEN article.state IN ('missing', 'gone', 'withdrawn') THEN article.state
        WHEN article.fetched_at IS NULL THEN 'archived' ELSE 'present' END,
    iif(article.state = 'withdrawn', NULL, article.fetched_at),
    iif(article.state = 'withdrawn', NULL, article.visits),
    iif(article.state IN ('missing', 'gone'),
        (SELECT min(at) FROM absence WHERE article_id = article.id), NULL)
FROM article WHERE article.version IS NOT NULL{conditions} ORDER BY article.id
"""


# Edits that a list was read after, by at least a second.
_LISTED_LATER = f"""
SELECT article.id, article.version, version.fetched_at, modified_raw,
    changed_at > strftime('%s', version.fetched_at) + 1
FROM version
JOIN article ON article.id = version.article_id AND article.version = number
JOIN sighting ON sighting.article_id = article.id
WHERE change IN {EDITS}
    AND told_at > strftime('%s', version.fetched_at) + 1 AND modified_raw <> ''{{conditions}}
"""


class State(Struct, forbid_unknown_fields=True, frozen=True):
    """A line of the file."""

    id: str
    state: Literal["present", "missing", "gone", "withdrawn", "archived"]
    last_seen_at: _Moment | None
    visits: _Number | None
    missing_since: _Moment | None
    announced: bool | None = None


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(State).decode


def write_states(
    reader: ArchiveReader,
    conditions: Mapping[str, object],
    folder: Path,
    dates: TimestampRules,
    left_out: Container[str] = (),
) -> None:
    """Write the state of each article of the release, by id. ``left_out``: ids to skip."""
    also = "".join(f" AND article.{each}" for each in conditions)
    values = tuple(conditions.values())
    listed = reader.database.execute(_LISTED_LATER.format(conditions=also), values).fetchall()
    announced = _announced(reader, listed, dates)
    found = reader.database.execute(_STATES.format(conditions=also), values)
    states = (
        replace(_with_evidence(reader, State(*row)), announced=announced.get(row[0]))
        for row in found
        if row[0] not in left_out
    )
    write_rows(folder / FILE, (_encode(state) + b"\n" for state in states))


def _announced(
    reader: ArchiveReader, listed: Iterable[tuple[str, int, str, str, bool]], dates: TimestampRules
) -> dict[str, bool]:
    """Return which edits the site announced or not, by the lists that were read after them.

    A list says nothing if it moved its time of change before the edit was found: that may have been
    another change; nor if its time is of a later change.
    """
    found: dict[str, bool] = {}
    for name, number, found_at, raw, has_changed in listed:
        *earlier, row = (each for each in reader.versions(name) if each["version"] <= number)
        after, before = read_moment(raw, dates), last_time_of_change(reversed(earlier))
        told = announces(before, after)
        if row["announced"] is not None or told is None or (told and not has_changed):
            continue
        if after and after <= datetime.fromisoformat(found_at):
            found[name] = found.get(name, False) or told
    return found


def _with_evidence(reader: ArchiveReader, state: State) -> State:
    """Return a state with the time of the evidence in a gone article's row, if none is known.

    A ledger that was rebuilt from the journal has no absences.
    """
    if state.state != "gone" or state.missing_since:
        return state
    rows = msgspec.convert(reader.versions(state.id), list[Article])
    told = [row.evidence[0].at for row in rows if row.change == "gone"]
    return replace(state, missing_since=told[-1] if told else None)


def read_states(folder: Path) -> Iterator[State]:
    """Yield the states of a release, by id. Raises ``ValueError``."""
    with open_rows(folder / FILE) as lines:
        yield from map(_decode, lines)

"""Which articles each source showed, which were never fetched, and which native ids are missing.

An agency's ids are one counter over all editions. An id is missing if nobody knows what it is: no
source showed it, and no request for it was answered. An id that was found absent is known, and so
not missing.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge, nlargest
from itertools import count

from crawler.model.link import LISTING_SOURCES
from crawler.store.database import first_value
from crawler.store.selection import Selection

Conditions = Mapping[str, Sequence[object]]

EXAMPLES = 3
UNFETCHED = ("pending", "failed", "refused")

_KINDS = """
SELECT roads, state, sum(articles), sum(slugs) FROM (
    SELECT roads, state, count(*) AS articles, sum(id GLOB '*:*[^0-9]*') AS slugs
    FROM article WHERE {where} GROUP BY state, reason, edition, roads
) GROUP BY roads, state
"""

# Known from the index of a web archive, but not read yet, or no article.
_NOTED = """
SELECT roads, state, -count(*), -sum(id GLOB '*:*[^0-9]*')
FROM article INDEXED BY article_archived
WHERE state = 'archived' AND version IS NULL AND {where} GROUP BY roads, state
"""
_CAPTURES = """
SELECT archived.reason, count(DISTINCT id), min(id), max(id)
FROM archived JOIN article ON id = article_id
WHERE archived.state <> 'done' AND article.state = 'archived' AND version IS NULL AND {where}
GROUP BY archived.reason
"""

# Exactly as in the index; otherwise SQLite does not use it.
NUMBER = "CAST(substr({0}.id, instr({0}.id, ':') + 1) AS INTEGER)"
IS_NATIVE = "substr({0}.id, instr({0}.id, ':') + 1) NOT GLOB '*[^0-9]*'"
NEIGHBOURS = 100  # known ids on either side that are searched for a date

_NATIVE = IS_NATIVE.format("article")
_ID = NUMBER.format("article")
_BELOW, _ABOVE = NUMBER.format("below"), NUMBER.format("above")
_KNOWN = f"FROM article INDEXED BY article_number WHERE {_NATIVE}"
# Also exactly as in the index: not answered yet, and shown by no list and no archive.
_ASKED = (
    f"FROM article INDEXED BY article_asked WHERE {_NATIVE} AND version IS NULL "
    f"AND state IN ('pending', 'failed') AND NOT roads & 207 AND {_ID} BETWEEN ? AND ?"
)
_RANGES = f"""
SELECT {_BELOW} + 1 AS first,
    (SELECT min({_ABOVE}) FROM article AS above INDEXED BY article_number
        WHERE {IS_NATIVE.format("above")} AND {_ABOVE} > {_BELOW}) - 1 AS last
FROM article AS below INDEXED BY article_number
WHERE {IS_NATIVE.format("below")} AND {_BELOW} >= ? AND {_BELOW} < ?
    AND NOT EXISTS (SELECT 1 FROM article AS above INDEXED BY article_number
        WHERE {IS_NATIVE.format("above")} AND {_ABOVE} = {_BELOW} + 1)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCount:
    """The number of ``articles`` a source showed, of ``only_here``, and of those with ``slugs``.

    Articles of a list count when shown. Articles that were asked for directly (ids, addresses, web
    archives) count when fetched. Slugs are those of imported and legacy posts without a native id.
    """

    source: str
    articles: int
    only_here: int
    slugs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The figures of each source that showed anything, and how the sources overlap.

    ``overlaps``: articles by the exact set of sources that showed them, such as ``api rss``, most
    first. ``nowhere``: articles whose sources a rebuilt ledger does not know. ``absent``: addresses
    that were asked for and have no article.
    """

    sources: list[SourceCount]
    overlaps: dict[str, int]
    nowhere: int
    absent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfetched:
    """Known articles that were never fetched, by state and reason, with a few ids.

    ``archived``: known only from a web archive, whose captures are pending or failed.
    """

    state: str
    reason: str | None
    articles: int
    examples: list[str]


def read_sources(database: sqlite3.Connection, wanted: Conditions) -> Sources:
    """Count the articles that each source showed."""
    where, values = joined(wanted)
    kinds = [
        kind
        for query in (_KINDS, _NOTED)
        for kind in database.execute(query.format(where=where), values)
    ]
    bits = dict(database.execute("SELECT road, bit FROM road_bit ORDER BY bit"))
    listed = sum(bits[source] for source in LISTING_SOURCES)
    articles: Counter[int] = Counter()
    slugs: Counter[int] = Counter()
    for sources, state, number, of_slugs in kinds:
        if state != "absent" and (sources & listed or state not in UNFETCHED):
            articles[sources] += number
            slugs[sources] += of_slugs
    articles = +articles
    return Sources(
        sources=[
            count for source in bits if (count := _count(source, bits[source], articles, slugs))
        ],
        overlaps=_overlaps(articles, bits),
        nowhere=articles[0],
        absent=sum(number for _, state, number, _ in kinds if state == "absent"),
    )


def _overlaps(articles: Counter[int], bits: Mapping[str, int]) -> dict[str, int]:
    return {
        " ".join(source for source, bit in bits.items() if bit & sources): number
        for sources, number in articles.most_common()
        if sources
    }


def _count(
    source: str, bit: int, articles: Counter[int], slugs: Counter[int]
) -> SourceCount | None:
    seen = [bits for bits in articles if bits & bit]
    if not seen:
        return None
    return SourceCount(
        source=source,
        articles=sum(articles[bits] for bits in seen),
        only_here=articles[bit],
        slugs=sum(slugs[bits] for bits in seen),
    )


def joined(wanted: Conditions) -> tuple[str, list[object]]:
    """Return several conditions on ``article`` as one, with its values."""
    values = [value for some in wanted.values() for value in some]
    return " AND ".join(f"({condition})" for condition in wanted) or "TRUE", values


def read_unfetched(database: sqlite3.Connection, wanted: Conditions) -> list[Unfetched]:
    """Count known articles that were never fetched, most first. Absent ones do not count."""
    found = [*_of_the_site(database, wanted), *_of_archives(database, wanted)]
    return sorted(found, key=lambda each: (-each.articles, each.state, each.reason or ""))


def _of_the_site(database: sqlite3.Connection, wanted: Conditions) -> Iterator[Unfetched]:
    where, values = joined(wanted)
    states = ", ".join(f"'{state}'" for state in UNFETCHED)
    groups = database.execute(
        "SELECT state, reason, count(*) FROM article INDEXED BY article_kind "
        f"WHERE state IN ({states}) AND {where} GROUP BY state, reason",
        values,
    )
    for state, reason, number in groups:
        examples = _examples(database, wanted, (state, reason))
        yield Unfetched(state=state, reason=reason, articles=number, examples=examples)


def _of_archives(database: sqlite3.Connection, wanted: Conditions) -> Iterator[Unfetched]:
    where, values = joined(wanted)
    for reason, number, *ends in database.execute(_CAPTURES.format(where=where), values):
        examples = list(dict.fromkeys(ends))
        yield Unfetched(state="archived", reason=reason, articles=number, examples=examples)


def _examples(
    database: sqlite3.Connection, wanted: Conditions, kind: tuple[str, str | None]
) -> list[str]:
    where, values = joined(wanted)
    found = database.execute(
        "SELECT id FROM article INDEXED BY article_kind "
        f"WHERE state = ? AND reason IS ? AND {where} LIMIT {EXAMPLES}",
        (*kind, *values),
    )
    return [article_id for (article_id,) in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingRange:
    """A range of unknown ids. If published, it was between two days.

    ``after``, ``before``: dates of the nearest known ids; None if none is near.
    """

    first: int
    last: int
    ids: int
    after: str | None
    before: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ids:
    """The native ids from the lowest to the highest: ``known`` and ``missing``.

    ``missing_ranges``: the number of ranges of missing ids. ``largest``: the largest ranges,
    largest first. ``queued``: missing ids that are pending.
    """

    lowest: int
    highest: int
    known: int
    missing: int
    queued: int
    missing_ranges: int
    largest: list[MissingRange]


def bounds(database: sqlite3.Connection, selection: Selection) -> range:
    """Return the range from the lowest to the highest proved id. Empty if there is none.

    An id is proved if it was fetched, or shown by a list of the site. An id that was only asked
    for, perhaps by mistake (a billion), may be known as absent and bounds nothing. Days of
    publication become ids by the middle post of the last day before and of the first day after
    them. So half a day more is included on either side, and no backdated post moves a bound.
    """
    lowest = _end(database, "ASC")
    highest = _end(database, "DESC")
    if selection.since:
        lowest = max(lowest, _middle(database, "day < ?", str(selection.since), "DESC") or 0)
    if selection.until:
        highest = min(highest, _middle(database, "day > ?", str(selection.until), "ASC") or highest)
    return range(lowest, highest + 1) if highest else range(0)


def _end(database: sqlite3.Connection, order: str) -> int:
    sources = ", ".join(f"'{source}'" for source in LISTING_SOURCES)
    query = (
        f"SELECT {_ID} {_KNOWN} AND (version IS NOT NULL OR EXISTS "
        f"(SELECT 1 FROM sighting WHERE article_id = id AND road IN ({sources}))) "
        f"ORDER BY {_ID} {order} LIMIT 1"
    )
    return first_value(database, query) or 0


def _middle(database: sqlite3.Connection, condition: str, day: str, order: str) -> int | None:
    """Return the middle one of a day's native ids, on the nearest day with articles."""
    of_days = f"FROM day_count WHERE {condition} AND number > 0 ORDER BY day {order} LIMIT 1"
    nearest = first_value(database, f"SELECT day {of_days}", (day,))
    if nearest is None:
        return None
    found = database.execute(
        f"SELECT {_ID} FROM article WHERE year = ? AND version IS NOT NULL AND {_NATIVE} "
        "AND published_at >= ? AND published_at < ? ORDER BY 1",
        (nearest[:4], nearest, f"{nearest}U"),
    ).fetchall()
    return found[len(found) // 2][0] if found else None


def read_ids(database: sqlite3.Connection, within: range, most: int) -> Ids | None:
    """Return the figures of a range, with its ``most`` largest missing ranges. None if empty."""
    if not within:
        return None
    ends = within[0], within[-1]
    noted = first_value(database, f"SELECT count(*) {_KNOWN} AND {_ID} BETWEEN ? AND ?", ends)
    asked, queued = database.execute(f"SELECT count(*), count(due) {_ASKED}", ends).fetchone()
    number, largest = _largest(_missing_ranges(database, ends), most)
    return Ids(
        lowest=within[0],
        highest=within[-1],
        known=noted - asked,
        missing=len(within) - (noted - asked),
        queued=queued,
        missing_ranges=number,
        largest=[_missing_range(database, *ends) for ends in largest],
    )


def _largest(ranges: Iterator[tuple[int, int]], most: int) -> tuple[int, list[tuple[int, int]]]:
    """Return the number of ranges, and the largest of them, without holding all in memory."""
    number = count()
    sized = ((last - first, -first, last) for (first, last), _ in zip(ranges, number, strict=False))
    largest = [(-negative, last) for _, negative, last in nlargest(most, sized)]
    return next(number), largest


def _missing_ranges(
    database: sqlite3.Connection, ends: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    """Yield the first and last id of each range, lowest first."""
    unknown = database.execute(f"{_RANGES} ORDER BY 1", ends)
    asked = database.execute(f"SELECT {_ID}, {_ID} {_ASKED} ORDER BY 1", ends)
    start, end = 0, -1
    for first, last in merge(unknown, asked):
        if first > end + 1:
            if end >= start:
                yield start, end
            start = first
        end = last
    if end >= start:
        yield start, end


def each_missing_range(database: sqlite3.Connection, within: range) -> Iterator[range]:
    """Yield the missing ids of a range, lowest first, while they are being queued."""
    start = within.start
    while within and (
        found := database.execute(
            f"{_RANGES} ORDER BY {_BELOW} LIMIT 1", (start, within[-1])
        ).fetchone()
    ):
        first, last = found
        yield range(first, last + 1)
        start = last + 1


def _missing_range(database: sqlite3.Connection, first: int, last: int) -> MissingRange:
    return MissingRange(
        first=first,
        last=last,
        ids=last - first + 1,
        after=_near(database, f"{_ID} < ? ORDER BY {_ID} DESC", first),
        before=_near(database, f"{_ID} > ? ORDER BY {_ID}", last),
    )


def _near(database: sqlite3.Connection, condition: str, number: int) -> str | None:
    """Return the day of the nearest known id that has one."""
    found = database.execute(
        f"SELECT substr(published_at, 1, 10) {_KNOWN} AND {condition} LIMIT ?",
        (number, NEIGHBOURS),
    )
    return next((day for (day,) in found if day), None)

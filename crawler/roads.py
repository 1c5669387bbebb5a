"""Which articles each road saw, and what was never fetched, from the ledger."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from crawler.discovery.found import LISTING_ROADS

Conditions = Mapping[str, Sequence[object]]

EXAMPLES = 3
UNFETCHED = ("pending", "failed", "refused")

_KINDS = """
SELECT roads, state, sum(articles), sum(slugs) FROM (
    SELECT roads, state, count(*) AS articles, sum(id GLOB '*:*[^0-9]*') AS slugs
    FROM article WHERE {where} GROUP BY state, reason, edition, roads
) GROUP BY roads, state
"""


# Known from the index of a web archive, but not read, or no article.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadCount:
    """How many ``articles`` a road saw, how many ``only_here``, and how many known by ``slugs``.

    What a list shows was seen; of what was only asked for (ids, addresses, web archives), what was
    fetched. Slugs are those of imported and legacy posts, which have no native id.
    """

    road: str
    articles: int
    only_here: int
    slugs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Roads:
    """The figures of each road that saw anything, and how the roads overlap.

    ``overlaps``: articles by exactly the roads that saw them, such as ``api rss``, most first.
    ``nowhere``: articles of which a ledger that was made anew does not know who saw them.
    ``absent``: addresses that were asked for, and that have no article.
    """

    roads: list[RoadCount]
    overlaps: dict[str, int]
    nowhere: int
    absent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfetched:
    """Known articles that were never fetched, by state and reason, with the ids of a few.

    ``archived``: known from a web archive alone, whose captures wait or failed.
    """

    state: str
    reason: str | None
    articles: int
    examples: list[str]


def read_roads(database: sqlite3.Connection, wanted: Conditions) -> Roads:
    """Count the articles that each road saw."""
    where, values = joined(wanted)
    kinds = [
        kind
        for query in (_KINDS, _NOTED)
        for kind in database.execute(query.format(where=where), values)
    ]
    bits = dict(database.execute("SELECT road, bit FROM road_bit ORDER BY bit"))
    listed = sum(bits[road] for road in LISTING_ROADS)
    articles: Counter[int] = Counter()
    slugs: Counter[int] = Counter()
    for roads, state, number, of_slugs in kinds:
        if state != "absent" and (roads & listed or state not in UNFETCHED):
            articles[roads] += number
            slugs[roads] += of_slugs
    articles = +articles
    return Roads(
        roads=[count for road in bits if (count := _count(road, bits[road], articles, slugs))],
        overlaps=_overlaps(articles, bits),
        nowhere=articles[0],
        absent=sum(number for _, state, number, _ in kinds if state == "absent"),
    )


def _overlaps(articles: Counter[int], bits: Mapping[str, int]) -> dict[str, int]:
    return {
        " ".join(road for road, bit in bits.items() if bit & roads): number
        for roads, number in articles.most_common()
        if roads
    }


def _count(road: str, bit: int, articles: Counter[int], slugs: Counter[int]) -> RoadCount | None:
    seen = [bits for bits in articles if bits & bit]
    if not seen:
        return None
    return RoadCount(
        road=road,
        articles=sum(articles[bits] for bits in seen),
        only_here=articles[bit],
        slugs=sum(slugs[bits] for bits in seen),
    )


def joined(wanted: Conditions) -> tuple[str, list[object]]:
    """Return conditions on ``article`` as one, with its values."""
    values = [value for some in wanted.values() for value in some]
    return " AND ".join(f"({condition})" for condition in wanted) or "TRUE", values


def read_unfetched(database: sqlite3.Connection, wanted: Conditions) -> list[Unfetched]:
    """Count the known articles that were never fetched, most first; absent ones are none."""
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

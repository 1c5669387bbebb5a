"""Which articles each road saw, and what was never fetched, from the ledger."""

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
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
    ``nowhere``: articles that stand in the journal alone, from which a ledger was made anew.
    ``absent``: addresses that were asked for, and that have no article.
    """

    roads: list[RoadCount]
    overlaps: dict[str, int]
    nowhere: int
    absent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfetched:
    """Known articles that were never fetched, by state and reason, with the ids of a few."""

    state: str
    reason: str | None
    articles: int
    examples: list[str]


def read_roads(database: sqlite3.Connection, wanted: Conditions) -> Roads:
    """Count the articles that each road saw."""
    where, values = joined(wanted)
    kinds = database.execute(_KINDS.format(where=where), values).fetchall()
    bits = dict(database.execute("SELECT road, bit FROM road_bit ORDER BY bit"))
    listed = sum(bits[road] for road in LISTING_ROADS)
    articles: Counter[int] = Counter()
    slugs: Counter[int] = Counter()
    for roads, state, number, of_slugs in kinds:
        if state != "absent" and (roads & listed or state not in UNFETCHED):
            articles[roads] += number
            slugs[roads] += of_slugs
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
    where, values = joined(wanted)
    states = ", ".join(f"'{state}'" for state in UNFETCHED)
    groups = database.execute(
        "SELECT state, reason, count(*) FROM article INDEXED BY article_kind "
        f"WHERE state IN ({states}) AND {where} GROUP BY state, reason ORDER BY 3 DESC, 1, 2",
        values,
    ).fetchall()
    return [
        Unfetched(
            state=state,
            reason=reason,
            articles=number,
            examples=_examples(database, wanted, (state, reason)),
        )
        for state, reason, number in groups
    ]


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

"""Precision and recall of translations.

``translations.jsonl`` holds scenes written by hand for this: articles of several editions in order
of publication, each with the story a reader finds it tells. A pair is two articles of a scene in
different editions. Hard ones: another story of the same minute and section, a picture that is used
for anything, a form letter to somebody else, a story told again without a trace in common.
"""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import msgspec

from crawler.model.article import Article, Extractor, Image, Label, Translation
from crawler.release.rows import Told, read_told
from crawler.release.similarity.marks import text_of
from crawler.release.similarity.near_duplicates import Duplicates, sketch
from crawler.release.similarity.stories import Link, Stories

SCENES = Path(__file__).with_suffix(".jsonl")
_MOMENT = "2024-06-01T00:00:00Z"
Scene = dict[str, Any]


def scenes() -> list[Scene]:
    """Return the scenes: why, and articles with their edition, time, text, and true story."""
    return [msgspec.json.decode(line) for line in SCENES.read_bytes().splitlines()]


def _row(number: int, told: dict[str, Any]) -> Told:
    row = Article(
        id=f"uza:{number}",
        agency="uza",
        url=f"https://uza.uz/posts/{number}",
        edition=told["edition"],
        script=told["script"],
        title=told["title"],
        body=told["body"],
        published_at=f"{told['at']}:00+05:00",
        published_precision="minute",
        category=Label(told["category"], told["category"]) if "category" in told else None,
        images=[Image(f"https://cdn.uza.uz/{each}.jpg") for each in told.get("images", ())],
        translations=[Translation(f"uza:{each}") for each in told.get("lists", ())],
        content_hash="0" * 64,
        first_seen_at=_MOMENT,
        fetched_at=_MOMENT,
        extractor=Extractor("current", "page", "0123456789abcdef"),
        run="20240601T000000Z",
    )
    return read_told(msgspec.json.encode(row) + b"\n")


def linked(scene: Scene) -> Iterator[tuple[str, Link | None]]:
    """Yield the story of each article and the link to it, as a release gives them."""
    duplicates, stories = Duplicates(), Stories()
    for number, told in enumerate(scene["articles"]):
        row = _row(number, told)
        near = duplicates.find(text_of(row, sketch(row.body, row.script)))
        yield stories.find(row, near.id if near else None)


def judged() -> Iterator[tuple[Scene, bool, bool]]:
    """Yield each pair's scene, whether a reader joins the two, and whether a release does."""
    for scene in scenes():
        found = [story for story, _ in linked(scene)]
        for (one, first), (other, second) in combinations(
            zip(scene["articles"], found, strict=True), 2
        ):
            if one["edition"] != other["edition"]:
                yield scene, one["story"] == other["story"], first == second


def measure() -> tuple[float, float]:
    """Return precision and recall."""
    pairs = [(same, found) for _, same, found in judged()]
    right = sum(same and found for same, found in pairs)
    return right / sum(found for _, found in pairs), right / sum(same for same, _ in pairs)

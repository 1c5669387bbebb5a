"""Precision and recall of translations: ``python -m benchmarks.translations``.

``translations.jsonl`` holds scenes written by hand for this: articles of several editions in order
of publication, each with the story a reader finds it tells. A pair is two articles of a scene in
different editions. Hard ones: another story of the same minute and section, a picture that is used
for anything, a form letter to somebody else, a story told again without a trace in common.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import msgspec

from crawler.model.article import Article, Extractor, Image, Label, Translation
from crawler.release.near_duplicates import Duplicates, sketch
from crawler.release.rows import Told, read_told
from crawler.release.stories import Link, Stories

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
        near = duplicates.find(row.id, sketch(row.body, row.script))
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


def by_evidence() -> dict[str, tuple[int, int]]:
    """Return how many links stand on each evidence as their strongest, and how many are right."""
    links, right = Counter[str](), Counter[str]()
    for scene in scenes():
        true = {f"uza:{number}": told["story"] for number, told in enumerate(scene["articles"])}
        for _, link in linked(scene):
            if link:
                links[link.evidence[0]] += 1
                right[link.evidence[0]] += true[link.id] == true[link.earlier]
    return {kind: (right[kind], links[kind]) for kind in links}


def main() -> None:
    """Print both, in all and by evidence, and which pairs were judged wrongly."""
    precision, recall = measure()
    print(f"{len(list(judged()))} pairs: precision {precision:.3f}, recall {recall:.3f}")
    for kind, (right, links) in by_evidence().items():
        print(f"{kind}: {right} of {links} links are right")
    for scene, same, found in judged():
        if same != found:
            print(f"{'missed' if same else 'wrong'}: {scene['why']}")


if __name__ == "__main__":
    main()

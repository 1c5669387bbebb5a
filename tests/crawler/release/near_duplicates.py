"""Precision and recall of near-duplicates.

``near_duplicates.jsonl`` holds pairs of texts written by hand for this, with what a reader says of
each pair. Not the same: a daily notice of another day, a form letter to somebody else, a
translation, two stories that end with the same paragraph.
"""

from pathlib import Path
from typing import Any

import msgspec

from crawler.release.similarity.content import mentioned_in
from crawler.release.similarity.near_duplicates import Duplicates, Text, sketch

PAIRS = Path(__file__).with_suffix(".jsonl")


def pairs() -> list[dict[str, Any]]:
    """Return the pairs: a, b, their scripts, whether they are the same, and why."""
    return [msgspec.json.decode(line) for line in PAIRS.read_bytes().splitlines()]


def is_found(pair: dict[str, Any]) -> bool:
    """Tell whether a release would mark the second text as a near-duplicate of the first."""
    duplicates = Duplicates()
    duplicates.find(text_of("a:1", pair["a"], pair["a_script"]))
    return duplicates.find(text_of("a:2", pair["b"], pair["b_script"])) is not None


def text_of(article_id: str, body: str, script: str | None, title: str = "", day: str = "") -> Text:
    """Return a text as a release compares it."""
    return Text(article_id, sketch(body, script), title, body, day, mentioned_in(title, body))


def measure() -> tuple[float, float, list[dict[str, Any]]]:
    """Return precision, recall and the pairs that were judged wrongly."""
    judged = [(pair, is_found(pair)) for pair in pairs()]
    right = sum(found and pair["same"] for pair, found in judged)
    precision = right / sum(found for _, found in judged)
    recall = right / sum(pair["same"] for pair, _ in judged)
    return precision, recall, [pair for pair, found in judged if found != pair["same"]]

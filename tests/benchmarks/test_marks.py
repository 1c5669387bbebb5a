"""Marks of a release, in a small stream of made-up articles: what they are worth may not fall."""

import pytest

from benchmarks.marks import CARD, DAYS, SEED, Judged, card, details, judge
from benchmarks.news_stream import CHANGES, EDITS, NewsStream


@pytest.fixture(scope="module")
def judged() -> Judged:
    return judge(NewsStream(7).stream(8))


def test_copies_are_found_and_what_looks_alike_is_not(judged: Judged) -> None:
    assert judged.copies.of.keys() == EDITS.keys()
    assert judged.copies.precision >= 0.97, details(judged.copies)
    assert judged.copies.recall >= 0.92, details(judged.copies)
    assert judged.twins.recall >= 0.99, details(judged.twins)


def test_translations_are_told_by_figures_and_names(judged: Judged) -> None:
    assert judged.translations.precision >= 0.98, details(judged.translations)
    assert judged.translations.recall >= 0.80, details(judged.translations)


def test_what_one_agency_copied_of_another_is_found(judged: Judged) -> None:
    assert judged.wire.precision >= 0.97, details(judged.wire)
    assert judged.wire.recall >= 0.90, details(judged.wire)


def test_there_are_look_alikes_of_every_kind_and_they_differ_from_what_they_are_like() -> None:
    pieces = NewsStream(7).stream(8)
    assert CHANGES.keys() <= {piece.made for piece in pieces}
    told: dict[str, str] = {}
    for piece in pieces:
        if piece.made not in EDITS:
            assert told.setdefault(f"{piece.edition} {piece.body}", piece.text) == piece.text


def test_the_stream_is_the_same_for_the_same_seed() -> None:
    assert NewsStream(3).stream(1) == NewsStream(3).stream(1) != NewsStream(4).stream(1)


@pytest.mark.slow
def test_the_data_card_prints_what_is_measured_now() -> None:
    measured = card(judge(NewsStream(SEED).stream(DAYS)))
    assert CARD.read_text("utf-8") == measured, "renew it: python -m benchmarks.marks --write"

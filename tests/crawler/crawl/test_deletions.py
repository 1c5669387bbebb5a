"""Which articles are gone, and when that is too many to believe."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.crawl.deletions import (
    Deletion,
    HeldBack,
    alarms_of,
    confirm_gone,
    due_articles,
    read_held_back,
    record_gone,
)
from crawler.model.article import Extractor, Sighting
from crawler.store.archive import Archive
from crawler.system.clock import rfc3339
from tests.crawler.archives import store

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DELETION = Deletion(sightings=3, hours=48, visits=[6, 24, 48], share=0.05)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with closing(Archive(tmp_path / "uza")) as archive:
        yield archive


def before(days: float) -> str:
    return rfc3339(NOW - timedelta(days=days))


def missed(
    archive: Archive, number: int, *days: float, layout: str = "current", edition: str = "uz"
) -> None:
    """Store an article that was missing so many days ago."""
    known = {"first_seen_at": before(30), "fetched_at": before(30), "edition": edition}
    store(archive, number, extractor=Extractor(layout, "page", "1"), **known)
    for day in days or (1,):
        seen = Sighting(404, before(day), "page", f"https://uza.uz/posts/{number}")
        archive.ledger.states.note_absence(f"uza:{number}", [seen])
    archive.ledger.states.missing(f"uza:{number}", "HTTP 404", 0)


def found(
    archive: Archive,
    numbers: range,
    *,
    layout: str = "current",
    edition: str = "uz",
    days: float = 1,
    born: float = 30,
) -> None:
    """Store articles that were there so many days ago."""
    for number in numbers:
        known = {
            "first_seen_at": before(born),
            "fetched_at": before(days),
            "edition": edition,
        }
        store(archive, number, extractor=Extractor(layout, "page", "1"), **known)


def run(archive: Archive, days: float, **outcomes: int) -> None:
    name = (NOW - timedelta(days=days)).strftime("%Y%m%dT%H%M%SZ")
    report = json.dumps({"outcomes": outcomes, "backfill": None}).encode()
    archive.ledger.keep_report(name, report, ended=True)


def held(archive: Archive, deletion: Deletion = DELETION) -> list[tuple[str | None, int, int]]:
    told = read_held_back(archive.ledger.database, deletion, NOW)
    return [(each.layout, each.missing, each.there) for each in told]


def test_two_articles_are_gone_in_however_small_an_archive(archive: Archive) -> None:
    missed(archive, 1)
    missed(archive, 2)
    assert held(archive) == []
    missed(archive, 3)
    assert held(archive) == [(None, 3, 0)]


@pytest.mark.parametrize(("there", "is_held"), [(56, True), (57, False)])
def test_a_share_of_those_visited_again_is_too_many(
    archive: Archive, there: int, is_held: bool
) -> None:
    for number in range(3):
        missed(archive, number)
    found(archive, range(10, 10 + there))
    assert bool(held(archive)) is is_held


def test_articles_that_were_not_visited_again_of_late_prove_nothing(archive: Archive) -> None:
    for number in range(3):
        missed(archive, number)
    found(archive, range(100, 200), days=8)
    found(archive, range(200, 300), days=1, born=1)
    assert held(archive) == [(None, 3, 0)]


def test_a_section_of_the_site_that_vanishes_is_seen_among_all_others(archive: Archive) -> None:
    for number in range(3):
        missed(archive, number, layout="legacy-print")
    found(archive, range(10, 200))
    found(archive, range(200, 210), layout="legacy-print")
    assert held(archive) == [("legacy-print", 3, 10)]


def test_an_edition_that_vanishes_is_seen_among_all_others(archive: Archive) -> None:
    for number in range(3):
        missed(archive, number, edition="de")
    found(archive, range(10, 200), edition="uz")
    found(archive, range(200, 210), edition="de")
    (one,) = read_held_back(archive.ledger.database, DELETION, NOW)
    assert one.found == "3 of the 13 articles of the edition de visited in 7 days"
    assert [article_id for article_id, _ in one.examples] == ["uza:2", "uza:1", "uza:0"]
    assert next(alarms_of([one], "uza")).place == "de"


def test_a_few_of_each_section_are_too_many_together(archive: Archive) -> None:
    for number, layout in enumerate(["current", "imported", "legacy-print"]):
        missed(archive, number, layout=layout)
    assert held(archive) == [(None, 3, 0)]


def test_what_went_a_few_at_a_time_in_a_week_counts_together(archive: Archive) -> None:
    for number in range(2):
        missed(archive, number, 4, 3, 2)
        record_gone(archive, f"uza:{number}", "now")
    assert held(archive) == []
    missed(archive, 2)
    assert held(archive) == [(None, 3, 0)]


def test_what_went_long_ago_is_no_sign(archive: Archive) -> None:
    for number in range(9):
        missed(archive, number, 20, 15, 10)
        record_gone(archive, f"uza:{number}", "now")
    missed(archive, 9)
    assert held(archive) == []


def test_an_archive_in_which_many_go_holds_back_no_more_than_its_own_share(
    archive: Archive,
) -> None:
    for number in range(10):
        missed(archive, number)
    found(archive, range(10, 50))
    run(archive, 5, new=100, gone=8)
    assert len(held(archive)) == 1  # too few to know
    run(archive, 6, unchanged=900, gone=72)
    assert held(archive) == []
    run(archive, 1, unchanged=900, missing=9000)  # a site that is out of order
    assert len(held(archive)) == 1
    run(archive, 100, gone=90_000)
    assert len(held(archive)) == 1


def test_a_setting_says_how_many_may_go(archive: Archive) -> None:
    for number in range(3):
        missed(archive, number)
    assert held(archive, Deletion(sightings=3, hours=48, share=1)) == []


def test_an_article_is_due_after_so_many_visits_over_so_long(archive: Archive) -> None:
    missed(archive, 1, 3, 2, 1)
    missed(archive, 2, 3, 1)
    missed(archive, 3, 2.9, 2, 1)
    both = [Sighting(200, before(3), "page", "p"), Sighting(404, before(3), "api", "a")]
    missed(archive, 4, 1)
    archive.ledger.states.note_absence("uza:4", both)
    assert due_articles(archive.ledger.database, DELETION) == ["uza:1"]
    seen = archive.ledger.states.absences
    told = [DELETION.is_over(seen(f"uza:{number}")) for number in (1, 2, 3, 4)]
    assert told == [True, False, False, False]


def test_evidence_later_than_now_was_dated_by_a_wrong_clock(archive: Archive) -> None:
    missed(archive, 1, -30, 2)
    assert [seen.at for seen in archive.ledger.states.absences("uza:1")] == [before(2)]


def test_who_has_looked_lets_them_go_with_the_evidence_and_is_not_asked_again(
    archive: Archive,
) -> None:
    for number in range(5):
        missed(archive, number, 4, 3, 2)
    assert held(archive) == [(None, 5, 0)]
    confirm_gone(archive, [f"uza:{number}" for number in range(5)], "confirm-gone-now")
    assert held(archive) == []
    row = archive.read(archive.ledger.versions("uza:3")[0])
    assert (row["change"], row["version"], row["run"]) == ("gone", 2, "confirm-gone-now")
    assert row["schema"] == "1.5"
    assert row["evidence"] == [
        {"status": 404, "at": before(days), "asked": "page", "url": "https://uza.uz/posts/3"}
        for days in (4, 3, 2)
    ]


def test_what_is_held_back_is_told_in_words() -> None:
    held_back = HeldBack(layout="current", edition=None, missing=3, there=4, most=0.05, examples=[])
    assert held_back.found == "3 of the 7 articles of the layout current visited in 7 days"

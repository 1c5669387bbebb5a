"""Captures in web archives as work: of one backfill, one at a time, and beside the live site."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.crawl.deletions import Deletion
from crawler.crawl.outcomes import Outcomes, RetryPolicy
from crawler.extract.memento import Memento
from crawler.maintenance.rebuild import Rebuild
from crawler.model.identity import Identity
from crawler.model.link import Link
from crawler.store.archive import Archive
from crawler.store.frontier import Scope
from crawler.system.clock import steady
from tests.crawler.archives import article, crash, store

BACKFILL = "wayback=1"
POLICY = RetryPolicy(retry_wait=600, retry_times=3, gone=Deletion(sightings=3, hours=48))


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with closing(Archive(tmp_path / "uza")) as archive:
        archive.ledger.frontier.scope = Scope(BACKFILL, ())
        yield archive


@pytest.fixture
def outcomes(archive: Archive) -> Outcomes:
    return Outcomes(archive, POLICY, "now")


def identity(number: int) -> Identity:
    return Identity(f"uza:{number}", f"https://uza.uz/posts/{number}")


def note(archive: Archive, number: int, digest: str, day: int = 1) -> bool:
    memento = Memento("https://a.example", f"201903{day:02}000000", f"http://uza.uz/posts/{number}")
    return archive.ledger.archived.note(identity(number), memento, digest)


def begin(outcomes: Outcomes, most: int = 100) -> list[tuple[str, str]]:
    """Take work as a run does; return article and time of each capture."""
    batch = outcomes.archive.ledger.pending(most, outcomes.in_flight)
    outcomes.in_flight.update((pending.id, pending) for pending in batch)
    return [(pending.id, pending.archived.taken_at[8:10]) for pending in batch if pending.archived]


def told(archive: Archive, query: str) -> list[Any]:
    return archive.ledger.database.execute(query).fetchall()


def test_one_capture_of_an_article_is_under_way_at_a_time_the_latest_first(
    archive: Archive, outcomes: Outcomes
) -> None:
    assert note(archive, 1, "A", 1)
    assert note(archive, 1, "B", 3)
    assert note(archive, 2, "A", 2)
    assert begin(outcomes) == [("uza:1", "03"), ("uza:2", "02")]
    assert begin(outcomes) == []
    outcomes.unchanged("uza:1", "")
    assert begin(outcomes) == [("uza:1", "01")]


def test_of_captures_with_equal_content_the_latest_is_kept(
    archive: Archive, outcomes: Outcomes
) -> None:
    assert note(archive, 1, "A", 2)
    assert not note(archive, 1, "A", 5)
    assert not note(archive, 1, "A", 3)
    assert begin(outcomes) == [("uza:1", "05")]
    assert outcomes.in_flight["uza:1"].address == "https://a.example/20190305000000id_/" + (
        "http://uza.uz/posts/1"
    )


def test_what_is_done_is_no_work_again(archive: Archive, outcomes: Outcomes) -> None:
    note(archive, 1, "A", 2)
    begin(outcomes)
    outcomes.absent("uza:1", "HTTP 404", "")
    assert not note(archive, 1, "A", 3)
    assert archive.ledger.backlog() == 0
    assert told(archive, "SELECT state, reason FROM archived") == [("done", "absent: HTTP 404")]


def test_captures_are_work_of_the_backfill_that_asked_for_them_last(archive: Archive) -> None:
    frontier = archive.ledger.frontier
    note(archive, 1, "A")
    frontier.scope = Scope()
    assert archive.ledger.pending(100, ()) == []
    assert archive.ledger.backlog() == 0
    frontier.scope = Scope("since=2019-01-01 wayback=1", ())
    assert archive.ledger.backlog() == 0
    assert note(archive, 1, "A")
    assert archive.ledger.backlog() == 1


def test_a_failed_capture_waits_longer_each_time_and_is_given_up_in_the_end(
    archive: Archive, outcomes: Outcomes
) -> None:
    note(archive, 1, "A")
    waits = []
    for _ in range(POLICY.retry_times):
        archive.ledger.frontier.began = 4e9
        archive.ledger.database.execute("UPDATE archived SET due = 0")
        begin(outcomes)
        outcomes.failed("uza:1", "HTTP 503", "")
        ((due,),) = told(archive, "SELECT due FROM archived")
        waits.append(due and due - steady())
    assert waits[:2] == [pytest.approx(600, abs=60), pytest.approx(2400, abs=60)]
    assert waits[2:] == [None]
    assert told(archive, "SELECT state, reason FROM archived") == [("failed", "HTTP 503")]


def test_what_would_be_the_same_again_is_given_up_at_once(
    archive: Archive, outcomes: Outcomes
) -> None:
    note(archive, 1, "A")
    begin(outcomes)
    outcomes.failed("uza:1", "no layout", "", is_final=True)
    assert told(archive, "SELECT state, due FROM archived") == [("failed", None)]
    assert outcomes.counts == {"failed": 1}


def test_a_capture_changes_nothing_of_what_is_known_of_the_live_site(
    archive: Archive, outcomes: Outcomes
) -> None:
    for number in range(1, 6):
        store(archive, number)
        note(archive, number, "A")
    state = "SELECT id, state, reason, due, fetched_at, attempts, address FROM article"
    before = told(archive, state)
    archive.ledger.frontier.began = 1  # the live articles are not due
    begin(outcomes)
    outcomes.unchanged("uza:1", "2019-01-01T00:00:00Z")
    outcomes.refused("uza:2", "no title", "")
    outcomes.failed("uza:3", "HTTP 503", "")
    outcomes.absent("uza:4", "HTTP 404", "")
    archive.record(
        article(
            5,
            version=2,
            change="older",
            fetched_at="2019-01-01T00:00:00Z",
            archive_url="https://a.example/2019/x",
            title="Older",
        )
    )
    outcomes.stored("uza:5", "older", "Older", None)
    assert told(archive, state) == before
    assert told(archive, "SELECT title, version FROM article WHERE id = 'uza:5'") == [
        ("Title 5", 1)
    ]
    assert outcomes.counts.total() == 5


def test_an_older_page_rewrites_no_year(archive: Archive) -> None:
    store(archive, 1, published_at="2019-02-01")
    archive.ledger.database.execute("DELETE FROM changed_year")
    archive.record(
        article(
            1,
            version=2,
            change="older",
            fetched_at="2019-01-01T00:00:00Z",
            archive_url="https://a.example/2019/x",
            published_at="2018-02-01",
        )
    )
    assert told(archive, "SELECT * FROM changed_year") == []


def test_an_article_that_only_archives_know_is_visited_once_the_site_shows_it(
    archive: Archive, outcomes: Outcomes
) -> None:
    note(archive, 1, "A")
    begin(outcomes)
    archive.record(article(1, archive_url="https://a.example/2019/x"))
    outcomes.stored("uza:1", "new", "Title 1", None)
    frontier = archive.ledger.frontier
    frontier.visit_all(BACKFILL)
    assert told(archive, "SELECT state, due FROM article") == [("archived", None)]
    frontier.scope = Scope()
    assert frontier.discover(identity(1), Link("https://uza.uz/posts/mill_1", "api"))
    (pending,) = archive.ledger.pending(100, ())
    assert (pending.address, pending.archived) == ("https://uza.uz/posts/mill_1", None)
    assert told(archive, "SELECT state FROM article") == [("stored",)]


def test_a_killed_search_goes_on_where_its_captures_are_noted(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "uza")
    archive.ledger.frontier.scope = Scope(BACKFILL, ())
    note(archive, 1, "A")
    archive.ledger.archived.set_place("query", "first")
    archive.commit()
    note(archive, 2, "A")
    archive.ledger.archived.set_place("query", "second")
    crash(archive)
    with closing(Archive(tmp_path / "uza")) as again:
        again.ledger.frontier.scope = Scope(BACKFILL, ())
        assert again.ledger.archived.place("query") == "first"
        assert again.ledger.backlog() == 1
        again.ledger.frontier.scope = Scope("other", ())
        assert again.ledger.archived.place("query") is None


def test_a_rebuilt_ledger_plans_no_visit_of_what_only_archives_know(tmp_path: Path) -> None:
    folder = tmp_path / "uza"
    with closing(Archive(folder)) as archive:
        store(archive, 1)
        archive.ledger.frontier.scope = Scope(BACKFILL, ())
        note(archive, 2, "A")
        archive.record(article(2, archive_url="https://a.example/2019/x"))
    said: list[str] = []
    Rebuild(folder, said.append).make()
    with closing(Archive(folder)) as archive:
        rows = told(archive, "SELECT id, state, due IS NULL FROM article")
    assert rows == [("uza:1", "stored", 0), ("uza:2", "archived", 1)]
    assert "they match the old ledger" in said[0]


def test_no_capture_of_a_withdrawn_article_is_work_neither_known_before_nor_found_later(
    archive: Archive, outcomes: Outcomes
) -> None:
    note(archive, 1, "A")
    note(archive, 2, "A")
    archive.record(article(1, version=1, change="withdrawn", reason="a court"))
    assert not note(archive, 1, "B")
    assert begin(outcomes) == [("uza:2", "01")]
    assert told(archive, "SELECT digest, due FROM archived WHERE article_id = 'uza:1'") == [
        ("A", None)
    ]

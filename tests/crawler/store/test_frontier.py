from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.model.article import Sighting
from crawler.model.identity import Identity
from crawler.model.link import Link, Source
from crawler.store.frontier import Frontier, Scope
from crawler.store.ledger import Ledger
from crawler.store.states import FRESH, REVISIT, States
from crawler.system.clock import now, rfc3339, steady
from tests.days import pass_time


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with closing(Ledger(tmp_path / "ledger.sqlite")) as ledger:
        yield ledger


@pytest.fixture
def frontier(ledger: Ledger) -> Frontier:
    return ledger.frontier


@pytest.fixture
def states(ledger: Ledger) -> States:
    return ledger.states


def identity(number: int) -> Identity:
    return Identity(f"uza:{number}", f"https://uza.uz/posts/{number}")


def found(number: int, source: Source = "api", **hints: str) -> Link:
    return Link(f"https://uza.uz/en/posts/slug_{number}", source, **hints)


def ids(frontier: Frontier, backfill: str | None = None) -> list[str]:
    frontier.scope = Scope(backfill, ()) if backfill else Scope()
    return [pending.id for pending in frontier.pending(100, ())]


def test_a_new_article_becomes_work_once(frontier: Frontier) -> None:
    assert frontier.discover(identity(1), found(1))
    assert not frontier.discover(identity(1), found(1, "rss"))
    (pending,) = frontier.pending(100, ())
    assert (pending.id, pending.url, pending.address) == (
        "uza:1",
        "https://uza.uz/posts/1",
        "https://uza.uz/en/posts/slug_1",
    )


def test_hints_of_the_api_come_before_those_of_other_sources(frontier: Frontier) -> None:
    frontier.discover(identity(1), found(1, "rss", title="From the feed"))
    frontier.discover(identity(1), found(1, "api", title="From the API", edition="en"))
    (pending,) = frontier.pending(100, ())
    assert pending.link == found(1, "api", title="From the API", edition="en")


def test_hints_of_a_source_that_knows_the_edition_come_before_others(frontier: Frontier) -> None:
    frontier.discover(identity(1), found(1, "ids"))
    frontier.discover(identity(1), found(1, "rss", edition="en"))
    (pending,) = frontier.pending(100, ())
    assert pending.link == found(1, "rss", edition="en")


def test_what_is_under_way_is_not_given_out_again(frontier: Frontier) -> None:
    for number in range(5):
        frontier.discover(identity(number), found(number))
    first = {pending.id for pending in frontier.pending(2, ())}
    second = {pending.id for pending in frontier.pending(5, first)}
    assert len(first) == 2
    assert len(second) == 3
    assert not first & second


def test_a_stored_article_is_work_again_when_its_listing_contradicts_itself(
    frontier: Frontier, states: States
) -> None:
    frontier.discover(identity(1), found(1, title="Old", modified_raw="10:00"))
    states.settled("uza:1", "stored")
    assert not frontier.discover(identity(1), found(1, title="Old", modified_raw="10:00"))
    assert not frontier.discover(identity(1), found(1, "rss", title="As the feed words it"))
    assert ids(frontier) == []
    assert frontier.discover(identity(1), found(1, title="New", modified_raw="10:00"))
    assert ids(frontier) == ["uza:1"]
    states.settled("uza:1", "stored")
    assert frontier.discover(identity(1), found(1, title="New", modified_raw="11:00"))


def test_a_time_of_change_counts_if_the_source_told_another_at_the_last_visit(
    frontier: Frontier, states: States
) -> None:
    def told() -> str | None:
        (pending,) = frontier.pending(100, ())
        return pending.link.modified_raw

    frontier.discover(identity(1), found(1, modified_raw="10:00"))
    assert told() == "10:00"  # of a new article
    visit(frontier, states)
    assert told() is None  # it may have changed since then
    frontier.discover(identity(1), found(1, modified_raw="10:00"))
    assert told() is None
    frontier.discover(identity(1), found(1, modified_raw="11:00"))
    assert told() == "11:00"
    frontier.began = steady()  # the visit failed, and the next round tries again
    frontier.discover(identity(1), found(1, modified_raw="11:00"))
    assert told() == "11:00"
    visit(frontier, states)
    assert told() is None
    assert frontier.times_of_change("uza:1") == ["11:00"]


def visit(frontier: Frontier, states: States) -> None:
    """Find the article's page, in a later round than what was told."""
    frontier.database.execute("UPDATE article SET version = 1, first_seen_at = '2026-11-01'")
    pass_time(timedelta(seconds=2))
    states.fetched("uza:1", rfc3339(now()))
    pass_time(timedelta(seconds=2))
    frontier.began = steady()
    frontier.visit("uza:1", "revisit=uza:1")
    frontier.scope = Scope("revisit=uza:1")


def test_editions_that_word_an_article_differently_do_not_contradict_each_other(
    frontier: Frontier, states: States
) -> None:
    frontier.discover(identity(1), found(1, edition="uz", title="Ёмғир", modified_raw="10:00"))
    states.settled("uza:1", "stored")
    for _ in range(2):
        for edition, title in (("oz", "Yomg‘ir"), ("uz", "Ёмғир")):
            shown = found(1, edition=edition, title=title, modified_raw="10:00")
            assert not frontier.discover(identity(1), shown)
    assert ids(frontier) == []
    edited = found(1, edition="uz", title="Қор", modified_raw="11:00")
    assert frontier.discover(identity(1), edited)
    (pending,) = frontier.pending(100, ())
    assert pending.link == edited


@pytest.mark.parametrize("source", ["rss", "api", "html"])
def test_what_was_absent_is_work_once_the_site_lists_it(
    frontier: Frontier, states: States, source: Source
) -> None:
    frontier.discover(identity(1), found(1, "ids"), backfill="ids=1")
    states.settled("uza:1", "absent", "HTTP 404")
    assert not frontier.discover(identity(1), found(1, "ids"), backfill="ids=1")
    assert frontier.discover(identity(1), found(1, source))
    assert ids(frontier) == ["uza:1"]


def test_a_refused_article_is_work_again_when_it_was_edited(
    frontier: Frontier, states: States
) -> None:
    frontier.discover(identity(1), found(1, title="Old"))
    states.settled("uza:1", "refused", "title")
    assert frontier.discover(identity(1), found(1, title="New"))


def test_a_listing_with_news_of_an_article_tells_its_new_address(
    frontier: Frontier, states: States
) -> None:
    frontier.discover(identity(1), found(1, title="Old"))
    states.settled("uza:1", "stored")
    renamed = Link("https://uza.uz/en/posts/renamed_1", "api", title="New")
    frontier.discover(identity(1), renamed)
    assert frontier.pending(1, ())[0].address == renamed.url


def test_a_listing_does_not_hurry_what_waits_after_a_failure(
    frontier: Frontier, states: States
) -> None:
    frontier.discover(identity(1), found(1, title="Old"))
    states.failed("uza:1", "timeout", wait=600, most=6)
    assert not frontier.discover(identity(1), found(1, title="New"))


def test_an_address_asked_for_by_name_is_fetched_again(frontier: Frontier, states: States) -> None:
    frontier.discover(identity(1), found(1))
    states.settled("uza:1", "stored")
    assert frontier.discover(identity(1), found(1, "urls"), backfill="urls=f", again=True)
    assert ids(frontier, "urls=f") == ["uza:1"]


def test_a_backfill_serves_only_what_it_found_and_a_plain_run_serves_all(
    frontier: Frontier,
) -> None:
    frontier.discover(identity(1), found(1))
    frontier.discover(identity(2), found(2, "ids"), backfill="ids=2-3")
    assert ids(frontier, "ids=2-3") == ["uza:2"]
    assert frontier.backlog() == 1
    assert ids(frontier) == ["uza:1", "uza:2"]
    frontier.scope = Scope("ids=2-3", ())
    assert frontier.discover(identity(1), found(1, "ids"), backfill="ids=2-3")
    assert not frontier.discover(identity(1), found(1, "ids"), backfill="ids=2-3")
    assert ids(frontier, "ids=2-3") == ["uza:1", "uza:2"]


def test_fresh_finds_come_before_a_backfill(frontier: Frontier) -> None:
    frontier.discover(identity(1), found(1, "ids"), backfill="ids=1")
    frontier.discover(identity(9), found(9))
    assert ids(frontier) == ["uza:9", "uza:1"]


@pytest.mark.parametrize("scope", [Scope(), Scope("ids=1-9", ()), Scope("ids=1-9", (0, 1))])
def test_the_newest_ids_come_first_without_sorting_all_that_waits(
    ledger: Ledger, scope: Scope
) -> None:
    frontier = ledger.frontier
    frontier.scope = scope
    for number in (101, 103, 102):
        frontier.discover(identity(number), found(number), backfill=scope.backfill)
    assert [pending.id for pending in frontier.pending(100, ())] == [
        "uza:103",
        "uza:102",
        "uza:101",
    ]
    for condition, values in frontier.queues():
        plan = ledger.database.execute(
            f"EXPLAIN QUERY PLAN SELECT id FROM article WHERE {condition} "
            "ORDER BY priority, due, id DESC LIMIT 9",
            values,
        ).fetchall()
        assert [step[3].split()[0] for step in plan] == ["SEARCH"]  # no scan, no sorting


def test_what_failed_is_work_for_a_later_run_and_given_up_in_the_end(
    ledger: Ledger, states: States
) -> None:
    frontier = ledger.frontier
    frontier.discover(identity(1), found(1))
    for _ in range(3):
        assert frontier.backlog() == 1
        states.failed("uza:1", "timeout", wait=0, most=4)
        assert frontier.backlog() == 0
        frontier = Frontier(ledger.states)
    states.failed("uza:1", "timeout", wait=0, most=4)
    assert Frontier(ledger.states).backlog() == 0
    assert ledger.database.execute("SELECT state, reason, attempts FROM article").fetchone() == (
        "failed",
        "timeout",
        4,
    )


def test_waits_grow_fourfold(frontier: Frontier, states: States) -> None:
    frontier.discover(identity(1), found(1))
    waits = []
    for _ in range(3):
        states.failed("uza:1", "timeout", wait=600, most=9)
        (due,) = frontier.database.execute("SELECT due FROM article").fetchone()
        waits.append(round((due - frontier.began) / 600))
    assert waits == [1, 4, 16]


@pytest.mark.parametrize(
    ("source", "listed"),
    [("rss", True), ("api", True), ("html", True), ("ids", False), ("urls", False)],
)
def test_only_the_site_itself_lists_an_article(
    frontier: Frontier, source: Source, listed: bool
) -> None:
    frontier.discover(identity(1), found(1, source))
    assert frontier.is_listed("uza:1") is listed


def test_the_address_that_answered_is_fetched_next_time(frontier: Frontier, states: States) -> None:
    frontier.discover(identity(1), found(1))
    states.answered("uza:1", "https://uza.uz/posts/renamed_1")
    frontier.discover(identity(1), found(1, "urls"), again=True)
    assert frontier.pending(1, ())[0].address == "https://uza.uz/posts/renamed_1"


def test_a_backfill_counts_no_news_a_second_time_that_it_serves_anyhow(frontier: Frontier) -> None:
    frontier.scope = Scope("ids=1-9", (FRESH, REVISIT))  # as in a later round
    assert frontier.discover(identity(1), found(1))
    assert not frontier.discover(identity(1), found(1, "ids"), backfill="ids=1-9")
    assert frontier.backlog() == 1


def test_a_visit_of_all_begins_again_when_only_failures_are_left(ledger: Ledger) -> None:
    frontier = ledger.frontier
    for number in (1, 2):
        frontier.discover(identity(number), found(number))
    ledger.database.execute("UPDATE article SET version = 1, first_seen_at = '2026-01-01'")
    frontier.visit_all("revisit=all")
    ledger.states.settled("uza:1", "stored")
    ledger.states.failed("uza:2", "timeout", wait=600, most=6)
    assert ids(frontier, "revisit=all") == []
    frontier.visit_all("revisit=all")
    assert ids(frontier, "revisit=all") == ["uza:2", "uza:1"]
    frontier.scope = Scope("ids=9", (FRESH, REVISIT))  # another backfill, in a later round
    assert frontier.backlog() == 0


def test_a_redirect_to_an_article_takes_no_hints(frontier: Frontier, states: States) -> None:
    frontier.discover(identity(1), listed := found(1, title="As listed", edition="en"))
    states.settled("uza:1", "stored")
    assert not frontier.discover(identity(1), found(1))
    frontier.visit("uza:1", "")
    assert frontier.pending(1, ())[0].link == listed


def miss(ledger: Ledger, number: int, state: str = "missing") -> None:
    """Leave a stored article that was not there when it was visited."""
    ledger.frontier.discover(identity(number), found(number))
    seen = Sighting(404, "2026-11-20T00:00:00Z", "page", "https://uza.uz/posts/1")
    ledger.states.note_absence(f"uza:{number}", [seen])
    ledger.database.execute(
        "UPDATE article SET version = 1, first_seen_at = '2026-11-01', due = 4e9, state = ?",
        (state,),
    )


@pytest.mark.parametrize(
    ("source", "state"),
    [
        *[(source, "stored") for source in ("rss", "api", "html", "sitemap")],
        *[(source, "missing") for source in ("ids", "wayback", "warc")],
    ],
)
def test_a_missing_article_that_the_site_lists_is_there(
    ledger: Ledger, source: Source, state: str
) -> None:
    miss(ledger, 1)
    assert not ledger.frontier.discover(identity(1), found(1, source))
    assert ledger.states.state("uza:1") == state
    assert len(ledger.states.absences("uza:1")) == (state == "missing")
    (due,) = ledger.database.execute("SELECT due FROM article").fetchone()
    assert due == 4e9  # it is visited when that was planned


def test_a_gone_article_that_the_site_lists_is_visited_at_once(ledger: Ledger) -> None:
    miss(ledger, 1, "gone")
    assert not ledger.frontier.discover(identity(1), found(1, "ids"))
    assert ledger.frontier.discover(identity(1), found(1, "rss"))
    assert ids(ledger.frontier) == ["uza:1"]
    assert ledger.states.state("uza:1") == "stored"


def test_an_article_is_listed_now_if_a_list_shows_it_in_this_round(frontier: Frontier) -> None:
    frontier.discover(identity(1), found(1, title="Rain"))
    frontier.began += 60  # a later round, or run
    assert frontier.is_listed("uza:1")
    assert not frontier.is_listed_now("uza:1")
    frontier.began -= 120
    frontier.discover(identity(1), found(1, title="Rain"))
    assert frontier.is_listed_now("uza:1")


def test_listed_as_before_is_listed_again(ledger: Ledger) -> None:
    ledger.frontier.discover(identity(1), found(1, title="Rain"))
    ledger.database.execute("UPDATE sighting SET seen_at = NULL")  # of an earlier release
    assert not ledger.frontier.is_listed_now("uza:1")
    ledger.frontier.discover(identity(1), found(1, title="Rain"))
    assert ledger.frontier.is_listed_now("uza:1")

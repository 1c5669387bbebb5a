import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from replica import Replica, faults
from replica.faults import Action, Fault
from replica.messages import Answer, Request
from replica.post import Post
from replica.world import World
from tests.crawls.harness import LONGEST, NOW, Crawl, Run, ids_of, targets, wait_until
from tests.crawls.truth import expected

EDITIONS = 10  # that a plain run asks for; the replica has no Turkish


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Crawl, Run, Path]]:
    """A plain run on an empty folder, with a feed, started as an operator starts it."""
    folder = tmp_path_factory.mktemp("first")
    feed = folder / "out.jsonl"
    with Replica(World(seed=7, posts=200, now=NOW)) as replica:
        crawl = Crawl(replica, folder)
        crawl.fresh = True
        yield crawl, crawl("-O", str(feed)), feed


def publish(replica: Replica, count: int) -> list[str]:
    """Publish English posts and return all ids of that edition."""
    for _ in range(count):
        replica.world.publish("en")
    return ids_of(replica.world.listing("en"))


def test_every_listed_post_becomes_one_row(first: tuple[Crawl, Run, Path]) -> None:
    crawl, run, _ = first
    assert crawl.ids() == ids_of(crawl.replica.world.listing())
    assert run.outcomes == {"new": len(crawl.ids())}
    assert run.report["sources_failed"] == {}


def test_every_row_says_what_the_post_says(first: tuple[Crawl, Run, Path]) -> None:
    crawl, run, _ = first
    rows = {row["id"]: row for row in crawl.rows()}
    wrong = [
        (post.path, name, value, rows[post.article_id][name])
        for post in crawl.replica.world.listing()
        for name, value in expected(post).items()
        if rows[post.article_id][name] != value
    ]
    assert wrong == []
    assert {row["run"] for row in rows.values()} == {run.report["run"]}


def test_a_feed_holds_the_rows_of_the_run(first: tuple[Crawl, Run, Path]) -> None:
    crawl, _, feed = first
    fed = {row["id"]: row for row in map(json.loads, feed.read_text().splitlines())}
    assert fed == {row["id"]: row for row in crawl.rows()}


def test_every_request_names_the_contact(first: tuple[Crawl, Run, Path]) -> None:
    agents = {logged.headers["user-agent"] for logged in first[0].replica.requests}
    assert agents == {"agency-news-archive/0.1 (+tests@example.org)"}


def test_the_log_has_a_line_an_article_at_most_and_opens_no_port(
    first: tuple[Crawl, Run, Path],
) -> None:
    crawl, run, _ = first
    words = Counter(word.rstrip(":") for line in run.log.splitlines() for word in {*line.split()})
    assert {words[name] for name in crawl.ids()} == {1}
    assert "listening" not in run.log


def test_a_run_without_a_contact_says_so(crawl: Crawl, replica: Replica) -> None:
    run = crawl("-a", "editions=en", "-a", "limit=1", CONTACT="")
    assert "CONTACT is not set. Set it to a URL or e-mail" in run.log
    assert replica.requests[0].headers["user-agent"] == "agency-news-archive/0.1"


def test_a_second_run_asks_little_and_adds_no_line(crawl: Crawl, replica: Replica) -> None:
    publish(replica, 120)  # three pages of the last 48 hours, of which the second run needs one
    crawl()
    rows = crawl.rows()
    replica.requests.clear()
    run = crawl()
    assert crawl.rows() == rows
    assert run.outcomes == {}
    asked = [target for target in targets(replica) if target != "/robots.txt"]
    assert len(asked) <= 2 * EDITIONS


def test_what_changed_between_runs_arrives(crawl: Crawl, replica: Replica) -> None:
    crawl("-a", "editions=en,fr")
    edited, touched = replica.world.listing("en", imported=False)[:2]
    replica.world.edit(edited.id, title="Bridge over the Oqsuv closed again")
    replica.world.edit(touched.id)
    fresh = [replica.world.publish("fr") for _ in range(3)]
    run = crawl("-a", "editions=en,fr")
    assert run.outcomes == {"new": 3, "edited": 1, "unchanged": 1}
    assert set(ids_of(fresh)) <= set(crawl.ids())
    row = crawl.row(edited)
    assert (row["version"], row["change"]) == (2, "edited")
    assert row["changed_fields"] == ["title"]
    assert row["title"] == "Bridge over the Oqsuv closed again"
    assert crawl.row(touched)["version"] == 1


@pytest.mark.any_day
def test_a_first_run_stops_where_its_hours_end(crawl: Crawl, replica: Replica) -> None:
    for minutes in range(0, 8640, 40):  # six days
        replica.world.publish("en", at=NOW - timedelta(minutes=minutes))
    crawl("-a", "editions=en")
    wanted = [
        post
        for post in replica.world.listing("en", imported=False)
        if post.published_at > NOW - timedelta(hours=47)
    ]
    assert set(ids_of(wanted)) <= set(crawl.ids())
    assert targets(replica, "&page=2")
    assert not targets(replica, "&page=4")


def test_many_pages_published_since_the_last_run_are_all_found(
    crawl: Crawl, replica: Replica
) -> None:
    crawl.begin("-a", "editions=en")
    everything = publish(replica, 220)
    crawl("-a", "editions=en")
    assert crawl.ids() == everything


def test_a_walk_killed_between_two_pages_leaves_no_hole(crawl: Crawl, replica: Replica) -> None:
    crawl.begin("-a", "editions=en")
    everything = publish(replica, 120)
    replica.faults.append(Fault("&page=2", faults.hang()))
    with crawl.start("-a", "editions=en") as process:
        wait_until(lambda: waiting(crawl) == 50)  # page 1 is committed
        process.kill()
    assert targets(replica, "&page=2")
    replica.faults.clear()
    run = crawl("-a", "editions=en")
    assert run.report["carried_over"] == 50
    assert crawl.ids() == everything


def test_a_list_that_seems_to_end_too_early_leaves_no_hole(crawl: Crawl, replica: Replica) -> None:
    crawl.begin("-a", "editions=en")
    everything = publish(replica, 120)
    replica.faults.append(Fault("&page=2", faults.json_text('{"data": []}'), times=1))
    run = crawl("-a", "editions=en", exit_code=3)
    assert run.report["sources_failed"]["en/api"].startswith("the list ends before")
    crawl("-a", "editions=en")
    assert crawl.ids() == everything


def waiting(crawl: Crawl) -> int:
    """Return how many articles the ledger holds as work."""
    ledger = sqlite3.connect(f"file:{crawl.data}/uza/ledger.sqlite?mode=ro", uri=True)
    with closing(ledger):
        (count,) = ledger.execute("SELECT count(*) FROM article WHERE state = 'pending'").fetchone()
    return int(count)


def test_a_list_that_shifts_while_it_is_read_loses_and_doubles_nothing(
    crawl: Crawl, replica: Replica
) -> None:
    before = publish(replica, 130)
    replica.options.shift = 7
    crawl("-a", "editions=en")
    assert set(before) <= set(crawl.ids())
    replica.options.shift = 0
    crawl("-a", "editions=en")
    assert crawl.ids() == ids_of(replica.world.listing("en"))


def test_posts_removed_while_a_list_is_read_hide_no_other(crawl: Crawl, replica: Replica) -> None:
    publish(replica, 120)
    removed = replica.world.listing("en")[10:14]
    replica.faults.append(Fault("posts.*&page=1$", taking_down(replica, removed), times=1))
    run = crawl("-a", "editions=en")
    assert crawl.ids() == ids_of(replica.world.listing("en"))
    assert run.report["reasons"] == {"failed: listed but HTTP 404": 4}


def taking_down(replica: Replica, posts: Iterable[Post]) -> Action:
    """Take posts down once the answer that shows them is made."""

    def act(request: Request, answer: Answer) -> Answer:
        for post in posts:
            replica.world.remove(post.id)
        return answer

    return act


def test_of_two_runs_at_once_one_works(crawl: Crawl, replica: Replica) -> None:
    asked, refused = Event(), Event()

    def hold(request: Request, answer: Answer) -> Answer:
        asked.set()
        refused.wait(LONGEST)
        return answer

    replica.faults.append(Fault("/robots.txt", hold, times=1))
    with crawl.start("-a", "editions=en") as working:
        asked.wait(LONGEST)
        other = crawl("-a", "editions=en", exit_code=5)
        refused.set()
        working.wait(LONGEST)
    assert f"pid {working.pid}" in other.log
    assert len(other.log.splitlines()) == 1
    assert working.returncode == 0
    assert crawl.ids() == ids_of(replica.world.listing("en"))

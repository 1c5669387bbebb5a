"""SIGINT and SIGTERM: one ends a run in order, two at once, and nothing is lost or doubled."""

import json
import time
from signal import SIGINT, SIGTERM, Signals
from subprocess import Popen
from typing import Any

import pytest

from replica import Replica, faults
from replica.faults import Fault
from tests.crawls.harness import FAULTS_OF_OURS, Crawl, ids_of, targets, wait_until

CODES = {SIGINT: 130, SIGTERM: 143}
both = pytest.mark.parametrize("number", CODES, ids=lambda number: number.name)


def ended(process: Popen[str]) -> tuple[int, float, str]:
    """Return exit code, seconds until the end, and log; no fault of ours may show."""
    began = time.monotonic()
    log = process.communicate(timeout=60)[1]
    assert not [sign for sign in FAULTS_OF_OURS if sign in log], log
    return process.returncode, time.monotonic() - began, log


def wait_for_line(process: Popen[str], part: str) -> None:
    """Return once the log has a line with that part."""
    log_lines = iter(process.stderr or ())
    wait_until(lambda: part in next(log_lines))


def report(crawl: Crawl) -> dict[str, Any]:
    """Return the only run report; its sums must balance."""
    (path,) = crawl.data.glob("uza/runs/*.json")
    told: dict[str, Any] = json.loads(path.read_text())
    assert (
        told["carried_over"] + told["discovered"]
        == sum(told["outcomes"].values()) + told["pending"]
    )
    return told


def check_next_run(crawl: Crawl, replica: Replica) -> None:
    """The next run completes, with every article exactly once."""
    crawl("-a", "editions=en")
    assert crawl.ids() == ids_of(replica.world.listing("en"))


@both
def test_a_signal_ends_a_slow_run_at_once_and_what_waits_is_left(
    crawl: Crawl, replica: Replica, number: Signals
) -> None:
    slow: dict[str, object] = {"DOWNLOAD_DELAY": 5, "DOWNLOAD_DELAY_JITTER": 0}
    posts = replica.world.listing(imported=False)
    ids = f"ids={min(post.id for post in posts)}-{max(post.id for post in posts)}"
    with crawl.start("-a", ids, **slow) as process:
        wait_until(lambda: targets(replica, "/posts/"))
        asked_for = len(replica.requests)
        process.send_signal(number)
        code, seconds, log = ended(process)
    assert code == CODES[number]
    assert seconds < 10, log
    assert len(replica.requests) == asked_for
    assert report(crawl)["pending"] > 50
    assert number.name in report(crawl)["stopped_by"]
    crawl("-a", ids)
    assert crawl.ids() == ids_of(posts)


def test_a_transfer_that_hangs_is_broken_off_and_left(crawl: Crawl, replica: Replica) -> None:
    for _ in range(3):
        replica.world.publish("en")
    hanging, slow, *_ = replica.world.listing("en", imported=False)
    replica.faults += [
        Fault(f"/posts/.*{hanging.id}", faults.hang(), times=1),
        Fault(f"/posts/.*{slow.id}", faults.delay(1.5), times=1),
    ]
    with crawl.start("-a", "editions=en", STOP_SECONDS=3) as process:
        wait_until(lambda: targets(replica, str(hanging.id)) and targets(replica, str(slow.id)))
        process.send_signal(SIGTERM)
        code, seconds, log = ended(process)
    assert code == 143
    assert 2.5 < seconds < 10, log
    assert report(crawl)["outcomes"]["failed"] == 0
    assert report(crawl)["pending"] >= 1
    assert slow.article_id in crawl.ids()
    assert hanging.article_id not in crawl.ids()
    replica.requests.clear()
    check_next_run(crawl, replica)
    assert targets(replica, str(hanging.id))


def test_no_further_page_of_a_listing_is_asked_for(crawl: Crawl, replica: Replica) -> None:
    for _ in range(60):
        replica.world.publish("en")
    replica.faults.append(Fault("/api/v1/posts[?]", faults.delay(1), times=1))
    with crawl.start("-a", "editions=en") as process:
        wait_until(lambda: targets(replica, "page=1"))
        process.send_signal(SIGINT)
        assert ended(process)[0] == 130
    assert not targets(replica, "page=2")
    assert report(crawl)["pending"] >= 50
    check_next_run(crawl, replica)


def test_nothing_that_waits_for_robots_txt_is_asked_for(crawl: Crawl, replica: Replica) -> None:
    replica.faults.append(Fault("/robots.txt", faults.delay(1), times=1))
    number = replica.world.listing("en", imported=False)[0].id
    with crawl.start("-a", f"ids={number - 9}-{number}") as process:
        wait_until(lambda: targets(replica, "/robots.txt"))
        process.send_signal(SIGTERM)
        assert ended(process)[0] == 143
    assert targets(replica) == ["/robots.txt"]
    assert report(crawl)["pending"] == 10


@both
def test_a_second_signal_ends_the_run_at_once(
    crawl: Crawl, replica: Replica, number: Signals
) -> None:
    hanging = replica.world.listing("en", imported=False)[0]
    replica.faults.append(Fault(f"/posts/.*{hanging.id}", faults.hang(), times=1))
    with crawl.start("-a", "editions=en") as process:
        wait_until(lambda: targets(replica, str(hanging.id)))
        process.send_signal(number)
        wait_for_line(process, "stopping")
        process.send_signal(number)
        code, seconds, log = ended(process)
    assert code == CODES[number]
    assert seconds < 5, log
    check_next_run(crawl, replica)


@both
def test_a_signal_during_start_up_ends_with_its_code(
    crawl: Crawl, replica: Replica, number: Signals
) -> None:
    with crawl.start("-a", "editions=en") as process:
        wait_until(lambda: (crawl.data / "uza" / "lock").exists())
        process.send_signal(number)
        assert ended(process)[0] == CODES[number]
    check_next_run(crawl, replica)


@both
def test_a_signal_after_the_end_changes_nothing(crawl: Crawl, number: Signals) -> None:
    with crawl.start("-a", "editions=en", "-a", "limit=1") as process:
        wait_for_line(process, "Spider closed")
        process.send_signal(number)
        assert ended(process)[0] == 0

"""Run reports: what stands in them, and that a killed run has one too."""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from replica import Replica, faults
from replica.faults import Fault
from tests.crawls.harness import LONGEST, Crawl, in_order, targets, wait_until

ENGLISH = ("-a", "editions=en")


def reports(crawl: Crawl) -> list[dict[str, Any]]:
    """Return all run reports, oldest first."""
    return [json.loads(path.read_text()) for path in in_order(crawl.data.glob("uza/runs/*.json"))]


def balances(report: Mapping[str, Any]) -> bool:
    work = report["carried_over"] + report["discovered"]
    return bool(work == sum(report["outcomes"].values()) + report["pending"])


def committed(crawl: Crawl) -> int:
    """Return how many versions the ledger covers."""
    path = crawl.data / "uza" / "ledger.sqlite"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as ledger:
        return int(ledger.execute("SELECT count(*) FROM version").fetchone()[0])


def test_the_next_run_writes_the_report_of_a_killed_one_also_of_one_that_stored_nothing(
    crawl: Crawl, replica: Replica
) -> None:
    for _ in range(10):
        replica.world.publish("en")
    hanging = replica.world.listing("en", imported=False)[-1]
    replica.faults += [
        Fault("/robots.txt", faults.hang(), times=1),
        Fault(f"/posts/.*{hanging.id}", faults.hang(), times=1),
    ]
    with crawl.start(*ENGLISH) as process:
        wait_until(lambda: targets(replica))
        process.kill()
    assert reports(crawl) == []
    with crawl.start(*ENGLISH) as process:
        wait_until(lambda: targets(replica, str(hanging.id)) and committed(crawl))
        process.kill()
    stored = committed(crawl)
    with crawl.start(*ENGLISH) as process:
        log = process.communicate(timeout=60)[1]
    assert process.returncode == 0, log
    early, killed, finished = reports(crawl)
    for each in (early, killed):
        ended = [each[name] for name in ("stopped_by", "exit_code", "exit_reason")]
        assert ended == ["killed", None, "killed"]
    assert (finished["exit_code"], finished["exit_reason"].endswith(" new")) == (0, True)
    assert balances(early)
    assert killed["outcomes"]["new"] == stored > 0
    assert killed["pending"] > 0
    assert killed["started_at"] <= killed["ended_at"] <= finished["started_at"]
    assert balances(killed)
    assert balances(finished)
    assert log.count("was killed") == 1

    again = crawl(*ENGLISH)
    assert "was killed" not in again.log
    assert len(reports(crawl)) == 4


def test_a_report_tells_articles_fields_slow_pages_and_waits(
    crawl: Crawl, replica: Replica
) -> None:
    slow, busy, *_ = replica.world.listing("ru", imported=False)
    replica.faults += [
        Fault(f"/posts/.*{slow.id}", faults.delay(0.7)),
        Fault(f"/posts/.*{busy.id}", faults.busy(1), times=1),
    ]
    run = crawl("-a", "editions=ru")
    assert run.report["articles"].keys() == {"ru/api"}
    assert sum(run.report["articles"].values()) == run.outcomes["new"]
    assert 1 <= run.report["seconds"] < LONGEST  # a wait of a second
    assert run.report["editions"] == {"ru": run.outcomes}
    assert run.report["fill_rates"]["body"] == 1
    (url, seconds), *_ = run.report["slowest"]
    assert str(slow.id) in url
    assert seconds >= 0.7
    assert run.report["throttling"]["waits asked for"] == 1
    assert run.report["bytes_saved"] == 0

    again = crawl("-a", "editions=ru", "-a", f"revisit={slow.article_id}")
    assert again.outcomes == {"unchanged": 1}
    assert again.report["bytes_saved"] > 1000


def test_reports_that_cannot_be_written_end_the_run_as_a_fault_of_the_storage(
    crawl: Crawl, replica: Replica
) -> None:
    (crawl.data / "uza").mkdir(parents=True)
    (crawl.data / "uza" / "runs").write_text("in the way")
    run = crawl(*ENGLISH, exit_code=7)
    assert "runs" in run.log

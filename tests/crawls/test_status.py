import json
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from replica import Replica, faults
from replica.faults import Fault
from tests.commands import Refused, scrapy
from tests.crawls.harness import Crawl, wait_until


def status(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return scrapy("status", *arguments, DATA_DIR=data)


def test_status_tells_what_the_journal_and_the_report_tell(crawl: Crawl) -> None:
    run = crawl("-a", "limit=20")
    files = {path: path.read_bytes() for path in crawl.data.rglob("*.jsonl")}
    told = json.loads(status(crawl.data, "uza", "--json").stdout)
    assert told["articles"]["stored"] == len(crawl.rows()) == told["versions"]["new"]
    assert told["articles"]["pending"] == run.report["pending"] == told["due"]["news"] > 0
    assert told["runs"] == [run.report | {"ended": True}]
    years = {path.stem: path.read_text().count("\n") for path in crawl.data.glob("uza/articles/2*")}
    assert years == {
        year: states["stored"]
        for year, states in told["years"].items()
        if year and "stored" in states
    }
    table = status(crawl.data, "uza")
    assert (table.returncode, table.stderr) == (0, "")
    ended = f"{run.report['run']} ended with exit code 0 (20 new): 20 new, "
    assert ended in table.stdout
    assert {path: path.read_bytes() for path in crawl.data.rglob("*.jsonl")} == files


def test_active_and_killed_runs_are_told_and_when_the_timer_starts_the_next(
    crawl: Crawl, replica: Replica
) -> None:
    replica.faults = [Fault("/posts/", faults.hang())]
    quick = ("-a", "editions=en", "-a", "limit=2")
    with crawl.start(*quick, RUN_EVERY_MINUTES=30):
        wait_until(lambda: any("/posts/" in each.target for each in replica.requests))
        active = overview(crawl.data)
    assert active["running_since"]
    assert (active["exit_code"], active["killed"]) == (None, [])
    killed = overview(crawl.data, exit_code=3)
    assert (killed["running_since"], killed["killed"]) == (None, [active["running_since"]])
    replica.faults = []
    report = crawl(*quick, RUN_EVERY_MINUTES=30).report
    good = overview(crawl.data)
    began = datetime.fromisoformat(report["started_at"])
    assert datetime.fromisoformat(good["next_run"]) == began + timedelta(minutes=30)
    assert (good["exit_code"], good["killed"]) == (0, killed["killed"])
    told = status(crawl.data, "uza").stdout
    assert f"\nnext run  {good['next_run']}\nrun       {report['run']} ended" in told


def overview(data: Path, exit_code: int = 0) -> dict[str, Any]:
    done = status(data, "--json")
    assert done.returncode == exit_code, done.stderr
    (told,) = json.loads(done.stdout)
    return dict(told)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("uza", "other"), "no agency 'other'; there are: "),
        (("uza",), "there is no archive; crawl first"),
    ],
)
def test_a_status_that_cannot_be_told_is_one_line(
    tmp_path: Path, refused: Refused, arguments: tuple[str, ...], message: str
) -> None:
    assert message in refused("status", *arguments, "-s", f"DATA_DIR={tmp_path}")

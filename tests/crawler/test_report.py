from dataclasses import replace
from signal import SIGINT, SIGTERM

import pytest

from crawler.errors import ArchiveError, Blocked, Interrupted, StorageError, TimeUp
from crawler.monitors import Alarm
from crawler.outcomes import OUTCOMES
from crawler.report import Report, exit_code


def report(**counts: int) -> Report:
    """A run that discovered and ended so many articles."""
    return Report(
        agency="uza",
        run="20261123T183000Z",
        started_at="2026-11-23T18:30:00Z",
        ended_at="2026-11-23T18:30:10Z",
        seconds=10,
        backfill=None,
        taken_over=0,
        discovered=sum(counts.values()),
        outcomes={name: counts.get(name, 0) for name in OUTCOMES},
        left=0,
        roads_served={"en/api": 1},
    )


FINE = report(new=90, failed=5)
BLOCKED, STORAGE = Blocked("told to wait"), StorageError("disk full")
ALARM = Alarm("en/current", "authors", "in 0% of the 30 newest articles", "70% before", [])
CHANGED = replace(FINE, monitors=[ALARM])
REFUSED = replace(FINE, roads_served={}, roads_failed={"en/api": "HTTP 403"})


@pytest.mark.parametrize(
    ("run", "stopped_by", "code"),
    [
        (FINE, None, 0),
        (report(new=90, failed=20), None, 3),
        (report(failed=1), None, 0),
        (replace(FINE, roads_failed={"en/api": "HTTP 500"}), None, 3),
        (REFUSED, None, 6),
        (replace(FINE, roads_failed={"en/api": "HTTP 403"}), None, 3),
        (CHANGED, None, 4),
        (replace(CHANGED, roads_failed={"en/api": "HTTP 500"}), None, 3),
        (CHANGED, TimeUp("25 minutes are over"), 4),
        (CHANGED, BLOCKED, 6),
        (FINE, BLOCKED, 6),
        (replace(FINE, faults=1), BLOCKED, 1),
        (replace(FINE, discovered=94), None, 1),
        (replace(FINE, faults=1), STORAGE, 7),
        (FINE, Interrupted(SIGTERM), 143),
        (REFUSED, Interrupted(SIGINT), 130),
        (replace(FINE, faults=1), Interrupted(SIGINT), 1),
    ],
)
def test_exit_code_is_the_first_that_holds(
    run: Report, stopped_by: ArchiveError | None, code: int
) -> None:
    assert exit_code(run, stopped_by) == code


def test_the_table_shows_the_sums_and_what_was_left() -> None:
    run = replace(report(new=3, absent=1), taken_over=2, left=2, reasons={"absent: HTTP 404": 1})
    assert run.lines() == [
        "articles   2 taken over + 4 discovered = 3 new + 1 absent + 2 left",
        "reasons    absent: HTTP 404: 1",
        "roads      en/api: 1",
        "run        0 requests, 0.0 MB, 10.0 s, 0.4 articles a second",
    ]


def test_sums_that_do_not_balance_are_told() -> None:
    assert "DOES NOT BALANCE" in replace(FINE, left=1).lines()[0]

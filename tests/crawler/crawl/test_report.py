from dataclasses import replace
from signal import SIGINT, SIGTERM

import pytest

from crawler.crawl.run_result import OUTCOMES, Alarm, Ending, Report, ending
from crawler.errors import FAILED_SHARE, ArchiveError, Blocked, Interrupted, StorageError, TimeUp


def report(**counts: int) -> Report:
    """A run that discovered and ended so many articles."""
    return Report(
        agency="uza",
        run="20261123T183000Z",
        started_at="2026-11-23T18:30:00Z",
        ended_at="2026-11-23T18:30:10Z",
        seconds=10,
        backfill=None,
        carried_over=0,
        discovered=sum(counts.values()),
        outcomes={name: counts.get(name, 0) for name in OUTCOMES},
        pending=0,
        sources_served={"en/api": 1},
    )


FINE = report(new=90, failed=5)
BLOCKED, STORAGE = Blocked("told to wait"), StorageError("disk full")
ALARM = Alarm("en/current", "authors", "in 0% of the 30 newest articles", "70% before", [])
CHANGED = replace(FINE, monitors=[ALARM])
REFUSED = replace(FINE, sources_served={}, sources_failed={"en/api": "HTTP 403"})


@pytest.mark.parametrize(
    ("run", "stopped_by", "code"),
    [
        (FINE, None, 0),
        (report(new=90, failed=20), None, 3),
        (report(failed=1), None, 0),
        (replace(FINE, sources_failed={"en/api": "HTTP 500"}), None, 3),
        (REFUSED, None, 6),
        (replace(FINE, sources_failed={"en/api": "HTTP 403"}), None, 3),
        (CHANGED, None, 4),
        (replace(CHANGED, sources_failed={"en/api": "HTTP 500"}), None, 4),
        (replace(report(failed=1), asked_in_vain={"failed": 1}), None, 3),
        (replace(CHANGED, asked_in_vain={"absent": 1}), None, 4),
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
    assert ending(run, stopped_by).code == code


FAILED = {f"{code}/api": "HTTP 404" for code in ("ar", "de", "en", "fr")}


@pytest.mark.parametrize(
    ("run", "stopped_by", "reason"),
    [
        (report(new=12, edited=3), None, "12 new, 3 edited"),
        (report(), None, "there was nothing to do"),
        (FINE, TimeUp("25 minutes are over"), "90 new, 5 failed; 25 minutes are over"),
        (replace(FINE, sources_failed={"ar/api": "HTTP 404"}), None,
         "source ar/api failed (HTTP 404)"),
        (replace(report(new=68, failed=12), sources_failed=FAILED), None,
         "4 sources: ar/api failed (HTTP 404), de/api failed (HTTP 404), en/api failed (HTTP 404) "
         "and 1 more; 12 of 80 articles failed"),
        (replace(report(failed=1, absent=2), asked_in_vain={"failed": 1, "absent": 2}), None,
         "requested by name, but not fetched: 1 failed, 2 absent"),
        (replace(CHANGED, sources_failed={"ar/api": "HTTP 404"}), BLOCKED,
         "told to wait; en/current: authors in 0% of the 30 newest articles; source "
         "ar/api failed (HTTP 404)"),
        (replace(FINE, faults=2), Interrupted(SIGTERM),
         "2 internal errors; the log has their tracebacks; interrupted by SIGTERM; the next "
         "run fetches what is pending"),
        (FINE, StorageError("line one\nline two"), "line one line two"),
    ],
)  # fmt: skip
def test_the_reason_names_all_that_went_wrong_the_gravest_first(
    run: Report, stopped_by: ArchiveError | None, reason: str
) -> None:
    assert ending(run, stopped_by).reason == reason


def test_the_last_line_says_the_exit_code_and_why() -> None:
    assert Ending(ending(FINE, BLOCKED).code, "told to wait").line == "exit code 6: told to wait"


@pytest.mark.parametrize(("failed", "code"), [(0, 0), (1, 0), (2, 3)])
def test_too_many_is_more_than_the_share_and_more_than_one(failed: int, code: int) -> None:
    assert ending(report(new=1, failed=failed), None).code == code
    at_most = round(100 * FAILED_SHARE)
    assert ending(report(new=100 - at_most, failed=at_most), None).code == 0
    assert ending(report(new=99 - at_most, failed=at_most + 1), None).code == 3


def test_the_table_shows_the_sums_and_what_was_left() -> None:
    run = replace(
        report(new=3, absent=1), carried_over=2, pending=2, reasons={"absent: HTTP 404": 1}
    )
    assert run.lines() == [
        "articles   2 carried over + 4 discovered = 3 new + 1 absent + 2 pending",
        "reasons    absent: HTTP 404: 1",
        "sources    en/api: 1",
        "run        0 requests, 0.0 MB, 10.0 s, 0.4 articles a second",
    ]


def test_sums_that_do_not_balance_are_told() -> None:
    assert "DOES NOT ADD UP" in replace(FINE, pending=1).lines()[0]

"""When the next run is due, and which runs were killed."""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.report.overview import Overview, overview_lines, read_overview
from crawler.store.archive import Archive, lock_folder
from crawler.store.reader import ArchiveReader
from crawler.system.clock import rfc3339

NOON = datetime(2026, 12, 10, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Past:
    """An archive with some runs; what is seen of it at noon."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        Archive(folder).close()
        self.wanted(24 * HOUR)

    def ran(
        self, ago: timedelta, *, every: int | None = 30, took: timedelta = MINUTE, code: int = 0
    ) -> str:
        """Keep the report of a run that began so long ago; return when."""
        return self._keep(ago, every, took, {"exit_code": code, "exit_reason": ""}, ended=True)

    def began(self, ago: timedelta, *, every: int | None = 30) -> str:
        """Keep the report of a run that has not ended."""
        return self._keep(ago, every, MINUTE, {}, ended=False)

    def was_killed(self, ago: timedelta) -> str:
        """Keep the report of a killed run that the next one has found."""
        told = {"exit_code": None, "exit_reason": "killed"}
        return self._keep(ago, 30, MINUTE, told, ended=True)

    def _keep(
        self,
        ago: timedelta,
        every: int | None,
        took: timedelta,
        told: Mapping[str, object],
        *,
        ended: bool,
    ) -> str:
        moment = NOON - ago
        report = {
            **told,
            "run": f"{moment:%Y%m%dT%H%M%SZ}",
            "started_at": rfc3339(moment),
            "ended_at": rfc3339(moment + took),
            "run_every_minutes": every,
            "outcomes": {},
        }
        with Archive(self.folder) as archive:
            encoded = json.dumps(report).encode()
            archive.ledger.keep_report(str(report["run"]), encoded, ended=ended)
        self.wanted(24 * HOUR)
        return str(report["started_at"])

    def wanted(self, ago: timedelta) -> None:
        """Set when somebody wanted the lock last."""
        seconds = (NOON - ago).timestamp()
        os.utime(self.folder / "lock", (seconds, seconds))

    def seen(self) -> Overview:
        with ArchiveReader(self.folder) as reader:
            return read_overview(reader.database, self.folder, "uza", NOON)

    def next_run(self) -> tuple[timedelta | None, bool]:
        """Return in what time the next run is due, and whether it is overdue."""
        seen = self.seen()
        due = datetime.fromisoformat(seen.next_run) - NOON if seen.next_run else None
        return due, seen.overdue


@pytest.fixture
def past(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Past:
    monkeypatch.setattr("crawler.store.archive.now", lambda: NOON)
    return Past(tmp_path)


def test_the_next_run_is_due_an_interval_after_the_last_one_began(past: Past) -> None:
    assert past.next_run() == (None, False)
    past.ran(20 * MINUTE)
    assert past.next_run() == (10 * MINUTE, False)
    assert overview_lines([past.seen()], None)[1].endswith("2026-12-10T12:10:00Z")


def test_nothing_is_known_of_the_next_run_if_no_timer_starts_them(past: Past) -> None:
    past.ran(9 * HOUR, every=None)
    assert past.next_run() == (None, False)


def test_a_run_that_a_person_starts_does_not_move_the_timer(past: Past) -> None:
    past.ran(20 * MINUTE)
    past.ran(5 * MINUTE, every=None)
    assert past.next_run() == (10 * MINUTE, False)


def test_a_run_that_takes_longer_is_followed_at_the_next_time_of_the_timer(past: Past) -> None:
    past.ran(80 * MINUTE, took=70 * MINUTE)
    assert past.next_run() == (10 * MINUTE, False)


@pytest.mark.parametrize(("ago", "is_overdue"), [(31, False), (90, False), (91, True)])
def test_a_run_is_overdue_once_the_timer_has_missed_three(
    ago: int, is_overdue: bool, past: Past
) -> None:
    past.ran(ago * MINUTE)
    seen = past.seen()
    assert past.next_run() == ((30 - ago) * MINUTE, is_overdue)
    assert ("late" in seen.wrong(None), seen.code(None)) == (is_overdue, 3 if is_overdue else 0)


def test_no_run_is_overdue_while_a_command_holds_the_folder_and_refuses_the_timer(
    past: Past,
) -> None:
    past.ran(9 * HOUR)
    assert past.next_run()[1]
    with lock_folder(past.folder / "lock"):
        past.wanted(5 * HOUR)
        assert past.next_run() == (30 * MINUTE, False)
    past.wanted(20 * MINUTE)  # by a run that found it locked
    assert past.next_run() == (0 * MINUTE, False)


def test_a_failure_does_not_hide_that_no_run_comes_after_it(past: Past) -> None:
    past.ran(9 * HOUR, code=4)
    assert [*past.seen().wrong(6 * HOUR)] == ["exit code 4", "late"]


def test_an_active_run_is_neither_killed_nor_overdue(past: Past) -> None:
    past.ran(10 * HOUR)
    began = past.began(9 * HOUR)
    with lock_folder(past.folder / "lock"):
        seen = past.seen()
    assert (seen.running_since, seen.exit_code, seen.killed) == (began, 0, [])
    assert (seen.overdue, seen.wrong(None)) == (False, {})
    assert overview_lines([seen], None)[1].endswith("running")


def test_a_killed_run_is_seen_before_the_next_one_finds_it(past: Past) -> None:
    past.ran(50 * MINUTE)
    began = past.began(20 * MINUTE)
    seen = past.seen()
    assert (seen.running_since, seen.exit_code, seen.killed) == (None, None, [began])
    assert seen.wrong(None) == {"killed": f"run {seen.run} was killed"}


def test_a_run_of_a_clock_that_ran_ahead_hides_no_later_one(past: Past) -> None:
    past.ran(-timedelta(days=1400))
    ahead = past.seen()
    assert (ahead.run, ahead.good_at, ahead.next_run) == (None, None, None)
    assert "late" in ahead.wrong(6 * HOUR)
    past.ran(20 * MINUTE, code=3)
    seen = past.seen()
    assert (seen.exit_code, seen.good_at, seen.overdue) == (3, None, False)
    assert "run 20301010T120000Z began later than now" in "; ".join(seen.lines(None))


def test_killed_runs_of_a_day_are_named_though_the_next_ones_were_good(past: Past) -> None:
    past.was_killed(60 * HOUR)
    past.ran(50 * HOUR)
    first = past.was_killed(49 * HOUR)  # found 46 hours later, as the machine was off
    past.ran(3 * HOUR)
    second = past.was_killed(2 * HOUR)
    past.ran(20 * MINUTE)
    seen = past.seen()
    assert (seen.killed, seen.wrong(None), seen.code(None)) == ([second, first], {}, 0)
    assert f"the run of {second} was killed" in overview_lines([seen], None)[1]

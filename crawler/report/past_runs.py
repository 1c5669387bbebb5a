"""The past runs of an archive: how they ended, and when the next one is due."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from crawler.crawl.run_result import Alarm
from crawler.errors import ExitCode
from crawler.report.run_report import KILLED, read_ending
from crawler.store.archive import is_locked
from crawler.store.database import damaged
from crawler.system.clock import rfc3339

FINE = (ExitCode.FINE, ExitCode.TERMINATED)  # a service manager may stop a run
DAY = timedelta(days=1)
MOST_RUNS = 3_000  # runs read at most: two months of two runs an hour
MISSED = 2  # more runs that a timer must miss until one is overdue: a machine may start again


class PastRun(msgspec.Struct, gc=False):
    """The fields used of a run's report; ``is_active``: it has not ended yet."""

    id: str = msgspec.field(name="run")
    started_at: str
    ended_at: str
    outcomes: dict[str, int]
    sources_served: dict[str, int] = {}
    sources_failed: dict[str, str] = {}
    monitors: list[Alarm] = []
    run_every_minutes: float | None = None
    exit_code: int | None = None
    exit_reason: str | None = None
    is_active: bool = False

    @property
    def was_killed(self) -> bool:
        """Whether it was killed; runs of earlier releases have no exit code, either."""
        return self.exit_reason == KILLED["exit_reason"]


@dataclass(slots=True)
class Past:
    """An archive's past, as far as it was read. See ``Overview`` for the fields.

    ``newest``: the last run that ended. ``last``: the last run. ``timed``: the last one that a
    timer started.
    """

    newest: PastRun | None = None
    last: PastRun | None = None
    timed: PastRun | None = None
    good_at: str | None = None
    killed: list[str] = field(default_factory=list)
    ahead: list[str] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    failing: dict[str, str] = field(default_factory=dict)
    served: set[str] = field(default_factory=set)
    next_run: datetime | None = None

    @property
    def running_since(self) -> str | None:
        """When the active run began."""
        return self.last.started_at if self.last and self.last.is_active else None

    @property
    def interval(self) -> timedelta:
        """The time between two runs of the timer; zero if it is not known."""
        return timedelta(minutes=(self.timed and self.timed.run_every_minutes) or 0)

    def is_overdue(self, moment: datetime) -> bool:
        """Return whether the timer has missed several runs."""
        return self.next_run is not None and moment > self.next_run + MISSED * self.interval


def look_back(runs: Iterable[PastRun], moment: datetime, taken: datetime) -> Past:
    """Read runs, newest first, until all is known; ``taken``: see ``last_wanted``."""
    past, since, after = Past(), rfc3339(moment - DAY), rfc3339(moment)
    for run in runs:
        if run.started_at > rfc3339(moment):  # it would be the last one until then
            past.ahead.append(run.id)
            continue
        past.last = past.last or run
        past.timed = past.timed or (run if run.run_every_minutes else None)
        if run.was_killed and after >= since:  # the run after it, which found it, is not older
            past.killed.append(run.started_at)
        after = run.started_at
        if run.is_active:
            continue
        past.newest = past.newest or run
        past.outcomes.update(run.outcomes if run.started_at >= since else {})
        past.failing |= dict.fromkeys(run.sources_failed.keys() - past.served, run.started_at)
        past.served |= run.sources_served.keys()
        if run.exit_code in FINE:
            past.good_at = past.good_at or run.ended_at
        if past.good_at and run.started_at < since and past.failing.keys() <= past.served:
            break
    past.next_run = _next_run(past, taken)
    return past


def _next_run(past: Past, taken: datetime) -> datetime | None:
    """Return when the timer starts the first run after the last command that held the folder."""
    if past.timed is None or past.last is None:
        return None
    began = datetime.fromisoformat(past.timed.started_at)
    until = max(taken, datetime.fromisoformat(past.last.ended_at))
    return began + max(1, (until - began) // past.interval + 1) * past.interval


def past_runs(database: sqlite3.Connection, folder: Path) -> Iterator[PastRun]:
    """Yield the reports of runs, newest first, the newest with its ending; see ``ending_of``."""
    query = "SELECT id, ended, report FROM run ORDER BY id DESC LIMIT ?"
    for number, (run_id, ended, kept) in enumerate(database.execute(query, (MOST_RUNS,))):
        try:
            run = msgspec.json.decode(kept, type=PastRun)
        except ValueError as error:
            path = folder / "ledger.sqlite"
            raise damaged(path, f"the report of run {run_id}: {error}") from error
        if not ended or number == 0:
            told = ending_of(folder, run_id, ended=bool(ended))
            run.is_active = not ended and not told
            run.exit_code = told.get("exit_code", run.exit_code)
            run.exit_reason = told.get("exit_reason", run.exit_reason)
        yield run


def ending_of(folder: Path, run: str, *, ended: bool) -> dict[str, Any]:
    """Return what a run's file says of its end, or that it was killed; empty if it is active.

    ``ended``: what the ledger says. It is empty, too, if the ledger alone knows how a run ended.
    """
    is_active = not ended and is_locked(folder)  # first: a run writes its file while it has this
    return read_ending(folder / "runs", run) or ({} if ended or is_active else KILLED)

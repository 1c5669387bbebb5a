"""An overview of all archives: one line each, or metrics for a monitoring system."""

import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from crawler.crawl.run_result import some
from crawler.errors import PRECEDENCE, ExitCode
from crawler.report.past_runs import FINE, look_back, past_runs
from crawler.report.status import disk_use, in_words
from crawler.store.archive import last_wanted
from crawler.store.stand_in_site import read_stand_in
from crawler.system.clock import rfc3339
from crawler.system.files import replace_file

DISK_LOW = 5  # times the space that a run needs to start; below it, warn
VERIFIED = "verified.json"
SHOWN = ("new", "edited", "failed")  # outcomes to show, of the last 24 hours


class Verified(msgspec.Struct, frozen=True):
    """The result of the last ``scrapy verify``: time, number of problems, the first problem."""

    at: str | None
    problems: int
    first: str | None

    @property
    def line(self) -> str:
        """The result as text."""
        number = "1 problem" if self.problems == 1 else f"{self.problems:,} problems"
        return f"scrapy verify found {number} at {self.at}: {self.first}"


def keep_verified(folder: Path, found: Verified) -> None:
    """Save the result beside the archive; raise ``OSError``."""
    replace_file(folder / VERIFIED, [msgspec.json.encode(found), b"\n"])


def read_verified(folder: Path) -> Verified | None:
    """Read the saved result; a damaged file counts as a problem, since it may have recorded one."""
    try:
        return msgspec.json.decode((folder / VERIFIED).read_bytes(), type=Verified)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        return Verified(None, 1, f"{VERIFIED} cannot be read ({error})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The condition of one archive; times are RFC 3339 in UTC.

    ``exit_code`` and ``exit_reason``: of the last run that ended; null if it was killed or if there
    was none. ``good_at``: end of the last good run; ``age``: seconds since then. ``running_since``:
    begin of the active run. ``next_run``: by when the timer starts the next one, null if not known;
    ``overdue``: the timer has missed several runs since. ``killed``: when the killed runs of the
    last 24 hours began, newest first. ``ahead``: runs that began later than now, by a wrong clock;
    nothing else counts them. ``outcomes``: of the last 24 hours. ``failing``: failing
    sources, each with the run since which it fails.
    ``bytes``: size on disk; like ``pending``, null if the archive could not be read. ``free``: free
    bytes on that disk; ``disk_low``: these will not last long. ``verified``: result of the last
    ``scrapy verify``. ``stand_in``: URL of the stand-in for the site, if the archive was read from
    one. ``problem``: why the archive cannot be read; ``waiting``: why not before its next run.
    """

    agency: str
    run: str | None = None
    exit_code: int | None = None
    exit_reason: str | None = None
    good_at: str | None = None
    age: int | None = None
    running_since: str | None = None
    next_run: str | None = None
    overdue: bool = False
    killed: list[str] = field(default_factory=list)
    ahead: list[str] = field(default_factory=list)
    outcomes: dict[str, int] = field(default_factory=dict)
    pending: int | None = None
    failing: dict[str, str] = field(default_factory=dict)
    bytes: int | None = None
    free: int | None = None
    disk_low: bool = False
    verified: Verified | None = None
    stand_in: str | None = None
    problem: str | None = None
    waiting: str | None = None

    @property
    def is_readable(self) -> bool:
        """Return whether the other fields show the archive's condition."""
        return self.problem is None and self.waiting is None

    def code(self, longest: timedelta | None) -> ExitCode:
        """Return the exit code for the archive; ``longest``: allowed time without a good run."""
        if self.problem or self.disk_low or (self.verified and self.verified.problems):
            return ExitCode.STORAGE_FAILED
        if self.exit_code not in (None, *FINE):
            return ExitCode(self.exit_code)
        # Also after a killed run, or while a source fails that the last run did not read.
        return ExitCode.SOURCE_FAILED if self.wrong(longest) else ExitCode.FINE

    def is_late(self, longest: timedelta | None) -> bool:
        """Return whether the last good run is longer ago than that."""
        return longest is not None and (self.age is None or self.age > longest.total_seconds())

    def wrong(self, longest: timedelta | None) -> dict[str, str]:
        """Return descriptions of all problems, by a name that is the same as long as each lasts.

        Several names may have the same description.
        """
        if self.problem:
            return {"damaged": self.problem}
        found = {}
        if self.run and self.exit_code is None:
            found["killed"] = f"run {self.run} was killed"
        elif self.run and self.exit_code not in FINE:
            found[f"exit code {self.exit_code}"] = self.exit_reason or ""
        if self.overdue:
            found["late"] = f"no run has begun, though one was due at {self.next_run}"
        elif not found and self.is_late(longest):
            late = f"no good run since {self.good_at}" if self.good_at else "no good run"
            found["late"] = "; ".join([late, *self._by_a_wrong_clock()])
        if self.disk_low:
            found["disk"] = f"only {in_words(self.free or 0)} of its disk are free"
        if self.verified and self.verified.problems:
            found["verify"] = self.verified.line
        return found | self._failing_in_words()

    def figures(self) -> list[str]:
        """Return the outcomes of the last day, the pending articles and the size, or "-"."""
        if self.pending is None or self.bytes is None:
            return ["-"] * (len(SHOWN) + 2)
        day = [str(self.outcomes.get(name, 0)) for name in SHOWN]
        return [*day, str(self.pending), in_words(self.bytes)]

    def lines(self, longest: timedelta | None) -> list[str]:
        """Return the descriptions of all problems, and of past kills, without duplicates."""
        wrong = self.wrong(longest)
        kills = [] if "killed" in wrong else [f"the run of {at} was killed" for at in self.killed]
        clock = [] if "late" in wrong else self._by_a_wrong_clock()
        waiting = [self.waiting] if self.waiting else []
        return list(dict.fromkeys([*waiting, *wrong.values(), *kills, *clock]))

    def _by_a_wrong_clock(self) -> list[str]:
        if not self.ahead:
            return []
        return [f"run {self.ahead[0]} began later than now: the clock is wrong, or was then"]

    def _failing_in_words(self) -> dict[str, str]:
        """Return a description per failing source; one for all that fail since the same run."""
        together: dict[str, list[str]] = {}
        for name, since in sorted(self.failing.items()):
            together.setdefault(since, []).append(name)
        told = {since: f"{_these(names)} since {since}" for since, names in together.items()}
        return {f"source {name}": told[since] for name, since in sorted(self.failing.items())}


def _these(sources: Sequence[str]) -> str:
    if len(sources) == 1:
        return f"source {sources[0]} fails"
    return f"{len(sources)} sources ({some(sources)}) fail"


def read_overview(
    database: sqlite3.Connection, folder: Path, agency: str, moment: datetime, least: int = 0
) -> Overview:
    """Read the condition of an archive; writes nothing, reads no article.

    ``least``: free bytes of disk that a run needs to start.
    """
    free = shutil.disk_usage(folder).free
    past = look_back(past_runs(database, folder), moment, last_wanted(folder))
    newest, good_at = past.newest, past.good_at
    made_up = read_stand_in(folder, database)
    return Overview(
        agency=agency,
        run=newest.id if newest else None,
        exit_code=newest.exit_code if newest else None,
        exit_reason=newest.exit_reason if newest else None,
        good_at=good_at,
        age=int((moment - datetime.fromisoformat(good_at)).total_seconds()) if good_at else None,
        running_since=past.running_since,
        next_run=rfc3339(past.next_run) if past.next_run else None,
        overdue=past.is_overdue(moment),
        killed=past.killed,
        ahead=past.ahead,
        outcomes={name: number for name, number in past.outcomes.items() if number},
        pending=_pending(database),
        failing=past.failing,
        bytes=sum(disk_use(folder).values()),
        free=free,
        disk_low=free < DISK_LOW * least,
        verified=read_verified(folder),
        stand_in=made_up.site if made_up else None,
    )


def _pending(database: sqlite3.Connection) -> int:
    query = "SELECT coalesce(sum(number), 0) FROM article_count WHERE state = 'pending'"
    return int(database.execute(query).fetchone()[0])


def worst(overviews: Iterable[Overview], longest: timedelta | None) -> ExitCode:
    """Return the most serious exit code of the overviews."""
    codes = {each.code(longest) for each in overviews}
    ordered = (*PRECEDENCE[:-1], ExitCode.LOCKED, ExitCode.USAGE, ExitCode.FINE)
    return next((code for code in ordered if code in codes), ExitCode.FINE)


_HEADING = (
    *("agency", "last good run", "age", "exit", *SHOWN, "pending", "disk", "next run"),
    "what is wrong",
)


def overview_lines(overviews: Sequence[Overview], longest: timedelta | None) -> list[str]:
    """Return the overviews as a table of plain text."""
    rows = [_HEADING, *(_row(each, longest) for each in overviews)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if number in (0, 1, len(row) - 1) else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _row(each: Overview, longest: timedelta | None) -> tuple[str, ...]:
    code = "-" if each.exit_code is None else str(each.exit_code)
    made_up = [f"made up: read from {each.stand_in}"] if each.stand_in else []
    return (
        *(each.agency, each.good_at or "never", age_in_words(each.age), code),
        *each.figures(),
        "running" if each.running_since else each.next_run or "-",
        "; ".join([*made_up, *each.lines(longest)]),
    )


def age_in_words(seconds: int | None) -> str:
    """Return an age as text, rounded to minutes, hours or days."""
    if seconds is None:
        return "-"
    if seconds < 2 * 3_600:
        return f"{seconds // 60} min"
    return f"{seconds // 3_600} h" if seconds < 2 * 86_400 else f"{seconds // 86_400} d"


def openmetrics(overviews: Sequence[Overview]) -> Iterator[bytes]:
    """Yield the overviews in the text format of OpenMetrics, for a textfile collector."""
    for name, (meaning, value) in _METRICS.items():
        yield f"# HELP {_PREFIX}_{name} {meaning}\n# TYPE {_PREFIX}_{name} gauge\n".encode()
        for each in overviews:
            for labels, number in value(each):
                named = {"agency": each.agency, **labels}
                told = ",".join(f'{label}="{text}"' for label, text in named.items())
                yield f"{_PREFIX}_{name}{{{told}}} {float(number):.15g}\n".encode()
    yield b"# EOF\n"


_PREFIX = "news_archive"
Samples = Iterator[tuple[Mapping[str, str], float]]  # labels besides the agency, and the value


def _single(value: float | None) -> Samples:
    if value is not None:
        yield {}, value


def _labelled(label: str, values: Mapping[str, float]) -> Samples:
    yield from (({label: name}, number) for name, number in values.items())


def _kills(each: Overview) -> Samples:
    return _single(len(each.killed) if each.is_readable else None)


def _unix(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


# By name: help text, and the function that yields the samples.
_METRICS: dict[str, tuple[str, Callable[[Overview], Samples]]] = {
    "readable": ("1 if the archive can be read", lambda it: _single(it.is_readable)),
    "exit_code": ("Exit code of the last run that ended", lambda it: _single(it.exit_code)),
    "good_run_timestamp_seconds": (
        "When the last run ended that was fine",
        lambda it: _single(_unix(it.good_at) if it.good_at else None),
    ),
    "next_run_timestamp_seconds": (
        "By when the timer starts the next run",
        lambda it: _single(_unix(it.next_run) if it.next_run else None),
    ),
    "killed_runs": ("Killed runs of the last 24 hours", _kills),
    "outcomes": ("Articles of the last 24 hours", lambda it: _labelled("outcome", it.outcomes)),
    "pending": ("Articles to be fetched", lambda it: _single(it.pending)),
    "source_failing_since_timestamp_seconds": (
        "Begin of the first of the runs in which a source failed without pause",
        lambda it: _labelled("source", {name: _unix(at) for name, at in it.failing.items()}),
    ),
    "verified_timestamp_seconds": (
        "When the archive was verified last",
        lambda it: _single(_unix(it.verified.at) if it.verified and it.verified.at else None),
    ),
    "verify_problems": (
        "Problems that this found",
        lambda it: _single(it.verified.problems if it.verified else None),
    ),
    "size_bytes": ("Bytes on disk", lambda it: _single(it.bytes)),
    "free_bytes": ("Bytes of its disk that are free", lambda it: _single(it.free)),
}

"""Kill runs at random moments, start them again, and look at what each one leaves behind.

The moments are drawn from a seed, by time and by what the data folder shows, so the code under
torture has no hooks: a commit is hit by killing at once when the journal grows, for the ledger
covers the new lines only afterwards. Whether it was hit is read from what is left.
"""

import json
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from signal import SIGKILL
from subprocess import Popen
from tempfile import TemporaryDirectory
from typing import Any

from crawler.system.clock import now
from tests.crawls.harness import FAULTS_OF_OURS, LONGEST, Crawl
from tests.torture import archived

POLL = 0.0001  # seconds; a commit takes a few milliseconds
GROWN = 0.75  # of all kills; the journal must have grown by then


@dataclass(slots=True)
class Watch:
    """What the data folder shows of a run that works."""

    folder: Path
    process: Popen[str]
    stamp: str = field(default_factory=lambda: f"{now():%Y%m%dT%H%M%SZ}")
    least: int = 1 << 62
    written_at: int = field(init=False)

    def __post_init__(self) -> None:
        self.written_at = self._ledger_time()

    def grew(self) -> bool:
        """Whether the run has written to the journal; at its start it may cut it back."""
        size = sum(path.stat().st_size for path in self.folder.glob("journal/*.jsonl"))
        self.least = min(self.least, size)
        return size > self.least

    def wrote_ledger(self) -> bool:
        """Whether something was committed to the ledger since the last look."""
        before, self.written_at = self.written_at, self._ledger_time()
        return self.written_at != before

    def _ledger_time(self) -> int:
        log = self.folder / "ledger.sqlite-wal"
        return log.stat().st_mtime_ns if log.exists() else 0

    def holds_lock(self) -> bool:
        """Whether the run has got as far as the data folder."""
        lock = self.folder / "lock"
        return lock.exists() and lock.read_text().startswith(f"pid {self.process.pid},")

    def reported(self) -> bool:
        """Whether the run has written its own report: it is about to close."""
        return any(path.stem >= self.stamp for path in self.folder.glob("runs/*.json"))

    def until(self, happened: Callable[[], bool], longest: float = LONGEST) -> None:
        """Return once something has happened, some time is over, or the run has ended."""
        end = time.monotonic() + longest
        while not happened() and self.process.poll() is None and time.monotonic() < end:
            time.sleep(POLL)


# Each waits for a moment of its kind.


def _at_any_time(watch: Watch, random: Random) -> None:
    watch.until(lambda: False, random.uniform(0, 3))


def _in_start_up(watch: Watch, random: Random) -> None:
    watch.until(watch.holds_lock)
    watch.until(lambda: False, random.uniform(0, 0.4))


def _in_commit(watch: Watch, random: Random) -> None:
    watch.until(watch.grew)
    watch.until(lambda: False, random.choice((0, 0, random.uniform(0, 0.005))))


def _in_ledger(watch: Watch, random: Random) -> None:
    for _ in range(random.randrange(1, 7)):
        watch.until(watch.wrote_ledger)


def _after_growth(watch: Watch, random: Random) -> None:
    watch.until(watch.grew)
    watch.until(lambda: False, random.expovariate(4))


def _at_close(watch: Watch, random: Random) -> None:
    watch.until(watch.reported)
    watch.until(lambda: False, random.choice((0, random.uniform(0, 0.03))))


MOMENTS = {
    _at_any_time: 7,
    _in_start_up: 7,
    _in_commit: 42,
    _in_ledger: 12,
    _after_growth: 24,
    _at_close: 8,
}


@dataclass(frozen=True, slots=True)
class Left:
    """What a run left behind: the journal's rows, and how many of them the ledger knows."""

    rows: list[dict[str, Any]]
    versions: int

    @property
    def runs(self) -> set[str]:
        """The runs that wrote the rows."""
        return {row["run"] for row in self.rows}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a folder must not show once a run has finished; all empty if the archive is sound."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)
    unsettled: dict[str, int] = field(default_factory=dict)
    unbalanced: list[str] = field(default_factory=list)
    unreported: list[str] = field(default_factory=list)
    captures: list[str] = field(default_factory=list)


SOUND = Verdict()


@dataclass(slots=True)
class Torture:
    """Runs over one data folder, each killed; ``counts`` says how many, and when."""

    crawl: Crawl
    seed: int
    arguments: tuple[str, ...] = ()
    counts: Counter[str] = field(default_factory=Counter)
    runs: set[str] = field(default_factory=set)

    def kills(self, most: int) -> Iterator[Counter[str]]:
        """Kill so many runs, most of them after the journal grew; yield the counts so far."""
        random = Random(self.seed)
        while self.counts["kills"] < most or self.counts["after growth"] < GROWN * most:
            (moment,) = random.choices(list(MOMENTS), list(MOMENTS.values()))
            self._run(moment, random)
            yield self.counts

    def finish(self) -> None:
        """Start a last run that nobody kills, or slows down."""
        self.crawl.replica.faults.clear()
        settings = {"LOG_LEVEL": "WARNING", "CONCURRENT_REQUESTS": 16}
        with self.crawl.start(*self.arguments, **settings) as process:
            log = process.communicate(timeout=LONGEST)[1]
        assert process.returncode == 0, log

    def _run(self, moment: Callable[[Watch, Random], None], random: Random) -> None:
        """Start a run, kill it at a moment, and check that what it left is sound."""
        closes = ("-a", f"limit={random.randrange(4, 24)}") if moment is _at_close else ()
        self.crawl.apart = moment is _at_close  # so no report of an earlier run is of its second
        with self.crawl.start(*self.arguments, *closes, LOG_LEVEL="WARNING") as process:
            watch = Watch(self.crawl.data / "uza", process)
            moment(watch, random)
            process.kill()
            log = process.communicate()[1]
        place = f"seed {self.seed}, kill {self.counts['kills']}, {moment.__name__}"
        assert not [sign for sign in FAULTS_OF_OURS if sign in log], f"{place}:\n{log}"
        assert process.returncode in (-SIGKILL, 0), f"{place}: {process.returncode}\n{log}"
        assert closes or process.returncode, f"{place}: no work was left"
        left = inspect(self.crawl.data / "uza")
        assert left.versions <= len(left.rows), f"{place}: {left.versions} > {len(left.rows)}"
        if process.returncode:
            self._count(left, closing=watch.reported())
        self.runs |= left.runs

    def _count(self, left: Left, *, closing: bool) -> None:
        grew = bool(left.runs - self.runs)
        self.counts["kills"] += 1
        self.counts["after growth"] += grew
        self.counts["in commit"] += grew and len(left.rows) > left.versions
        self.counts["at close"] += closing
        self.counts["in start-up"] += not grew and not closing


def judge(folder: Path, wanted: Collection[str]) -> Verdict:
    """Compare an agency's folder with the ids of the articles that it must hold once each."""
    left = inspect(folder)
    assert all(file.read_bytes().endswith(b"\n") for file in folder.glob("journal/*.jsonl"))
    assert left.versions == len(left.rows)
    found = Counter(row["id"] for row in left.rows)
    reports = {path.stem: json.loads(path.read_text()) for path in folder.glob("runs/*.json")}
    return Verdict(
        lost=sorted(set(wanted) - set(found)),
        doubled=sorted(article for article, count in found.items() if count > 1),
        invented=sorted(set(found) - set(wanted)),
        unsettled=_unsettled(folder / "ledger.sqlite"),
        unbalanced=sorted(run for run, report in reports.items() if not _balances(report)),
        unreported=sorted(left.runs - set(reports)),
        captures=archived.faults(folder, left.rows),
    )


def _balances(report: dict[str, Any]) -> bool:
    work = report["carried_over"] + report["discovered"]
    return bool(work == sum(report["outcomes"].values()) + report["pending"])


def _unsettled(ledger: Path) -> dict[str, int]:
    """Count the ledger's articles that are not stored, by state."""
    with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as database:
        return dict(
            database.execute(
                "SELECT state, count(*) FROM article WHERE state <> 'stored' GROUP BY state"
            )
        )


def inspect(folder: Path) -> Left:
    """Read journal and ledger of an agency's folder, and leave no trace: SQLite would mend it."""
    rows = [
        json.loads(line)
        for path in sorted(folder.glob("journal/*.jsonl"))
        for line in path.read_bytes().split(b"\n")[:-1]  # the last one may be torn
    ]
    with TemporaryDirectory() as copies:
        for path in folder.glob("ledger.sqlite*"):
            shutil.copy(path, copies)
        return Left(rows, _versions(Path(copies) / "ledger.sqlite"))


def _versions(ledger: Path) -> int:
    """Count what a ledger knows; it must be sound. A run may have died before it made one."""
    with closing(sqlite3.connect(ledger)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'version'").fetchone():
            return 0
        (count,) = database.execute("SELECT count(*) FROM version").fetchone()
        return int(count)

"""Whole crawls: the real command, in a process of its own, against the replica."""

import json
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from subprocess import Popen
from typing import Any

from crawler.system.clock import steady
from replica import Options, Replica, World
from replica.messages import Request
from replica.post import Post
from tests.commands import command, start
from tests.days import NOW as NOW
from tests.days import pass_time

ROOT = Path(__file__).parents[2]
LONGEST = 120  # seconds a crawl may take, on a busy machine
FAULTS_OF_OURS = ("Traceback", "Unhandled")
QUICK = {
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": 0,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    "CONTACT": "tests@example.org",
    "TDMREP_HOURS": 0,  # tests count requests
    "DISK_FREE_LEAST": 0,  # small files, wherever they lie
}


@dataclass(frozen=True, slots=True)
class Run:
    """What a crawl left behind; ``report`` is empty if the run did not get that far."""

    exit_code: int
    out: str
    log: str
    report: dict[str, Any] = field(default_factory=dict)

    @property
    def outcomes(self) -> dict[str, int]:
        """The outcomes that occurred."""
        return {name: count for name, count in self.report["outcomes"].items() if count}

    def reason(self, article_id: str) -> str:
        """Return how the log says that an article failed or was refused."""
        lines = [line for line in self.log.splitlines() if f" {article_id}: " in line]
        assert len(lines) == 1, f"{article_id} has {len(lines)} lines in the log:\n{self.log}"
        return lines[0].partition(f" {article_id}: ")[2]


class Crawl:
    """Crawls a replica, time and again into the same data folder."""

    def __init__(self, replica: Replica, folder: Path, archives: "Archives | None" = None) -> None:
        self.replica = replica
        self._archives = archives
        self.data = folder / "data"
        self.fresh = False  # whether by a new interpreter
        self.apart = False  # whether each run begins in a second of its own: times are told in them
        self.settings: dict[str, object] = {
            "UZA_SITE_URL": replica.site_url,
            "UZA_API_URL": replica.api_url,
            "DATA_DIR": self.data,
            **QUICK,
        }

    def __call__(
        self,
        *arguments: str,
        exit_code: int | tuple[int, ...] = 0,
        sound: bool = True,
        **settings: object,
    ) -> Run:
        """Crawl to the end; check the exit code, the sums, and that no fault of ours shows.

        Of several exit codes, chance decides which one holds.
        """
        before = self._reports()
        with self.start(*arguments, **settings) as process:
            out, log = process.communicate(timeout=LONGEST)
        fresh = in_order(path for path, _ in self._reports() - before)
        *killed, report = [json.loads(path.read_text()) for path in fresh] or [{}]
        assert all(each["stopped_by"] == "killed" for each in killed)
        if sound:
            assert not [sign for sign in FAULTS_OF_OURS if sign in log], log
        assert process.returncode in (
            exit_code if isinstance(exit_code, tuple) else (exit_code,)
        ), log
        _check_sums(report)
        _check_ending(report, process.returncode, log)
        return Run(process.returncode, out, log, report)

    def begin(self, *arguments: str, **settings: object) -> None:
        """Begin with what such a crawl leaves, for a test that is not about that crawl."""
        assert self._archives
        self._archives.fill(self, arguments, settings)

    @contextmanager
    def start(self, *arguments: str, **settings: object) -> Iterator[Popen[str]]:
        """Start a crawl; whatever happens, it does not outlive the block."""
        chosen = command("crawl", "uza", *arguments, **{**self.settings, **settings})
        if self.apart:
            pass_time(timedelta(seconds=1))
        process = start(chosen, fresh=self.fresh)
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    def come_due(self, due: float = 1) -> None:
        """Make every planned visit due, as time does, or plan it for another time."""
        with closing(sqlite3.connect(self.data / "uza" / "ledger.sqlite")) as ledger:
            ledger.execute("UPDATE article SET due = ? WHERE due IS NOT NULL", (due,))
            ledger.commit()

    def rows(self) -> list[dict[str, Any]]:
        """Return every line of the journal; each is whole JSON with a newline at its end."""
        text = "".join(path.read_text() for path in sorted(self.data.glob("uza/journal/*.jsonl")))
        assert not text or text.endswith("\n")
        return [json.loads(line) for line in text.splitlines()]

    def row(self, post: Post) -> dict[str, Any]:
        """Return the last recorded version of a post."""
        return next(row for row in reversed(self.rows()) if row["id"] == post.article_id)

    def ids(self) -> list[str]:
        """Return the ids of all rows, sorted; an article with two versions is there twice."""
        return sorted(row["id"] for row in self.rows())

    def _reports(self) -> set[tuple[Path, int]]:
        return {(path, path.stat().st_mtime_ns) for path in self.data.glob("uza/runs/*.json")}


class Archives:
    """What crawls have left that tests begin with: each is made once, and copied for the others."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = 0
        self._kept: dict[str, Archive] = {}

    @contextmanager
    def serve(self, world: World, options: Options | None = None) -> Iterator[Replica]:
        """Serve a world at the address of the last one, if it is free: archives tell of it."""
        replica = Replica(world, options=options, port=self._port)
        try:
            replica.start()
        except OSError:
            replica = Replica(world, options=options).start()
        self._port = int(replica.site_url.rpartition(":")[2])
        try:
            yield replica
        finally:
            replica.stop()

    def fill(self, crawl: Crawl, arguments: Sequence[str], settings: Mapping[str, Any]) -> None:
        """Fill a crawl's folder, and show the site the requests that this takes."""
        site, world = crawl.replica, crawl.replica.world
        assert not site.faults
        assert not site.requests
        assert not crawl.data.exists()
        chosen = {**crawl.settings, **settings, "DATA_DIR": None}
        key = repr((arguments, chosen, site.options, world.now, world.posts))
        if key in self._kept:
            self._kept[key].copy_to(crawl)
        else:
            crawl(*arguments, **settings)
            self._kept[key] = Archive(crawl, self._folder / str(len(self._kept)))


class Archive:
    """What one crawl has left, on the disk and with the site."""

    def __init__(self, crawl: Crawl, folder: Path) -> None:
        self._folder = Path(shutil.copytree(crawl.data, folder))
        self._asked = [
            Request(asked.method, asked.target, asked.headers, asked.time)
            for asked in crawl.replica.requests
        ]
        self._complete = steady()

    def copy_to(self, crawl: Crawl) -> None:
        """Let everything be as after the crawl, the clock included."""
        shutil.copytree(self._folder, crawl.data)
        for request in self._asked:
            crawl.replica.answer(request)
        pass_time(timedelta(seconds=max(0, self._complete - steady())))


def options(settings: Mapping[str, object]) -> list[str]:
    """Return settings as a command takes them."""
    return [part for name in settings for part in ("-s", f"{name}={settings[name]}")]


def in_order(reports: Iterable[Path]) -> list[Path]:
    """Return run reports in the order of their runs, of which a second may see several."""
    return sorted(reports, key=lambda path: path.stem)


def ids_of(posts: Iterable[Post]) -> list[str]:
    """Return the ids that the posts' rows must have, sorted."""
    return sorted(post.article_id for post in posts)


def targets(replica: Replica, part: str = "") -> list[str]:
    """Return the addresses that were asked for, as far as they contain a part."""
    return [logged.target for logged in replica.requests if part in logged.target]


def wait_until(happened: Callable[[], object], pause: float = 0.02) -> None:
    """Return once something has happened; fail if it does not within a crawl's time."""
    end = time.monotonic() + LONGEST
    while not happened():
        assert time.monotonic() < end
        time.sleep(pause)


def _check_sums(report: dict[str, Any]) -> None:
    if report:
        work = report["carried_over"] + report["discovered"]
        assert work == sum(report["outcomes"].values()) + report["pending"], report


def _check_ending(report: dict[str, Any], exit_code: int, log: str) -> None:
    """The report, and the last line of the log, say what the process ended with, and why."""
    if report:
        assert report["exit_code"] == exit_code, report
        assert report["exit_reason"]
        last = f": exit code {exit_code}: {report['exit_reason']}"
        assert log.splitlines()[-1].endswith(last), log

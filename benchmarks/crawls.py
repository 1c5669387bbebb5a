"""Complete crawls in turn: the minimum, a plain project, ours, and ours without single parts.

All download the same pages from a server on another core, without delay, eight at a time: Scrapy's
default.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from benchmarks.cores import Usage, run
from benchmarks.results import Goal, Result, middle, spread
from benchmarks.scale import Scale
from benchmarks.serving import FIRST, Server, serving
from crawler import settings as ours

ROOT = Path(__file__).parents[1]
UNTUNED, QUIET, TUNED = "null, Scrapy's defaults", "null, the same, log INFO", "null, our settings"
PLAIN, OURS, OTHER_LOOP = "plain Scrapy project", "ours", "ours, without uvloop"
_REPORT = "crawler.extensions.report.ReportRun"
_FAST: dict[str, object] = {
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": 0,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    "CONTACT": "benchmarks@example.org",
}


@dataclass(frozen=True, slots=True)
class Variation:
    """A way to crawl; ``spider``: a file outside the project, or the name of an agency."""

    name: str
    spider: str
    settings: Mapping[str, object]
    in_project: bool = True
    exit_code: int = 0

    def command(self, server: Server, first: int, last: int, data: Path) -> list[str]:
        """Return the command that crawls these pages."""
        chosen = {**self.settings, "DATA_DIR": data}
        if self.spider == "uza":
            what = ["crawl", "uza"]
            chosen |= {"UZA_SITE_URL": server.url, "UZA_API_URL": f"{server.url}/api"}
        else:
            file = ROOT / "benchmarks" / f"{self.spider}.py"
            what = ["runspider", str(file), "-a", f"site={server.url}"]
        options = [part for name in chosen for part in ("-s", f"{name}={chosen[name]}")]
        return [sys.executable, "-m", "scrapy", *what, "-a", f"ids={first}-{last}", *options]

    def crawl(self, server: Server, pages: int, folder: Path) -> Usage:
        """Crawl a number of pages into an empty folder; raise if not all were requested."""
        with tempfile.TemporaryDirectory(dir=folder) as name:
            command = self.command(server, FIRST, FIRST + pages - 1, Path(name) / "data")
            before, _ = server.spent()
            place = ROOT if self.in_project else Path(name)
            usage = run(command, place, Path(name) / "log", self.exit_code)
            if server.spent()[0] - before != pages:
                raise RuntimeError(f"{self.name}: not {pages} pages, but {server.spent()[0]}")
        return usage


def variations() -> Iterator[Variation]:
    """Yield the ways to crawl to compare."""
    null = Variation(UNTUNED, "null_spider", {}, in_project=False)
    unused = {path: order for path, order in ours.EXTENSIONS.items() if order is None}
    bare: dict[str, object] = {"ITEM_PIPELINES": "{}", "EXTENSIONS": json.dumps(unused)}
    yield null
    yield replace(null, name=QUIET, settings={"LOG_LEVEL": "INFO"})
    yield Variation(TUNED, "null_spider", {**_FAST, **bare, "CAPTURE": 0})
    yield Variation(PLAIN, "plain_project", {"LOG_LEVEL": "INFO"}, in_project=False)
    yield Variation(OURS, "uza", _FAST)
    without: dict[str, dict[str, object]] = {
        OTHER_LOOP: {"ASYNCIO_EVENT_LOOP": "asyncio.SelectorEventLoop"},
        "ours, without captures": {"CAPTURE": 0},
        "ours, without year files": {"YEAR_FILES": 0},
        "ours, without log": {"LOG_LEVEL": "WARNING"},
    }
    for name, settings in without.items():
        yield Variation(name, "uza", {**_FAST, **settings})
    others = {path: order for path, order in ours.EXTENSIONS.items() if path != _REPORT}
    told = {"EXTENSIONS": json.dumps(others)}
    yield Variation("ours, without report and monitors", "uza", {**_FAST, **told}, exit_code=1)


@dataclass(frozen=True, slots=True)
class Taken:
    """The usage of a way to crawl by round: with one page (its start), and with all pages."""

    pages: int
    starts: list[Usage]
    crawls: list[Usage]

    @property
    def page(self) -> float:
        """CPU milliseconds per further page, from the fastest round."""
        start = min(usage.cpu for usage in self.starts)
        return (min(self.whole) - start) / max(self.pages - 1, 1) * 1000

    @property
    def whole(self) -> list[float]:
        """CPU seconds of the whole process, by round."""
        return [usage.cpu for usage in self.crawls]


def measure(scale: Scale) -> Result:
    """Crawl in turns, and compare."""
    taken, busy = _taken(scale)
    return Result(
        title=f"Crawls of {scale.pages:,} pages of 60 KB, gzip",
        head=[
            *("", "ms CPU a page", "times null", "CPU s, least", "median", "spread"),
            *("start s", "MB"),
        ],
        rows=[_row(name, taken[name], taken[UNTUNED]) for name in taken],
        goals=_goals(taken),
        notes=[
            f"A page's cost leaves out the start, measured with one page. The server was busy for "
            f"{busy:.1%} of the time, on another core, so it held nobody up. The plain project "
            f"took {taken[PLAIN].page / taken[UNTUNED].page:.2f} times the floor. If two "
            "of our rows differ by less than their spread, the difference is noise."
        ],
        raw={name: asdict(each) for name, each in taken.items()},
    )


def _taken(scale: Scale) -> tuple[dict[str, Taken], float]:
    """Return the usage of each way, and the share of time in which the server was busy."""
    ways = list(variations())
    taken = {way.name: Taken(scale.pages, [], []) for way in ways}
    with serving(scale.pages) as server, tempfile.TemporaryDirectory() as name:
        _, before = server.spent()
        began = time.perf_counter()
        for way in ways * scale.rounds:
            taken[way.name].starts.append(way.crawl(server, 1, Path(name)))
            taken[way.name].crawls.append(way.crawl(server, scale.pages, Path(name)))
        seconds = time.perf_counter() - began
        _, after = server.spent()
    return taken, (after - before) / seconds


def _row(name: str, each: Taken, floor: Taken) -> list[str]:
    return [
        name,
        f"{each.page:.3f}",
        f"{each.page / floor.page:.2f}",
        f"{min(each.whole):.2f}",
        f"{middle(each.whole):.2f}",
        f"{spread(each.whole):.0%}",
        f"{min(usage.cpu for usage in each.starts):.2f}",
        f"{max(usage.memory for usage in each.crawls):.0f}",
    ]


def _goals(taken: Mapping[str, Taken]) -> list[Goal]:
    def ratio(one: str, other: str) -> float:
        return taken[one].page / taken[other].page

    return [
        Goal("a page: ours to null, Scrapy's defaults", 1.0, ratio(OURS, UNTUNED), "times"),
        Goal("a page: ours to null, our settings", 1.6, ratio(OURS, TUNED), "times"),
        Goal("a page: both without uvloop", 1.4, ratio(OTHER_LOOP, UNTUNED), "times"),
    ]

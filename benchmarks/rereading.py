"""Speed of reading an archive again.

An archive of compressed pages of 60 KB, read by code that finds no differences: in one process, in
two, and only decompressed; the fastest of alternating rounds, in pages per second.
"""

import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path

from scrapy.utils.project import get_project_settings

from benchmarks.captures import exchanges
from benchmarks.results import Goal, Result, middle, spread
from benchmarks.scale import Scale
from crawler.cli import pool_of
from crawler.crawl.normalisers import load_normalisers
from crawler.extract.document import Site
from crawler.maintenance.reparse import Reparse
from crawler.maintenance.reread import ReadingContext, Rereader
from crawler.store.archive import Archive
from crawler.warc.index import Wanted
from crawler.warc.writer import Plan
from pages.uza import LAYOUTS, RULES

_codes = (f"code {number}" for number in count())  # each reads pages that another has read last


def fill(folder: Path, pages: int) -> None:
    """Archive that many pages, and record their articles."""
    with closing(Archive(folder)) as archive:
        archive.captures.plan = Plan(prefix="uza", largest=10**9, about={}, code="none")
        for exchange in exchanges(pages):
            archive.captures.take(exchange)
            archive.captures.keep(exchange.article_id or "")
    reparse(folder, 1)


def reparse(folder: Path, jobs: int) -> None:
    """Read everything again."""
    context = ReadingContext(
        Site(RULES.address.site, RULES.address),
        LAYOUTS,
        load_normalisers(get_project_settings(), RULES),
    )
    with closing(Archive(folder)) as archive, pool_of(None, str(jobs)) as pool:
        rereader = Rereader(archive.captures, context, archive.journal)
        summary = Reparse(archive, rereader, next(_codes), _say_nothing).work(Wanted(), pool)
    assert len(summary.outcomes) == 1, summary


def _say_nothing(_: str) -> None:
    """Ignore progress messages."""


def unpack(folder: Path, jobs: int) -> None:
    """Read every record and do nothing with it."""
    with closing(Archive(folder)) as archive:
        for capture in list(archive.ledger.captures.unread(next(_codes), Wanted())):
            _ = archive.captures.read(capture.place).answer


def measure(scale: Scale) -> Result:
    """Read the archive again in turns."""
    ways: dict[str, tuple[Callable[[Path, int], None], int]] = {
        "unpacked only": (unpack, 1),
        "one process": (reparse, 1),
        "two processes": (reparse, 2),
    }
    rates: dict[str, list[float]] = {label: [] for label in ways}
    with tempfile.TemporaryDirectory() as name:
        fill(Path(name), scale.reread)
        for _ in range(scale.rounds):
            for label, (way, jobs) in ways.items():
                began = time.perf_counter()
                way(Path(name), jobs)
                rates[label].append(scale.reread / (time.perf_counter() - began))
    best = {label: max(found) for label, found in rates.items()}
    return Result(
        title=f"An archive of {scale.reread:,} pages of 60 KB, read again",
        head=["", "pages a second, best", "median", "spread"],
        rows=[
            [label, f"{best[label]:,.0f}", f"{middle(found):,.0f}", f"{spread(found):.0%}"]
            for label, found in rates.items()
        ],
        goals=[
            Goal("reading again, a core", 1000, best["one process"], "pages a second", True),
            Goal("the same, of two", 1000, best["two processes"] / 2, "pages a second", True),
        ],
        notes=[f"Two processes: {best['two processes'] / best['one process']:.2f} times as fast."],
        raw=rates,
    )

"""How fast an archive is read again: ``python -m benchmarks.rereading``.

An archive of pages of 60 KB that came with gzip, read by code that finds nothing to record: in one
process, in two, and only unpacked; the best of rounds that take turns, in pages a second.
"""

import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path

from scrapy.utils.project import get_project_settings

from benchmarks.captures import exchanges
from crawler.archive import Archive
from crawler.capture_index import Wanted
from crawler.captures import Plan
from crawler.reading import load_steps
from crawler.reparsing import Reparse
from crawler.rereading import Method, Rereader
from crawler.site import Site
from crawler.spreading import crew_of
from pages.uza import LAYOUTS, RULES

PAGES = 6000
ROUNDS = 3

_codes = (f"code {number}" for number in count())  # each reads what another has read last


def fill(folder: Path) -> None:
    """Archive the pages, and record what they say."""
    with closing(Archive(folder)) as archive:
        archive.captures.plan = Plan(prefix="uza", largest=10**9, about={}, code="none")
        for exchange in exchanges(PAGES):
            archive.captures.take(exchange)
            archive.captures.keep(exchange.article_id or "")
    reparse(folder, 1)


def reparse(folder: Path, jobs: int) -> None:
    """Read everything again."""
    method = Method(
        Site(RULES.address.site, RULES.address),
        LAYOUTS,
        load_steps(get_project_settings(), RULES),
    )
    with closing(Archive(folder)) as archive, crew_of(None, str(jobs)) as crew:
        rereader = Rereader(archive.captures, method)
        summary = Reparse(archive, rereader, next(_codes), print).work(Wanted(), crew)
    assert len(summary.outcomes) == 1, summary


def unpack(folder: Path, jobs: int) -> None:
    """Read every record and do nothing with it."""
    with closing(Archive(folder)) as archive:
        for held in list(archive.ledger.captures.unread(next(_codes), Wanted())):
            _ = archive.captures.read(held.place).answer


def main() -> None:
    """Print pages a second."""
    ways: list[tuple[str, Callable[[Path, int], None], int]] = [
        ("unpacked only", unpack, 1),
        ("one process", reparse, 1),
        ("two processes", reparse, 2),
    ]
    best: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        fill(Path(name))
        for _ in range(ROUNDS):
            for label, way, jobs in ways:
                began = time.perf_counter()
                way(Path(name), jobs)
                rate = PAGES / (time.perf_counter() - began)
                best[label] = max(rate, best.get(label, 0))
    for label, rate in best.items():
        print(f"{label}: {rate:.0f} pages a second")
    print(f"two processes are {best['two processes'] / best['one process']:.2f} times as fast")


if __name__ == "__main__":
    main()

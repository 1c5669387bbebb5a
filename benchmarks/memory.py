"""Memory that a million pending articles cost a run: ``python -m benchmarks.memory``.

Two runs, with and without them, fetch at most 300 articles from the replica; the figures are the
peaks of their resident memory, as the system tells them.
"""

import os
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from crawler.store.archive import Archive
from replica import Replica
from replica.world import World
from tests.crawls.harness import NOW, Crawl

PENDING = 1_000_000
ARGUMENTS = ("-a", "editions=en", "-a", "limit=300")
UNIT = 1 if sys.platform == "darwin" else 1024  # bytes, of what the system counts in


def fill(folder: Path) -> None:
    """Make a ledger in which the articles of a backfill wait."""
    with closing(Archive(folder)) as archive:
        archive.ledger.database.executemany(
            "INSERT INTO article (id, url, address, state, due, priority, backfill, found_at) "
            "VALUES ('uza:' || ?1, 'https://uza.uz/posts/' || ?1, 'https://uza.uz/posts/' || ?1, "
            "'pending', 0, 3, 'ids=1-1000000', datetime('now'))",
            ((number,) for number in range(1, PENDING + 1)),
        )


def peak(crawl: Crawl) -> float:
    """Run to the end; return the peak of its memory in MB."""
    with crawl.start(*ARGUMENTS, LOG_LEVEL="ERROR") as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss * UNIT / 1e6


def main() -> None:
    """Run over both ledgers, and print the difference."""
    world = World(seed=7, posts=400, now=NOW, imported=0, legacy=0)
    with Replica(world) as replica, tempfile.TemporaryDirectory() as folder:
        empty, full = (Crawl(replica, Path(folder) / name) for name in ("empty", "full"))
        fill(full.data / "uza")
        without, above = peak(empty), peak(full)
    print(f"{without:.1f} MB without, {above:.1f} MB with {PENDING:,} pending articles")
    print(f"{above - without:.1f} MB more")


if __name__ == "__main__":
    main()

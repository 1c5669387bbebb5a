"""Requests of a run without new or due articles: ``python -m benchmarks.idle``."""

import tempfile
from pathlib import Path

from pages.uza import RULES
from replica import Replica
from replica.world import World
from tests.crawls.harness import NOW, Crawl, targets


def main() -> None:
    """Crawl the replica twice, and print the requests of the second run."""
    world = World(seed=7, posts=400, now=NOW)
    with Replica(world) as replica, tempfile.TemporaryDirectory() as folder:
        crawl = Crawl(replica, Path(folder))
        crawl()
        replica.requests.clear()
        rows = len(crawl.rows())
        report = crawl().report
        asked = [target for target in targets(replica) if target != "/robots.txt"]
        assert (sum(report["outcomes"].values()), len(crawl.rows())) == (0, rows)
    print(f"{len(asked)} requests for {len(RULES.editions)} editions, robots.txt aside:")
    print("\n".join(asked))


if __name__ == "__main__":
    main()

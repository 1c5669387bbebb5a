"""``make torture``: kill a few hundred runs, and check that nothing is lost and nothing doubled."""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler.system.clock import steady
from replica import Replica, faults
from replica.faults import Fault
from replica.world import World
from tests.crawls.harness import NOW, Crawl, ids_of
from tests.torture.kills import SOUND, Torture, Verdict, judge

PAGE_SECONDS = 0.08  # the replica's, so that a run lasts long enough to be hit
COUNTED = ("kills", "after growth", "in start-up", "in commit", "at close")


def main() -> int:
    """Torture runs over a replica; return 0 if the archive is sound."""
    asked = _arguments()
    world = World(seed=asked.seed, posts=asked.articles, now=NOW, imported=0, legacy=0)
    slow = Fault("/posts/", faults.delay(PAGE_SECONDS))
    began = time.monotonic()
    print(f"seed {asked.seed}: {asked.kills} kills over {asked.articles} articles")
    with Replica(world, faults=[slow]) as replica, TemporaryDirectory() as folder:
        crawl = Crawl(replica, Path(folder))
        crawl.settings["CONCURRENT_REQUESTS"] = 1
        torture = Torture(crawl, asked.seed)
        for counts in torture.kills(asked.kills):
            _say(counts, asked.kills, time.monotonic() - began)
        torture.finish()
        verdict = judge(crawl.data / "uza", ids_of(world.listing()))
        lines = len(crawl.rows())
    _table(torture.counts, verdict, time.monotonic() - began, lines)
    return 0 if verdict == SOUND else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=int(steady()), help="the present second")
    return parser.parse_args()


def _say(counts: Counter[str], kills: int, seconds: float) -> None:
    told = ", ".join(f"{counts[name]} {name}" for name in COUNTED[1:])
    print(f"{seconds:5.0f} s: {counts['kills']} of {kills} kills, {told}", end="\r", flush=True)


def _table(counts: Counter[str], verdict: Verdict, seconds: float, lines: int) -> None:
    figures: dict[str, object] = {name: counts[name] for name in COUNTED}
    figures |= {"seconds": round(seconds), "lines": lines}
    print("\n")
    for name, figure in figures.items():
        print(f"{name:<14}{figure:>8}")
    for name in Verdict.__slots__:
        wrong = getattr(verdict, name)
        print(f"{name:<14}{len(wrong):>8}  {wrong or ''}")


if __name__ == "__main__":
    sys.exit(main())

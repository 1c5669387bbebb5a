"""SIGKILL at random moments: the shorter form of ``make torture``."""

from pathlib import Path

import pytest

from replica import Replica, faults
from replica.faults import Fault
from replica.world import World
from tests.crawls.harness import NOW, Crawl, ids_of
from tests.torture.kills import SOUND, Torture, judge

KILLS = 10


@pytest.mark.any_day
def test_killed_runs_lose_nothing_and_write_nothing_twice(tmp_path: Path) -> None:
    world = World(seed=7, posts=600, now=NOW, imported=0, legacy=0)
    with Replica(world, faults=[Fault("/posts/", faults.delay(0.01))]) as replica:
        crawl = Crawl(replica, tmp_path)
        crawl.settings["CONCURRENT_REQUESTS"] = 2
        torture = Torture(crawl, seed=8)
        for _ in torture.kills(KILLS):
            pass
        assert torture.counts["kills"] >= KILLS
        assert torture.counts["after growth"] > KILLS / 2
        assert torture.counts["in commit"]
        left = len(crawl.rows())
        torture.finish()
        assert len(crawl.rows()) > left
        assert judge(crawl.data / "uza", ids_of(world.listing())) == SOUND

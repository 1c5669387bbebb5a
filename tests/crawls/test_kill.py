"""SIGKILL at random moments: the shorter form of ``make torture``."""

from datetime import UTC, timedelta
from pathlib import Path

from crawler.system.clock import now
from replica import Replica, faults
from replica.faults import Fault
from replica.world import World
from tests.crawls.harness import NOW, Crawl, ids_of
from tests.days import START, pass_time
from tests.torture.kills import SOUND, Torture, judge

KILLS = 10
LAST_DAY = START.astimezone(UTC).replace(month=12, day=31)
NEW_YEAR = LAST_DAY.replace(hour=0, minute=0, second=0) + timedelta(days=1)


def test_runs_killed_in_a_new_years_night_lose_nothing_and_write_nothing_twice(
    tmp_path: Path,
) -> None:
    """The first rows are in the journal of December, and the last in that of January."""
    evening = NEW_YEAR - timedelta(minutes=5) - START
    pass_time(evening)
    world = World(seed=7, posts=600, now=NOW + evening, imported=0, legacy=0)
    with Replica(world, faults=[Fault("/posts/", faults.delay(0.01))]) as replica:
        crawl = Crawl(replica, tmp_path)
        crawl.settings["CONCURRENT_REQUESTS"] = 2
        torture = Torture(crawl, seed=8)
        for _ in torture.kills(KILLS):
            if torture.counts["kills"] == KILLS / 2:
                pass_time(max(NEW_YEAR - timedelta(seconds=1) - now(), timedelta()))
        assert torture.counts["kills"] >= KILLS
        assert torture.counts["after growth"] > KILLS / 2
        assert torture.counts["in commit"]
        left = len(crawl.rows())
        torture.finish()
        assert len(crawl.rows()) > left
        assert len(list(crawl.data.glob("uza/journal/*"))) == 2
        assert judge(crawl.data / "uza", ids_of(world.listing())) == SOUND

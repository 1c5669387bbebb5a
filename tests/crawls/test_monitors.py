"""A site that changes is noticed by the next plain run, and by no other."""

import re

import pytest

from replica import Replica
from replica.faults import Fault
from replica.messages import Answer, Request
from replica.world import World
from tests.crawls.harness import Crawl, Run

pytestmark = pytest.mark.any_day
ENGLISH = ("-a", "editions=en")
MANY = 45


def publish(world: World, number: int) -> list[str]:
    """Publish so many posts; return their addresses."""
    return [f"https://uza.uz{world.publish('en').path}" for _ in range(number)]


def changed(pattern: str) -> Fault:
    """Leave out of every article's page what the pattern finds."""

    def act(request: Request, answer: Answer) -> Answer:
        answer.body = re.sub(pattern.encode(), b"", answer.body)
        return answer

    return Fault(r"/posts/.*_\d", act)


def alarms(run: Run) -> list[str]:
    return [line for line in run.log.splitlines() if "ERROR: monitor" in line]


def test_bylines_that_vanish_are_noticed_by_the_next_plain_run(
    crawl: Crawl, replica: Replica
) -> None:
    crawl.apart = True
    publish(replica.world, MANY)
    assert alarms(crawl(*ENGLISH)) == []
    replica.faults.append(changed(r"<p><strong>[^<]*</strong></p>"))
    fresh = publish(replica.world, 32)

    backfill = crawl(*ENGLISH, "-a", f"revisit={crawl.ids()[-1]}")
    assert alarms(backfill) == []
    run = crawl(*ENGLISH, exit_code=4)
    (line,) = alarms(run)
    assert re.search(r"en/current: authors in 0% of the 30 newest articles, \d\d% of the", line)
    examples = re.findall(r"https://[^\s,]+", line)
    assert len(set(examples)) == 3
    assert set(examples) <= set(fresh)
    assert [alarm["figure"] for alarm in run.report["monitors"]] == ["authors"]

    replica.faults.clear()
    publish(replica.world, 31)
    assert alarms(crawl(*ENGLISH)) == []


def test_pages_that_no_layout_knows_any_more_are_noticed(crawl: Crawl, replica: Replica) -> None:
    crawl.apart = True
    publish(replica.world, MANY)
    crawl(*ENGLISH)
    replica.options.changed = True
    publish(replica.world, 32)
    run = crawl(*ENGLISH, exit_code=4)
    layouts, page = alarms(run)
    assert re.search(r"monitor all: layouts .*current.* read 0 of the last 32 pages", layouts)
    assert re.search(r"monitor en: page in 0% of the 30 newest articles, (9\d|100)% of the", page)
    backfill = crawl(*ENGLISH, "-a", f"revisit={crawl.ids()[-1]}")
    assert backfill.report["monitors"] == []

"""A run that nobody answers ends, and so does one for which there is no room."""

from typing import Any

import pytest

from replica import Replica, faults
from replica.faults import Fault
from tests.crawls.harness import Crawl, ids_of, targets

ENGLISH = ("-a", "editions=en")
SOON: dict[str, Any] = {
    "STALLED_MINUTES": 0.03,
    "RETRY_AFTER_MAX": 1,
    "STOP_SECONDS": 1,
    "DOWNLOAD_TIMEOUT": 100,
}


@pytest.mark.parametrize("where", ["robots", "/posts/.*_"])
def test_a_run_that_nobody_answers_ends_and_the_next_one_fetches_all(
    crawl: Crawl, replica: Replica, where: str
) -> None:
    replica.faults.append(Fault(where, faults.hang()))
    run = crawl(*ENGLISH, exit_code=6, **SOON)
    assert run.report["exit_reason"] == (
        "no response for 0.03 minutes: the site, or the network, is down; "
        "the next run fetches what is pending"
    )
    assert run.report["seconds"] < 10
    replica.faults.clear()
    crawl()
    assert crawl.ids() == ids_of(replica.world.listing())


def test_a_slow_site_is_waited_for(crawl: Crawl, replica: Replica) -> None:
    replica.faults.append(Fault(".", faults.delay(0.5)))
    run = crawl(*ENGLISH, CONCURRENT_REQUESTS_PER_DOMAIN=1, **SOON)
    assert run.outcomes == {"new": 3}
    assert run.report["seconds"] > 60 * 0.03


def test_a_run_begins_nothing_where_there_is_little_room(crawl: Crawl, replica: Replica) -> None:
    run = crawl(*ENGLISH, exit_code=7, DISK_FREE_LEAST=10**12)
    assert "of the disk are free, less than 1000.0 GB (DISK_FREE_LEAST)" in run.log
    assert run.outcomes == {}
    assert not targets(replica, "/posts/")
    assert not list(crawl.data.glob("uza/articles/*"))
    crawl(*ENGLISH)

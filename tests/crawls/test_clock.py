"""A crawl on another day than the machine's: every time that it notes is of that day."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from crawler.system.clock import AHEAD
from tests.crawls.harness import LONGEST, Crawl
from tests.days import START, pass_time

pytestmark = pytest.mark.any_day
ENGLISH = ("-a", "editions=en")
SOON = timedelta(seconds=LONGEST)
YEAR = timedelta(days=365)
TIMES = (
    "SELECT datetime(found_at) || '+00:00' FROM article",
    "SELECT first_seen_at FROM article",
    "SELECT walked_at || '+00:00' FROM mark",
    "SELECT fetched_at FROM version",
    "SELECT taken_at FROM capture",
)


def is_soon_after(moment: datetime, written: str) -> bool:
    return timedelta(0) <= datetime.fromisoformat(written) - moment <= SOON


def test_every_time_of_a_run_is_of_its_own_day_and_the_log_says_which(crawl: Crawl) -> None:
    run = crawl(*ENGLISH)
    (told,) = (line for line in run.log.splitlines() if AHEAD in line)
    assert is_soon_after(START, told.rpartition(" ")[2])
    with closing(sqlite3.connect(crawl.data / "uza" / "ledger.sqlite")) as ledger:
        for query in TIMES:
            times = [written for (written,) in ledger.execute(query)]
            assert times
            assert all(is_soon_after(START, written) for written in times), query
    pass_time(YEAR)
    assert is_soon_after(START + YEAR, crawl(*ENGLISH).report["started_at"])

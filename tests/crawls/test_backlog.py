import json
import re
from contextlib import closing
from pathlib import Path

from crawler.crawl.rounds import BATCH
from crawler.settings import EXTENSIONS
from crawler.store.archive import Archive
from replica import Replica
from tests.crawls.counting import ANSWERS
from tests.crawls.harness import Crawl

PENDING = 30_000


def fill(folder: Path, count: int) -> None:
    """Make a ledger in which so many articles wait for a backfill."""
    with closing(Archive(folder)) as archive:
        archive.ledger.database.executemany(
            "INSERT INTO article (id, url, address, state, due, priority, backfill, found_at) "
            "VALUES ('uza:' || ?1, 'https://uza.uz/posts/' || ?1, 'https://uza.uz/posts/' || ?1, "
            "'pending', 0, 3, 'ids=1-9', '')",
            ((number,) for number in range(1, count + 1)),
        )


def test_a_long_backlog_is_pulled_a_batch_at_a_time(crawl: Crawl, replica: Replica) -> None:
    fill(crawl.data / "uza", PENDING)
    counting = {**EXTENSIONS, "tests.crawls.counting.CountPulled": 1}
    run = crawl("-a", "editions=en", EXTENSIONS=json.dumps(counting), SITE_IS_MIRROR=1)
    (pulled,) = re.findall(r"pulled (\d+)", run.log)
    assert ANSWERS - 5 <= int(pulled) <= ANSWERS + 2 * BATCH
    assert run.report["carried_over"] == PENDING
    assert run.report["pending"] > PENDING - ANSWERS - 2 * BATCH

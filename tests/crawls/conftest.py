from collections.abc import Iterator
from pathlib import Path

import pytest

from replica import Replica
from replica.world import World
from tests.crawls.harness import NOW, Crawl
from tests.days import start_day


@pytest.fixture
def replica() -> Iterator[Replica]:
    start_day()
    with Replica(World(seed=7, posts=60, now=NOW, imported=4)) as running:
        yield running


@pytest.fixture
def crawl(replica: Replica, tmp_path: Path) -> Crawl:
    return Crawl(replica, tmp_path)

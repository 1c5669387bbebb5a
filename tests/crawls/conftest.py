from collections.abc import Iterator
from pathlib import Path

import pytest

from replica import Replica
from replica.world import World
from tests.crawler.buckets import s3 as s3
from tests.crawler.buckets import s3_port as s3_port
from tests.crawls.harness import NOW, Archives, Crawl
from tests.days import start_day


@pytest.fixture(scope="session")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Archives:
    return Archives(tmp_path_factory.mktemp("archives"))


@pytest.fixture
def replica(archives: Archives) -> Iterator[Replica]:
    start_day()
    with archives.serve(World(seed=7, posts=60, now=NOW, imported=4)) as running:
        yield running


@pytest.fixture
def crawl(replica: Replica, tmp_path: Path, archives: Archives) -> Crawl:
    return Crawl(replica, tmp_path, archives)

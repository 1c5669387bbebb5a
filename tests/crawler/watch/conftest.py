"""An archive that is watched, and somebody who is told."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crawler.store.archive import Archive
from tests.crawler.archives import store
from tests.crawler.watch.receivers import Receiver, receiving
from tests.days import start_day


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    yield
    start_day()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with closing(Archive(tmp_path / "uza")) as archive:
        store(archive, 1, title="An old bridge")
        archive.commit()
        yield archive

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crawler.store.archive import Archive
from tests.crawler.feeds.archives import fill


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with closing(Archive(tmp_path / "uza")) as archive:
        fill(archive)
        yield archive

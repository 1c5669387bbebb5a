"""A release for tests that only read it."""

import re
from pathlib import Path

import pytest

from crawler.model.article import Capture
from crawler.store.archive import Archive
from tests.commands import scrapy
from tests.crawler.archives import store
from tests.crawler.export.exported import FULL
from tests.crawler.release.world import fill_with_posts


def _fill(folder: Path) -> None:
    """Record the posts of the replica, an article with something in every field, and a day."""
    fill_with_posts(folder)
    archive = Archive(folder)
    given = {name: getattr(FULL, name) for name in FULL.__dataclass_fields__}
    far = Capture("a.warc.gz", 5_000_000_000, 20, "sha256:00")  # an offset of more than 32 bits
    store(archive, 11, **given | {"id": "uza:11", "capture": far})
    store(archive, 12, edition="en", published_at="2024-05-01", published_precision="day")
    archive.close()


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a release."""
    folder = tmp_path_factory.mktemp("released")
    _fill(folder / "uza")
    run = scrapy("release", "uza", "--out", folder / "out", DATA_DIR=folder)
    assert (run.returncode, run.stderr) == (0, "")
    assert re.fullmatch(r".+/out: 30\d articles, release 2026-11-25\+[0-9a-f]{8}\n", run.stdout)
    return folder / "out"

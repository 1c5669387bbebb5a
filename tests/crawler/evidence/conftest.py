"""What tests of the evidence of an article share."""

from contextlib import closing
from pathlib import Path

import pytest

from crawler.store.archive import Archive
from tests.crawler.wacz_files import fill


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an archive with an article and its captures."""
    with closing(Archive(tmp_path / "uza")) as archive:
        fill(archive)
    return tmp_path / "uza"

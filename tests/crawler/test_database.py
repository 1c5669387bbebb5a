import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crawler.archive import Archive
from crawler.errors import StorageError
from tests.crawler.archives import lines, store


def fill(archive: Archive) -> None:
    """Let the ledger grow no more, and store until it is full; SQLite then drops the group."""
    archive.ledger.database.execute("PRAGMA max_page_count = 1")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        store_many(archive)


def store_many(archive: Archive) -> None:
    for number in range(100, 140):
        store(archive, number)


def test_nothing_is_committed_once_the_ledger_was_full(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    store(archive, 1)
    archive.commit()
    fill(archive)
    with pytest.raises(sqlite3.OperationalError, match="full"):
        store(archive, 2)
    with pytest.raises(StorageError, match="cannot be written"):
        archive.close()
    with closing(Archive(tmp_path)) as again:
        assert again.ledger.origin("uza:1")
        assert again.ledger.origin("uza:2") is None
        assert again.ledger.frontier.backlog() == 0
    assert lines(tmp_path) == ["uza:1"]


def test_a_ledger_that_was_full_is_still_read(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    store(archive, 1)
    archive.commit()
    fill(archive)
    assert archive.ledger.origin("uza:1")
    with pytest.raises(StorageError):
        archive.close()

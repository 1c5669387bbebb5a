"""Files of years, and a damaged journal, while the journal lies in a bucket: here, a folder."""

import sqlite3
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest

from crawler.errors import StorageError
from crawler.maintenance.rebuild import Rebuild
from crawler.store.archive import Archive
from crawler.store.newest_versions import write_changed_years
from crawler.system.offloaded import bring_back, open_file
from tests.crawler.offloads import finished as finished
from tests.crawler.offloads import moving, problems, quiet

pytestmark = pytest.mark.skipif(find_spec("obstore") is None, reason="make bucket installs it")
YEAR, JOURNAL = "articles/2026.jsonl", "journal/2026-12.jsonl"


def offload(folder: Path) -> None:
    moving(folder, (folder.parent.parent / "bucket").as_uri()).work()


def written(folder: Path, *years: str) -> dict[str, bytes]:
    """Write the files of years again; return them."""
    with closing(Archive(folder)) as archive:
        database: sqlite3.Connection = archive.ledger.database
        database.executemany("INSERT INTO changed_year VALUES (?)", [(year,) for year in years])
        write_changed_years(database, folder)
    return {year: (folder / "articles" / f"{year}.jsonl").read_bytes() for year in years}


def test_a_file_is_written_from_the_one_before(folder: Path) -> None:
    before = (folder / YEAR).read_bytes()
    offload(folder)
    assert written(folder, "2026") == {"2026": before}
    assert problems(folder) == []


def test_what_is_damaged_in_the_one_before_comes_from_the_journal(folder: Path) -> None:
    before = (folder / YEAR).read_bytes()
    offload(folder)
    for damaged in (before.replace(b"Rain", b"Snow"), before[: len(before) // 2], b"{]\n" + before):
        (folder / YEAR).write_bytes(damaged)
        assert written(folder, "2026") == {"2026": before}


def test_a_year_without_articles_does_not_fall_back_to_its_file_in_the_bucket(folder: Path) -> None:
    (folder / "articles" / "1999.jsonl").write_bytes(b"{}\n")
    offload(folder)
    assert problems(folder)
    assert written(folder, "1999") == {"1999": b""}
    assert problems(folder) == []


def test_a_damaged_line_is_taken_out_of_a_journal_that_is_brought_back_for_that(
    folder: Path,
) -> None:
    line = (folder / JOURNAL).read_bytes().splitlines(keepends=True)[1]
    (folder / JOURNAL).write_bytes((folder / JOURNAL).read_bytes().replace(line, b"?" * len(line)))
    offload(folder)
    with pytest.raises(StorageError, match="is not a row of an article"):
        Rebuild(folder, quiet).make()
    assert not (folder / JOURNAL).exists()
    Rebuild(folder, quiet, skip_damaged=True).make()
    assert (folder / JOURNAL).exists()
    assert problems(folder) == []
    offload(folder)
    assert not (folder / JOURNAL).exists()
    assert problems(folder) == []
    assert not bring_back(folder / "journal" / "2027-01.jsonl")
    with open_file(folder / JOURNAL) as file:
        assert b"?" not in file.read()

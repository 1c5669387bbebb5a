import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from crawler.errors import ArchiveError, StorageError, UsageError
from crawler.store.archive import Archive, is_locked
from crawler.store.reader import ArchiveReader
from tests.crawler.archives import store

NOBODY = 65534


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an archive of two articles, the first of which has two versions."""
    archive = Archive(tmp_path / "uza")
    store(archive, 1)
    store(archive, 2)
    store(archive, 1, version=2, change="edited", title="Another title")
    archive.close()
    return tmp_path / "uza"


@pytest.fixture
def sealed() -> Iterator[Path]:
    """Yield an archive's folder in which the user, who is not root, may not write."""
    with TemporaryDirectory() as parent:
        os.chmod(parent, 0o755)
        path = Path(parent, "uza")
        with closing(Archive(path)) as archive:
            store(archive, 1)
        (path / "lock").chmod(0o200)
        path.chmod(0o555)
        user = os.geteuid()
        if user == 0:
            os.seteuid(NOBODY)
        try:
            yield path
        finally:
            os.seteuid(user)
            path.chmod(0o755)


def failure(folder: Path, article_id: str = "uza:1") -> ArchiveError:
    with pytest.raises(ArchiveError) as raised, ArchiveReader(folder) as reader:
        reader.versions(article_id)
    assert "\n" not in str(raised.value)
    return raised.value


def test_the_versions_of_an_article_come_in_order_of_recording(folder: Path) -> None:
    with ArchiveReader(folder) as reader:
        rows = reader.versions("uza:1")
        assert [(row["version"], row["title"]) for row in rows] == [
            (1, "Title 1"),
            (2, "Another title"),
        ]
        assert reader.versions("uza:3") == []


def test_a_reader_needs_no_lock_and_shows_the_moment_at_which_it_was_opened(folder: Path) -> None:
    with closing(Archive(folder)) as archive:
        store(archive, 3)
        with ArchiveReader(folder) as before:
            assert before.versions("uza:3") == []
            archive.commit()
            assert before.versions("uza:3") == []
        with ArchiveReader(folder) as after:
            assert len(after.versions("uza:3")) == 1


def test_nothing_is_cut_and_nothing_is_written(folder: Path) -> None:
    (journal,) = (folder / "journal").iterdir()
    with journal.open("ab") as file:
        file.write(b'{"half a')
    before = journal.read_bytes(), (folder / "ledger.sqlite").read_bytes()
    with ArchiveReader(folder) as reader:
        assert len(reader.versions("uza:1")) == 2
        with pytest.raises(sqlite3.OperationalError):
            reader.database.execute("DELETE FROM version")
    assert (journal.read_bytes(), (folder / "ledger.sqlite").read_bytes()) == before


def test_without_an_archive_one_line_says_how_to_get_one(tmp_path: Path) -> None:
    error = failure(tmp_path / "uza")
    assert isinstance(error, UsageError)
    assert "there is no archive; crawl first" in str(error)
    assert list(tmp_path.iterdir()) == []


def test_a_ledger_that_is_lost_is_damage_with_the_command_that_makes_it_again(folder: Path) -> None:
    (folder / "ledger.sqlite").unlink()
    error = failure(folder)
    assert isinstance(error, StorageError)
    assert "ledger.sqlite: damaged (it is missing beside journal/)" in str(error)
    assert "scrapy rebuild uza" in str(error)


def test_a_folder_that_the_user_may_not_write_can_be_read(sealed: Path) -> None:
    with ArchiveReader(sealed) as reader:
        assert [row["title"] for row in reader.versions("uza:1")] == ["Title 1"]


def test_a_folder_that_the_user_may_not_enter_is_no_damage(sealed: Path) -> None:
    user = os.geteuid()
    os.seteuid(sealed.stat().st_uid)
    sealed.chmod(0o000)
    os.seteuid(user)
    error = failure(sealed)
    assert isinstance(error, UsageError)
    assert "no permission" in str(error)


def test_a_lock_that_may_not_be_read_is_named(sealed: Path) -> None:
    with pytest.raises(UsageError, match=r"lock: cannot be read \(no permission\); run"):
        is_locked(sealed)


@pytest.mark.parametrize("content", [b"", b"no ledger at all" * 500])
def test_a_damaged_ledger_is_named_with_its_remedy(folder: Path, content: bytes) -> None:
    (folder / "ledger.sqlite").write_bytes(content)
    error = failure(folder)
    assert isinstance(error, StorageError)
    assert str(folder / "ledger.sqlite") in str(error)


def test_damage_found_while_reading_is_told_like_damage_found_at_first(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as database:
        database.execute("DROP TABLE version")
    error = failure(folder)
    assert isinstance(error, StorageError)
    assert "scrapy rebuild uza" in str(error)


@pytest.mark.parametrize(
    ("version", "remedy"), [(1, "the next run of scrapy crawl uza"), (99, "update the project")]
)
def test_a_ledger_of_another_release_is_not_misread(
    folder: Path, version: int, remedy: str
) -> None:
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as database:
        database.execute(f"PRAGMA user_version = {version}")
    assert remedy in str(failure(folder))


def test_a_line_that_is_cut_short_is_named_by_file_and_place(folder: Path) -> None:
    (journal,) = (folder / "journal").iterdir()
    os.truncate(journal, journal.stat().st_size - 9)
    error = failure(folder)
    assert isinstance(error, StorageError)
    assert f"{journal}: line 3: uza:1 version 2 cannot be read at byte" in str(error)


def test_a_journal_file_that_is_gone_is_named(folder: Path) -> None:
    (journal,) = (folder / "journal").iterdir()
    journal.unlink()
    assert f"{journal}: uza:1 version 1 cannot be read" in str(failure(folder))


def test_another_row_where_a_version_should_stand_is_never_taken_for_it(folder: Path) -> None:
    (journal,) = (folder / "journal").iterdir()
    first, second, third = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(second + first + third)
    assert "(found uza:2 version 1 there)" in str(failure(folder))

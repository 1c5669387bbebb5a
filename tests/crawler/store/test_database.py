import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from crawler.errors import StorageError
from crawler.store.archive import Archive
from crawler.store.reader import ArchiveReader
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


# Damage.


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """Return the ledger of an archive at rest, of some pages."""
    with closing(Archive(tmp_path / "uza")) as archive:
        for number in range(200):
            store(archive, number)
    return tmp_path / "uza" / "ledger.sqlite"


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA writable_schema = ON")
        database.execute(statement)


def overwrite_a_page(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:8192] + b"\xff" * 4096 + data[12288:])


def name_a_table_in_no_language(path: Path) -> None:
    data = path.read_bytes()
    assert b"CREATE TABLE article (" in data
    path.write_bytes(data.replace(b"CREATE TABLE article (", b"CREATE TABLE articl\xff ("))


DAMAGES: dict[str, Callable[[Path], None]] = {
    "a page": overwrite_a_page,
    "a name that is no UTF-8": name_a_table_in_no_language,
    "no table": lambda path: change(path, "DROP TABLE road_bit"),
    "another trigger": lambda path: change(
        path, "UPDATE sqlite_master SET sql = replace(sql, '+ 1', '+ 2') WHERE type = 'trigger'"
    ),
    "no value where one has to be": lambda path: change(
        path,
        "UPDATE sqlite_master SET sql = replace(sql, 'reason TEXT', 'reason TEXT NOT NULL') "
        "WHERE name = 'article'",
    ),
}


@pytest.mark.parametrize("opener", [Archive, ArchiveReader])
@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found_at_the_door(
    ledger: Path, damage: str, opener: Callable[[Path], object]
) -> None:
    DAMAGES[damage](ledger)
    with pytest.raises(StorageError, match=r"scrapy rebuild uza$") as told:
        opener(ledger.parent)
    assert str(told.value).startswith(f"{ledger}: damaged (")
    assert str(told.value).isprintable()


def test_a_large_ledger_is_looked_at_for_a_limited_time(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.store.database.CHECK_SECONDS", -1)
    monkeypatch.setattr("crawler.store.database._STEPS", 1)
    overwrite_a_page(ledger)
    with ArchiveReader(ledger.parent) as reader:
        assert reader.database.execute("SELECT count(*) FROM meta").fetchone()[0]


def test_what_fails_because_of_a_damaged_value_is_told_as_damage_and_else_as_it_is(
    ledger: Path,
) -> None:
    with pytest.raises(TypeError), ArchiveReader(ledger.parent):
        raise TypeError
    change(ledger, "UPDATE version SET length = 'long'")
    with pytest.raises(StorageError, match="another kind in version"), ArchiveReader(ledger.parent):
        raise TypeError


def test_a_writing_program_tells_a_damaged_value_as_damage_and_else_what_it_is(
    ledger: Path,
) -> None:
    with pytest.raises(TypeError), Archive(ledger.parent):
        raise TypeError
    change(ledger, "UPDATE version SET length = 'long'")
    with pytest.raises(StorageError, match="another kind in version"), Archive(ledger.parent):
        raise TypeError
    with Archive(ledger.parent):  # the lock was given back
        pass


@pytest.mark.parametrize(
    "damage",
    ["UPDATE file SET length = 'long'", "UPDATE meta SET value = x'61' WHERE key = 'generation'"],
)
def test_a_damaged_value_that_keeps_an_archive_from_opening_is_told(
    ledger: Path, damage: str
) -> None:
    change(ledger, damage)
    with pytest.raises(StorageError, match=r"another kind in \w+.* scrapy rebuild uza$"):
        Archive(ledger.parent)


READS: dict[str, Callable[[sqlite3.Cursor], object]] = {
    "one": lambda rows: rows.fetchone(),
    "all": lambda rows: rows.fetchall(),
    "in turn": list,
}


@pytest.mark.parametrize("read", READS)
def test_a_text_that_is_none_is_named_wherever_it_is_read(ledger: Path, read: str) -> None:
    change(ledger, "UPDATE article SET title = CAST(x'ff0a' AS TEXT)")
    with (
        pytest.raises(StorageError, match=r"damaged \(Could not decode to UTF-8 column 'title'"),
        ArchiveReader(ledger.parent) as reader,
    ):
        READS[read](reader.database.execute("SELECT title FROM article"))


def test_what_there_can_be_one_of_and_are_two_is_damage(ledger: Path) -> None:
    with closing(Archive(ledger.parent)) as archive:
        twice = sqlite3.IntegrityError("UNIQUE constraint failed: version.article_id")
        assert str(archive.unwritable(twice)).startswith(f"{ledger}: damaged (UNIQUE")

"""Changes are read from where a reader stopped, as far as the ledger covers the journal."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from crawler.errors import DamagedVersion
from crawler.model.versions import blank_line
from crawler.store.archive import Archive
from crawler.store.changes import Position, changes
from crawler.store.journal import DamagedLines, lines_of
from crawler.store.reader import ArchiveReader
from tests.crawler.archives import store


def read(
    folder: Path, since: Mapping[str, int], read_at: str = ""
) -> tuple[list[tuple[str, int]], Mapping[str, int]]:
    """Return the changes since then, and where to go on."""
    with ArchiveReader(folder) as reader:
        found = [(row.id, row.version) for row in changes(reader, Position(since, read_at))]
        return found, Position.here(reader).lengths


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = Archive(tmp_path / "uza")
    store(archive, 1)
    store(archive, 2)
    archive.commit()
    return archive


def test_what_was_read_is_not_read_again(archive: Archive) -> None:
    with closing(archive):
        found, lengths = read(archive.folder, {})
        assert found == [("uza:1", 1), ("uza:2", 1)]
        store(archive, 1, version=2, change="edited", title="Another")
        assert read(archive.folder, lengths) == ([], lengths)
        archive.commit()
        found, longer = read(archive.folder, lengths)
        assert found == [("uza:1", 2)]
        assert read(archive.folder, longer) == ([], longer)
        assert read(archive.folder, {})[0] == [("uza:1", 1), ("uza:2", 1), ("uza:1", 2)]


def test_files_of_months_are_read_in_their_order(archive: Archive) -> None:
    with closing(archive):
        (journal,) = archive.journal.folder.glob("*.jsonl")
        earlier = journal.with_name("2025-01.jsonl")
        journal.rename(earlier)
        with archive.ledger.database as database:
            database.execute("UPDATE file SET name = ?", (earlier.name,))
            database.execute("UPDATE version SET file = ?", (earlier.name,))
        archive.journal.lengths = {}
        store(archive, 3)
        archive.ledger.database.execute("BEGIN")
        archive.commit()
        found, lengths = read(archive.folder, {})
    assert [article_id for article_id, _ in found] == ["uza:1", "uza:2", "uza:3"]
    assert list(lengths) == [earlier.name, journal.name]


def test_where_a_damaged_line_was_taken_out_the_others_are_read(archive: Archive) -> None:
    archive.close()
    (journal,) = archive.journal.folder.glob("*.jsonl")
    first, second = lines_of(journal)
    damaged = DamagedLines(journal, lines=[first])
    damaged.keep(second)
    damaged.move()
    assert read(archive.folder, {})[0] == [("uza:2", 1)]
    assert read(archive.folder, {journal.name: 10})[0] == [("uza:2", 1)]


def test_a_withdrawn_article_is_not_told_of(archive: Archive) -> None:
    archive.close()
    (journal,) = archive.journal.folder.glob("*.jsonl")
    with ArchiveReader(archive.folder) as reader:
        (row,) = reader.versions("uza:1")
    first, _ = lines_of(journal)
    archive.journal.overwrite(journal.name, {0: blank_line(row, first.length)})
    assert read(archive.folder, {})[0] == [("uza:2", 1)]


@pytest.mark.parametrize("damage", [(b"Title 2", b"Title 7"), (b'"uza:2"', b'"uza\x002"')])
def test_a_line_that_was_changed_is_damage(archive: Archive, damage: tuple[bytes, bytes]) -> None:
    archive.close()
    (journal,) = archive.journal.folder.glob("*.jsonl")
    journal.write_bytes(journal.read_bytes().replace(*damage))
    with pytest.raises(DamagedVersion, match=r"line 2: a row cannot be read .* scrapy rebuild uza"):
        read(archive.folder, {})


def test_in_a_journal_that_was_restored_only_what_was_seen_since_is_told(archive: Archive) -> None:
    """A backup lacks what was read already; what comes after it begins anywhere."""
    with closing(archive):
        _, lengths = read(archive.folder, {})
        beyond = {name: lengths[name] + 10 for name in lengths}
        assert read(archive.folder, beyond, "2026-11-24T00:00:00Z") == ([], lengths)
        store(archive, 3, fetched_at="2026-11-25T00:00:00Z")
        archive.commit()
        assert read(archive.folder, beyond, "2026-11-24T00:00:00Z")[0] == [("uza:3", 1)]

import json
import os
from contextlib import closing
from itertools import permutations
from pathlib import Path

import pytest
from itemadapter import ItemAdapter

from crawler.errors import StorageError
from crawler.model.article import Image
from crawler.model.fields import content_hash
from crawler.store.archive import Archive
from crawler.store.ledger import Ledger
from crawler.store.newest_versions import newest_lines, write_changed_years
from crawler.store.reader import ArchiveReader
from crawler.system.files import replace_file
from pages.uza import RULES
from tests.crawler.archives import article, crash, store


def told(lines: list[bytes]) -> list[tuple[str, int]]:
    return [(row["id"], row["version"]) for row in map(json.loads, lines)]


def newest(folder: Path, **conditions: object) -> list[tuple[str, int]]:
    with ArchiveReader(folder) as reader:
        wanted = {f"{name} IS ?": value for name, value in conditions.items()}
        return told(list(newest_lines(reader.database, folder / "journal", wanted)))


def years(folder: Path) -> dict[str, list[tuple[str, int]]]:
    files = sorted((folder / "articles").iterdir())
    return {file.name: told(file.read_bytes().splitlines()) for file in files}


def write_years(archive: Archive) -> list[str]:
    archive.commit()
    names = write_changed_years(archive.ledger.database, archive.folder)
    archive.close()
    return names


def test_the_version_fetched_last_is_the_newest_and_of_two_alike_the_higher_number(
    tmp_path: Path,
) -> None:
    archive = Archive(tmp_path / "uza")
    store(archive, 1)
    store(archive, 1, version=2, change="older", fetched_at="2026-11-20T00:00:00Z")
    store(archive, 2)
    store(archive, 2, version=2, change="edited")
    archive.close()
    assert newest(tmp_path / "uza") == [("uza:1", 1), ("uza:2", 2)]


FALSE = {"fetched_at": "9999-12-31T00:00:00Z", "archive_url": "warc:a.warc.gz@0+9"}
VERSIONS: list[dict[str, object]] = [  # in the order in which they were recorded
    {"fetched_at": "2030-01-01T00:00:00Z"},  # by a clock that ran ahead
    {"change": "edited", **FALSE},
    {"change": "edited", "fetched_at": "2026-11-20T00:00:00Z"},
    {"change": "reparsed", "fetched_at": "2026-11-01T00:00:00Z", "run": "reparse-c0de"},
    {"change": "older", "fetched_at": "2019-01-01T00:00:00Z", "archive_url": "https://a.example"},
]


@pytest.mark.parametrize("order", list(permutations(range(5)))[::7])
def test_a_version_with_a_false_time_is_older_than_a_later_visit_in_whatever_order_they_are_read(
    tmp_path: Path, order: tuple[int, ...]
) -> None:
    with closing(Ledger(tmp_path / "ledger.sqlite")) as ledger:
        for place in order:
            row = article(1, version=place + 1, **VERSIONS[place])
            ledger.restore(row, ("2026-11.jsonl", place, 1))
        assert [known.number for known in ledger.versions("uza:1")] == [3, 2, 1, 4, 5]
        (newest,) = ledger.database.execute("SELECT version FROM article").fetchone()
        assert newest == 3


def test_without_a_later_visit_a_version_is_as_new_as_it_says(tmp_path: Path) -> None:
    with closing(Ledger(tmp_path / "ledger.sqlite")) as ledger:
        for place in (0, 1, 3, 4):
            row = article(1, version=place + 1, **VERSIONS[place])
            ledger.restore(row, ("2026-11.jsonl", place, 1))
        assert [known.number for known in ledger.versions("uza:1")] == [2, 1, 4, 5]


def test_rows_stand_by_year_and_id_undated_first(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "uza")
    store(archive, 3, published_at="2024-05-01T10:00:00+05:00")
    store(archive, 1, published_at="2025-01-01", edition="en")
    store(archive, 2, published_at="2024-12-31T23:59:00+05:00", edition="en")
    store(archive, 4)
    archive.close()
    assert [name for name, _ in newest(tmp_path / "uza")] == ["uza:4", "uza:2", "uza:3", "uza:1"]
    assert newest(tmp_path / "uza", year="2024", edition="en") == [("uza:2", 1)]


def test_what_a_run_has_not_committed_is_not_read(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "uza")
    store(archive, 1)
    archive.commit()
    store(archive, 2)
    archive.journal.write()
    assert newest(tmp_path / "uza") == [("uza:1", 1)]
    crash(archive)


def test_a_journal_that_lacks_a_line_is_named(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "uza")
    store(archive, 1)
    archive.close()
    (file,) = (tmp_path / "uza" / "journal").iterdir()
    os.truncate(file, 20)
    with pytest.raises(StorageError, match=f"{file.name}: line 1: uza:1 version 1 .* byte 0 "):
        newest(tmp_path / "uza")
    file.unlink()
    with pytest.raises(StorageError, match=f"{file.name}: cannot be read"):
        newest(tmp_path / "uza")


def test_only_changed_years_are_written_and_then_forgotten(tmp_path: Path) -> None:
    folder = tmp_path / "uza"
    archive = Archive(folder)
    store(archive, 1, published_at="2024-05-01")
    store(archive, 2)
    assert write_years(archive) == ["undated", "2024"]
    assert years(folder) == {"2024.jsonl": [("uza:1", 1)], "undated.jsonl": [("uza:2", 1)]}
    assert write_years(Archive(folder)) == []
    archive = Archive(folder)
    store(archive, 1, version=2, change="edited", published_at="2025-05-01")
    assert write_years(archive) == ["2024", "2025"]
    assert years(folder) == {"2025.jsonl": [("uza:1", 2)], "undated.jsonl": [("uza:2", 1)]}


def test_years_of_a_run_killed_while_it_wrote_them_are_written_by_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "uza"
    archive = Archive(folder)
    store(archive, 1, published_at="2024-05-01")
    archive.commit()
    write_changed_years(archive.ledger.database, folder)
    crash(archive)
    (folder / "articles" / "2024.jsonl").write_text("")
    assert write_years(Archive(folder)) == ["2024"]
    assert years(folder) == {"2024.jsonl": [("uza:1", 1)]}


def test_a_file_whose_lines_fail_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text("before")
    with pytest.raises(ZeroDivisionError):
        replace_file(path, (b"%d" % (1 // number) for number in (1, 0)))
    assert [file.name for file in tmp_path.iterdir()] == ["rows.jsonl"]
    assert path.read_text() == "before"


@pytest.mark.parametrize(
    ("old", "new"), [("Body.", "Bady."), ("Title 1", "Title 2"), ("a_1.jpg", "b_1.jpg")]
)
def test_a_line_that_says_something_else_than_was_recorded_is_damaged(
    tmp_path: Path, old: str, new: str
) -> None:
    with Archive(tmp_path / "uza") as archive:
        store(archive, 1, images=[Image("https://uza.uz/a_1.jpg")])
    assert newest(tmp_path / "uza") == [("uza:1", 1)]
    (path,) = (tmp_path / "uza" / "journal").iterdir()
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(StorageError, match=r"line 1: uza:1 version 1 .*its content_hash does not"):
        newest(tmp_path / "uza")


def test_a_size_that_the_hash_leaves_out_is_no_damage(tmp_path: Path) -> None:
    images = [Image("https://uza.uz/a_small.jpg")]
    row = article(1, images=images)
    cut = content_hash(ItemAdapter(row), RULES.image_size)
    assert cut != row.content_hash
    with Archive(tmp_path / "uza") as archive:
        store(archive, 1, images=images, content_hash=cut)
    assert newest(tmp_path / "uza") == [("uza:1", 1)]

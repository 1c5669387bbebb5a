import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crawler.errors import DamagedVersion, Locked, StorageError, UsageError
from crawler.maintenance.rebuild import Rebuild
from crawler.model.article import Sighting
from crawler.store.archive import Archive
from crawler.store.newest_versions import newest_lines, write_changed_years
from crawler.store.reader import ArchiveReader
from crawler.system.clock import steady
from tests.crawler.archives import article, crash, lines, store

GONE = {
    "version": 2,
    "change": "gone",
    "fetched_at": "2026-11-24T00:00:00Z",
    "evidence": [Sighting(404, "2026-11-24T00:00:00Z")],
}
ARTICLES = "SELECT id, url, state, edition, year, version, title, first_seen_at FROM article"
VERSIONS = "SELECT * FROM version ORDER BY article_id, number"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a data folder of three articles, of which the second is gone."""
    folder = tmp_path / "uza"
    with closing(Archive(folder)) as archive:
        store(archive, 1, edition="en", published_at="2024-05-01T23:44:00+05:00")
        store(archive, 2, edition="ru", published_at="2025-01-01")
        store(archive, 2, edition="ru", published_at="2025-01-01", **GONE)
        store(archive, 3)
    return folder


def rebuild(folder: Path, *, skip_damaged: bool = False) -> list[str]:
    said: list[str] = []
    Rebuild(folder, said.append, skip_damaged=skip_damaged).make()
    return said


def told(folder: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as database:
        return database.execute(query).fetchall()


def journal(folder: Path) -> Path:
    return next((folder / "journal").iterdir())


def files(folder: Path) -> dict[str, bytes]:
    """Return every file but the lock, which says who held it last."""
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != "lock"]
    return {path.name: path.read_bytes() for path in paths}


def test_a_rebuilt_ledger_tells_of_articles_and_versions_what_the_old_one_told(
    folder: Path,
) -> None:
    articles, versions = told(folder, ARTICLES), told(folder, VERSIONS)
    said = rebuild(folder)
    assert told(folder, ARTICLES) == articles
    assert told(folder, VERSIONS) == versions
    assert "counters checked: they match the old ledger" in said
    assert said[-1].endswith("made from 4 versions, 0 captures, 0 run reports; 0 damaged")


def test_what_is_stored_is_visited_again_and_what_is_gone_too(folder: Path) -> None:
    rebuild(folder)
    due = f"SELECT id FROM article WHERE due > {steady()} AND priority = 1 ORDER BY id"
    assert told(folder, due) == [("uza:1",), ("uza:2",), ("uza:3",)]


def test_an_archive_works_on_with_a_rebuilt_ledger(folder: Path) -> None:
    (folder / "ledger.sqlite").unlink()
    with pytest.raises(StorageError, match=r"by: scrapy rebuild uza$"):
        Archive(folder)
    assert "missing, counters not checked" in rebuild(folder)[0]
    with closing(Archive(folder)) as archive:
        (known,) = archive.ledger.versions("uza:1")
        assert archive.read(known)["id"] == "uza:1"
        store(archive, 4)
    assert lines(folder) == ["uza:1", "uza:2", "uza:2", "uza:3", "uza:4"]
    assert "counters checked: they match the old ledger" in rebuild(folder)


def test_the_old_ledger_is_kept_whole_without_its_log(folder: Path) -> None:
    before = told(folder, VERSIONS)
    archive = Archive(folder)
    store(archive, 4)
    archive.commit()
    reader = sqlite3.connect(folder / "ledger.sqlite")  # keeps the log from being taken in
    reader.execute("SELECT * FROM meta").fetchone()
    crash(archive)
    rebuild(folder)
    reader.close()
    with closing(sqlite3.connect(folder / "ledger.sqlite.before-rebuild")) as old:
        assert len(old.execute(VERSIONS).fetchall()) == len(before) + 1
    assert not [name for name in files(folder) if name.endswith(("-wal", "-shm"))]


def test_a_ledger_that_is_no_database_is_put_aside(folder: Path) -> None:
    (folder / "ledger.sqlite").write_bytes(b"no database" * 400)
    (folder / "ledger.sqlite-wal").write_bytes(b"its log")
    assert "cannot be read" in rebuild(folder)[0]
    kept = files(folder)
    assert kept["ledger.sqlite.before-rebuild"] == b"no database" * 400
    assert len(told(folder, ARTICLES)) == 3
    Archive(folder).close()


def test_differences_of_the_counters_are_named(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "ledger.sqlite", isolation_level=None)) as old:
        old.execute("UPDATE article_count SET number = 5 WHERE edition = 'en' AND number = 1")
        old.execute("UPDATE version_count SET number = 9 WHERE change = 'gone'")
        old.execute(
            "INSERT INTO article (id, url, address, state, priority, found_at) "
            "VALUES ('uza:9', 'u', 'u', 'pending', 0, '')"
        )
    said = rebuild(folder)
    assert said[:2] == [
        "counters checked: stored en 2024: 5 before, 1 now; version gone: 9 before, 1 now",
        "the next run finds again: 1 pending",
    ]


def test_what_was_missing_is_stored_until_it_is_visited(folder: Path) -> None:
    with closing(Archive(folder)) as archive:
        archive.ledger.states.missing("uza:1", "HTTP 404", 0)
    assert "counters checked: they match the old ledger" in rebuild(folder)
    assert told(folder, "SELECT state FROM article WHERE id = 'uza:1'") == [("stored",)]


def test_a_version_that_stands_in_an_earlier_file_than_the_one_before_is_the_newest(
    folder: Path,
) -> None:
    rows = journal(folder).read_bytes().splitlines(keepends=True)
    (folder / "journal" / "2020-01.jsonl").write_bytes(rows.pop(2))  # a clock that was set back
    earlier = {"edition": "en", "published_at": "2023-01-01"}
    rows[1] = msgspec.json.encode(article(2, **earlier)) + b"\n"
    max((folder / "journal").iterdir()).write_bytes(b"".join(rows))
    rebuild(folder)
    state = "SELECT state, version, edition, year FROM article WHERE id = 'uza:2'"
    assert told(folder, state) == [("gone", 2, "ru", "2025")]


def test_reports_become_runs_that_ended(folder: Path) -> None:
    (folder / "runs").mkdir()
    (folder / "runs" / "20261123T183000Z.json").write_text('{"pending": 1}')
    rebuild(folder)
    assert told(folder, "SELECT * FROM run") == [("20261123T183000Z", 1, '{"pending": 1}')]
    (folder / "runs" / "20261124T183000Z.json").write_text('{"pending":')
    with pytest.raises(StorageError, match=r"20261124T183000Z\.json: is not a run report"):
        rebuild(folder)
    assert "1 run reports; 1 damaged" in rebuild(folder, skip_damaged=True)[-1]


def edit(**fields: object) -> Any:
    return lambda line: json.dumps({**json.loads(line), **fields}).encode() + b"\n"


DAMAGES = {
    "half a line": lambda line: line[: len(line) // 2] + b"\n",
    "an empty line": lambda line: b"\n",
    "zeros": lambda line: bytes(len(line) - 1) + b"\n",
    "bytes that are no UTF-8": lambda line: line.replace(b"Title", b"\xff\xfe"),
    "no object": lambda line: b"[]\n",
    "no field": lambda line: b"{}\n",
    "a field of another name": lambda line: line.replace(b'"archive_url":', b'"archive_urn":'),
    "no extractor": edit(extractor=None),
    "a number for a title": edit(title=7),
    "a day that never was": edit(published_at="2024-02-30"),
    "gone without evidence": edit(change="gone"),
    "a version twice": edit(id="uza:1"),
    "another title than was hashed": edit(title="Title 4"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_line_is_named_and_left_out_only_if_asked(folder: Path, damage: str) -> None:
    rows = journal(folder).read_bytes().splitlines(keepends=True)
    rows[3] = DAMAGES[damage](rows[3])
    kept = journal(folder)
    aside = kept.with_name(f"{kept.name}.damaged-1")
    journal(folder).write_bytes(b"".join(rows))
    before = files(folder)
    with pytest.raises(
        StorageError, match=r"jsonl: line 4, byte \d+, .*; .* --skip-damaged"
    ) as refused:
        rebuild(folder)
    assert refused.value.exit_code == 7
    assert files(folder) == before
    said = rebuild(folder, skip_damaged=True)
    assert said[0].startswith(f"{kept}: line 4, byte ")
    assert f"{aside}: contains damaged lines of {kept.name}: 1" in said
    assert said[-1].endswith("made from 3 versions, 0 captures, 0 run reports; 1 damaged")
    assert aside.read_bytes() == rows[3]
    assert kept.read_bytes() == b"".join(rows[:3])
    with closing(Archive(folder)) as archive:
        store(archive, 3)
    assert len(told(folder, VERSIONS)) == 4


def test_the_file_of_a_year_whose_lines_were_all_moved_aside_goes_with_the_next_run(
    folder: Path,
) -> None:
    with Archive(folder) as archive:
        write_changed_years(archive.ledger.database, folder)
    rows = journal(folder).read_bytes()
    journal(folder).write_bytes(rows.replace(b"Title 1", b"Title 9", 1))
    assert (folder / "articles" / "2024.jsonl").exists()
    rebuild(folder, skip_damaged=True)
    with Archive(folder) as archive:
        write_changed_years(archive.ledger.database, folder)
    assert sorted(path.stem for path in folder.glob("articles/*")) == ["2025", "undated"]


def test_a_torn_last_line_is_moved_aside_and_not_glued_to_the_next_row(folder: Path) -> None:
    whole = journal(folder).read_bytes()
    journal(folder).write_bytes(whole[:-30])
    with pytest.raises(StorageError, match=r"line 4, byte \d+, is incomplete"):
        rebuild(folder)
    assert journal(folder).read_bytes() == whole[:-30]
    kept = journal(folder)
    rebuild(folder, skip_damaged=True)
    assert len(told(folder, ARTICLES)) == 2
    with closing(Archive(folder)) as archive:
        store(archive, 3)
    rows = whole.splitlines(keepends=True)
    assert kept.read_bytes().splitlines(keepends=True)[:3] == rows[:3]
    assert kept.with_name(f"{kept.name}.damaged-1").read_bytes() == rows[3][:-30]
    assert told(folder, VERSIONS)[-1][0] == "uza:3"
    rebuild(folder)
    assert len(told(folder, VERSIONS)) == 4


def test_lines_of_a_journal_are_json_once_damaged_ones_are_moved_aside(folder: Path) -> None:
    rows = journal(folder).read_bytes().splitlines(keepends=True)
    kept = journal(folder)
    damaged = [b"\xff" * 9 + b"\n", bytes(5) + b"\n", rows[1][: len(rows[1]) // 2]]
    kept.write_bytes(b"".join([damaged[0], rows[0], damaged[1], *rows[2:], damaged[2]]))
    with pytest.raises(StorageError, match="line 1, byte 0, "):
        rebuild(folder)
    rebuild(folder, skip_damaged=True)
    assert kept.with_name(f"{kept.name}.damaged-1").read_bytes() == b"".join(damaged)
    assert lines(folder) == ["uza:1", "uza:2", "uza:3"]
    before = told(folder, VERSIONS)
    assert rebuild(folder)[-1].endswith(
        "made from 3 versions, 0 captures, 0 run reports; 0 damaged"
    )
    assert told(folder, VERSIONS) == before
    with ArchiveReader(folder) as reader:
        assert len(list(newest_lines(reader.database, folder / "journal"))) == 3
    with closing(Archive(folder)) as archive:
        store(archive, 4)
    assert lines(folder) == ["uza:1", "uza:2", "uza:3", "uza:4"]


def test_rows_stay_where_every_ledger_finds_them_while_damaged_ones_are_moved(
    folder: Path,
) -> None:
    kept = journal(folder)
    whole = kept.read_bytes()
    kept.write_bytes(whole.replace(b"Title 1", b"Title 9", 1))
    with ArchiveReader(folder) as reader:  # of the ledger before
        rebuild(folder, skip_damaged=True)
        assert [row["title"] for row in reader.versions("uza:2")] == ["Title 2", "Title 2"]
        with pytest.raises(
            DamagedVersion, match="line 1: uza:1 version 1 cannot be read at byte 0"
        ):
            reader.versions("uza:1")


@pytest.mark.parametrize("step", ["replace_file", "cut", "_put_aside", "replace_text"])
def test_a_rebuild_that_dies_while_it_moves_lines_loses_none(
    folder: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = journal(folder)
    rows = kept.read_bytes().splitlines(keepends=True)
    damaged = [b"no row\n", b"half"]
    kept.write_bytes(b"".join([damaged[0], *rows, damaged[1]]))
    module = "store.journal" if step in ("replace_file", "cut") else "maintenance.rebuild"
    with monkeypatch.context() as patch:
        patch.setattr(f"crawler.{module}.{step}", die)
        with pytest.raises(Killed):
            rebuild(folder, skip_damaged=True)
    if step != "replace_file":  # until then nothing was moved, and the old ledger is right
        with pytest.raises(StorageError, match="scrapy rebuild uza"):
            Archive(folder)
    rebuild(folder, skip_damaged=True)
    aside = b"".join(path.read_bytes() for path in kept.parent.glob("*.damaged-*"))
    assert all(line in aside for line in damaged)
    assert lines(folder) == ["uza:1", "uza:2", "uza:2", "uza:3"]
    Archive(folder).close()


class Killed(BaseException):
    """Ends a rebuild where it stands, as a signal does."""


def die(*_: object) -> None:
    raise Killed


def test_a_last_line_that_lacks_but_its_end_counts(folder: Path) -> None:
    whole = journal(folder).read_bytes()
    versions = told(folder, VERSIONS)
    journal(folder).write_bytes(whole[:-1])
    with pytest.raises(StorageError, match=r"line 4, byte \d+, is incomplete"):
        rebuild(folder)
    rebuild(folder, skip_damaged=True)
    assert told(folder, VERSIONS) == versions
    assert journal(folder).read_bytes() == whole


def test_a_line_longer_than_a_row_can_be_is_passed_over_in_parts(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = journal(folder).read_bytes().splitlines(keepends=True)
    monkeypatch.setattr("crawler.store.journal.LONGEST_ROW", max(map(len, rows)))
    journal(folder).write_bytes(b"".join([*rows[:3], bytes(9000) + b"\n", rows[3]]))
    rebuild(folder, skip_damaged=True)
    with closing(Archive(folder)) as archive:
        (known,) = archive.ledger.versions("uza:3")
        assert archive.read(known)["id"] == "uza:3"


def test_a_folder_in_which_a_run_works_is_refused(folder: Path) -> None:
    with closing(Archive(folder)), pytest.raises(Locked, match="another run holds it"):
        rebuild(folder)
    rebuild(folder)


def test_a_folder_without_a_journal_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no journal"):
        rebuild(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_disk_that_cannot_be_written_is_a_storage_error(folder: Path) -> None:
    before = files(folder)
    (folder / "ledger.sqlite.rebuilt").mkdir()
    with pytest.raises(StorageError, match=r"cannot be read or written .*; free disk"):
        rebuild(folder)
    assert files(folder) == before


def test_what_a_rebuild_that_was_killed_left_is_no_hindrance(folder: Path) -> None:
    for suffix in ("", "-wal"):
        (folder / f"ledger.sqlite.rebuilt{suffix}").write_bytes(b"half a ledger")
    Archive(folder).close()
    rebuild(folder)
    assert not list(folder.glob("*.rebuilt*"))


def test_a_rebuild_that_died_before_its_last_step_is_made_again(folder: Path) -> None:
    sidecar = (folder / "ledger.id").read_text()
    rebuild(folder)
    (folder / "ledger.id").write_text(sidecar)
    with pytest.raises(StorageError, match="scrapy rebuild uza"):
        Archive(folder)
    rebuild(folder)
    Archive(folder).close()


def test_long_work_tells_how_far_it_has_come(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.maintenance.rebuild.PROGRESS", 2)
    monkeypatch.setattr("crawler.maintenance.rebuild.GROUP", 3)
    assert rebuild(folder)[:2] == ["2 versions read", "4 versions read"]
    assert len(told(folder, VERSIONS)) == 4

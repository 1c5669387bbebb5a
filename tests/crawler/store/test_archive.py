import errno
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.errors import Locked, StorageError, UsageError
from crawler.report.run_report import write_report
from crawler.store.archive import Archive, replace_text
from crawler.store.journal import GROUP, MOST_ROWS
from crawler.store.ledger import Ledger
from tests.crawler.archives import crash, lines, store


def test_a_full_group_is_committed_at_once(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    for number in range(GROUP + 1):
        store(archive, number)
    assert len(lines(tmp_path)) == GROUP
    crash(archive)
    with closing(Archive(tmp_path)) as again:
        assert again.ledger.origin(f"uza:{GROUP}") is None
    assert len(lines(tmp_path)) == GROUP


def test_lines_written_but_not_committed_are_cut_and_their_articles_stay_work(
    tmp_path: Path,
) -> None:
    archive = Archive(tmp_path)
    store(archive, 1)
    archive.commit()
    store(archive, 2)
    archive.journal.write()  # the process dies between the journal's sync and the ledger's commit
    assert lines(tmp_path) == ["uza:1", "uza:2"]
    crash(archive)
    again = Archive(tmp_path)
    assert lines(tmp_path) == ["uza:1"]
    assert again.ledger.origin("uza:2") is None
    store(again, 2)
    again.close()
    assert lines(tmp_path) == ["uza:1", "uza:2"]


def test_a_recorded_version_can_be_read_back_before_its_group_is_full(tmp_path: Path) -> None:
    with closing(Archive(tmp_path)) as archive:
        store(archive, 1)
        (known,) = archive.ledger.versions("uza:1")
        assert archive.read(known)["title"] == "Title 1"


def test_runs_that_begin_in_the_same_second_have_ids_of_their_own(tmp_path: Path) -> None:
    moment = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
    (tmp_path / "runs").mkdir()
    with closing(Archive(tmp_path)) as archive:
        for expected in ("20261123T183000Z", "20261123T183000Z-2", "20261123T183000Z-3"):
            assert archive.begin_run(moment) == expected
            (tmp_path / "runs" / f"{expected}.json").touch()


def test_a_second_run_on_the_same_folder_is_refused_and_told_by_whom(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    with pytest.raises(Locked, match=r"another run holds it \(pid \d+, since 20"):
        Archive(tmp_path)
    archive.close()
    Archive(tmp_path).close()


def test_the_lock_of_a_folder_stays_where_a_full_disk_keeps_its_holder_from_being_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("crawler.store.archive.os.write", full)
        with pytest.raises(StorageError, match="No space left on device"):
            Archive(tmp_path)
    assert (tmp_path / "lock").exists()
    Archive(tmp_path).close()


def test_nothing_is_written_behind_what_a_failed_write_left(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    store(archive, 1)
    archive.commit()
    store(archive, 2)
    journal = next((tmp_path / "journal").iterdir())
    whole = journal.rename(tmp_path / "aside")
    journal.mkdir()  # the write fails ...
    with pytest.raises(StorageError, match="cannot be written"):
        archive.commit()
    journal.rmdir()
    whole.rename(journal)  # ... and would succeed now
    with pytest.raises(StorageError, match="cannot be written"):
        archive.close()
    assert lines(tmp_path) == ["uza:1"]
    with closing(Archive(tmp_path)) as again:
        store(again, 2)
    assert lines(tmp_path) == ["uza:1", "uza:2"]


def test_nothing_is_dated_by_a_clock_that_cannot_be_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.store.archive.now", lambda: datetime(1970, 1, 1, tzinfo=UTC))
    with pytest.raises(UsageError, match="clock of this machine says 1970-01-01T00:00:00Z; set it"):
        Archive(tmp_path / "uza")
    assert not (tmp_path / "uza").exists()


def test_a_folder_that_cannot_be_made_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(UsageError, match="-s DATA_DIR=PATH"):
        Archive(tmp_path / "data" / "uza")


@pytest.mark.parametrize("gone", ["ledger.sqlite", "ledger.id"])
def test_a_journal_without_its_ledger_or_sidecar_is_not_touched(tmp_path: Path, gone: str) -> None:
    archive = Archive(tmp_path)
    store(archive, 1)
    archive.close()
    (tmp_path / gone).unlink()
    with pytest.raises(
        StorageError, match=rf"{gone} is missing beside .*journal.* scrapy rebuild "
    ):
        Archive(tmp_path)
    assert lines(tmp_path) == ["uza:1"]
    assert not (tmp_path / gone).exists()


def test_a_ledger_from_an_older_backup_is_refused_and_costs_no_line(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    store(archive, 1)
    archive.close()
    backup = shutil.copy(tmp_path / "ledger.sqlite", tmp_path / "backup")
    archive = Archive(tmp_path)
    store(archive, 2)
    archive.close()
    shutil.copy(backup, tmp_path / "ledger.sqlite")
    with pytest.raises(StorageError, match="not the ledger that wrote the journal last"):
        Archive(tmp_path)
    assert lines(tmp_path) == ["uza:1", "uza:2"]


def test_a_folder_copied_while_a_run_wrote_is_refused_and_costs_no_line(tmp_path: Path) -> None:
    folder, copy = tmp_path / "uza", tmp_path / "copy" / "uza"
    archive = Archive(folder)
    store(archive, 1)
    archive.commit()
    shutil.copytree(folder, copy)
    for number in range(2, MOST_ROWS + 3):
        store(archive, number)
    archive.close()
    shutil.copytree(folder / "journal", copy / "journal", dirs_exist_ok=True)
    with pytest.raises(StorageError, match=r"jsonl: .* scrapy rebuild uza$"):
        Archive(copy)
    assert lines(copy) == lines(folder)


def test_a_ledger_of_another_folder_is_refused(tmp_path: Path) -> None:
    for name in ("one", "other"):
        archive = Archive(tmp_path / name)
        store(archive, 1)
        archive.close()
    shutil.copy(tmp_path / "other" / "ledger.sqlite", tmp_path / "one" / "ledger.sqlite")
    with pytest.raises(StorageError, match="not the ledger that wrote"):
        Archive(tmp_path / "one")


def test_a_run_that_died_before_it_wrote_the_sidecar_does_not_lock_out_the_next(
    tmp_path: Path,
) -> None:
    archive = Archive(tmp_path)
    store(archive, 1)
    archive.close()
    before = (tmp_path / "ledger.id").read_text()
    Archive(tmp_path).close()
    (tmp_path / "ledger.id").write_text(before)
    Archive(tmp_path).close()
    assert lines(tmp_path) == ["uza:1"]


def test_runs_killed_in_a_row_before_they_wrote_the_sidecar_do_not_lock_out_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path)
    store(archive, 1)
    archive.close()
    commit = Ledger.commit

    def die_after_commit(ledger: Ledger, lengths: dict[str, int]) -> None:
        commit(ledger, lengths)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Ledger, "commit", die_after_commit)
        for _ in range(3):
            with pytest.raises(KeyboardInterrupt):
                Archive(tmp_path)
    Archive(tmp_path).close()
    assert lines(tmp_path) == ["uza:1"]


def test_ledger_and_sidecar_from_a_backup_made_during_a_run_cost_no_line_of_later_runs(
    tmp_path: Path,
) -> None:
    archive = Archive(tmp_path)
    archive.begin_run(datetime(2026, 11, 23, 18, 30, tzinfo=UTC))
    archive.report = lambda: b"{}"
    store(archive, 1)
    archive.commit()
    with (
        closing(sqlite3.connect(tmp_path / "backup")) as backup,
        closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as ledger,
    ):
        ledger.backup(backup)
    sidecar = (tmp_path / "ledger.id").read_text()
    store(archive, 2)
    archive.close()
    archive = Archive(tmp_path)
    store(archive, 3)
    run = archive.begin_run(datetime(2026, 11, 23, 19, 0, tzinfo=UTC))
    write_report(tmp_path / "runs", run, b"{}")
    archive.close()
    shutil.copy(tmp_path / "backup", tmp_path / "ledger.sqlite")
    (tmp_path / "ledger.id").write_text(sidecar)
    with pytest.raises(StorageError, match=r"beyond what the ledger covers"):
        Archive(tmp_path)
    assert lines(tmp_path) == ["uza:1", "uza:2", "uza:3"]


def test_an_old_report_that_the_ledger_lacks_does_not_keep_a_killed_run_from_being_cut_back(
    tmp_path: Path,
) -> None:
    archive = Archive(tmp_path)
    archive.begin_run(datetime(2026, 11, 23, 18, 30, tzinfo=UTC))
    archive.report = lambda: b"{}"
    store(archive, 1)
    archive.commit()
    store(archive, 2)
    archive.journal.write()
    crash(archive)
    write_report(tmp_path / "runs", "20251123T183000Z", b"{}")  # a rebuild left it out as damaged
    Archive(tmp_path).close()
    assert lines(tmp_path) == ["uza:1"]


def test_no_capture_is_cut_off_where_the_journal_is_refused(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    store(archive, 1)
    archive.commit()
    crash(archive)
    capture = tmp_path / "warc" / "uza-1.warc.gz"
    capture.write_bytes(b"a capture")
    (journal,) = (tmp_path / "journal").iterdir()
    journal.write_bytes(journal.read_bytes()[:-1])
    with pytest.raises(StorageError, match=r"jsonl: \d+ bytes where the ledger has"):
        Archive(tmp_path)
    assert capture.read_bytes() == b"a capture"


def test_a_new_file_is_on_the_disk_with_its_name_before_the_ledger_counts_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    sync, commit = os.fsync, Ledger.commit

    def note_sync(file: int) -> None:
        synced.append(os.fstat(file).st_ino)
        sync(file)

    def note_commit(ledger: Ledger, lengths: dict[str, int]) -> None:
        synced.append(0)
        commit(ledger, lengths)

    with closing(Archive(tmp_path)) as archive:
        monkeypatch.setattr(os, "fsync", note_sync)
        monkeypatch.setattr(Ledger, "commit", note_commit)
        for number in (1, 2):
            store(archive, number)
            archive.commit()
        (journal,) = (tmp_path / "journal").iterdir()
        file, folder = journal.stat().st_ino, journal.parent.stat().st_ino
        assert synced == [file, folder, 0, file, 0]
    replace_text(tmp_path / "ledger.id", "new")
    assert synced[-1] == tmp_path.stat().st_ino


def test_a_ledger_of_a_newer_release_is_refused(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.ledger.database.execute("COMMIT")
    archive.ledger.database.execute("PRAGMA user_version = 99")
    crash(archive)
    with pytest.raises(StorageError, match="newer release"):
        Archive(tmp_path)


def test_a_ledger_that_is_no_database_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_text("this is not a database, not at all" * 40)
    with pytest.raises(StorageError, match=r"ledger\.sqlite"):
        Archive(tmp_path)

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.errors import StorageError
from crawler.store.archive import Archive
from crawler.warc.index import Wanted
from crawler.warc.record import Exchange
from crawler.warc.writer import LONGEST_TAIL, Plan, WarcFiles

PLAN = Plan(prefix="uza", largest=1_000_000, about={"software": "ours"}, code="c0de")


def exchange(body: bytes = b"<p>page</p>", article_id: str | None = None) -> Exchange:
    return Exchange(
        uri="https://uza.uz/a",
        taken_at="2026-11-20T07:00:00Z",
        status=200,
        headers=[("Content-Type", "text/html; charset=utf-8")],
        body=body,
        article_id=article_id,
    )


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    archive = opened(tmp_path)
    yield archive
    archive.close()


def opened(folder: Path, plan: Plan = PLAN) -> Archive:
    archive = Archive(folder)
    archive.captures.plan = plan
    return archive


def files(archive: Archive) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in archive.captures.files.folder.iterdir()}


def test_what_is_of_no_article_is_written_with_the_next_commit(archive: Archive) -> None:
    archive.captures.take(exchange())
    assert files(archive) == {}
    archive.commit()
    ((name, size),) = files(archive).items()
    assert name.startswith("uza-")
    (capture,) = archive.ledger.captures.of_file(name)
    assert capture.offset + capture.length == size
    assert (capture.kind, capture.status, capture.mime, capture.code) == (
        "response",
        200,
        "text/html",
        None,
    )


def test_an_article_s_exchanges_wait_for_its_outcome(archive: Archive) -> None:
    archive.captures.take(exchange(article_id="uza:1"))
    archive.commit()
    assert files(archive) == {}
    archive.counted("uza:1")
    archive.commit()
    assert len(files(archive)) == 1
    (capture,) = archive.ledger.captures.of_article("uza:1")
    assert capture.code == "c0de"


def test_the_place_is_that_of_the_last_answer(archive: Archive) -> None:
    archive.captures.take(replace(exchange(b"", "uza:1"), status=302))
    archive.captures.take(exchange(b"the page", "uza:1"))
    place = archive.captures.keep("uza:1")
    assert place
    for _ in ("waiting", "written"):
        assert archive.captures.read(place).answer == (
            200,
            {"content-type": "text/html; charset=utf-8", "content-length": "8"},
            b"the page",
        )
        archive.commit()
    assert archive.captures.keep("uza:1") is None


def test_what_a_run_leaves_as_work_is_kept_unread(tmp_path: Path) -> None:
    archive = opened(tmp_path)
    archive.captures.take(exchange(article_id="uza:1"))
    archive.close()
    again = opened(tmp_path)
    (capture,) = again.ledger.captures.of_article("uza:1")
    assert capture.code is None
    again.close()


def test_the_same_payload_is_kept_once(archive: Archive) -> None:
    archive.captures.take(exchange(b"alike", "uza:1"))
    archive.captures.keep("uza:1")
    archive.captures.take(exchange(b"alike", "uza:2"))
    place = archive.captures.keep("uza:2")
    assert place
    assert archive.ledger.captures.of_article("uza:2")[0].kind == "revisit"
    assert archive.captures.read(place).answer[2] == b"alike"


def test_what_is_cut_short_is_no_original(archive: Archive) -> None:
    archive.captures.take(replace(exchange(b"half"), truncated="disconnect"))
    archive.captures.take(exchange(b"half"))
    archive.commit()
    (name,) = files(archive)
    assert [capture.kind for capture in archive.ledger.captures.of_file(name)] == [
        "truncated",
        "response",
    ]


def test_not_modified_refers_to_the_article_s_page(archive: Archive) -> None:
    archive.captures.take(exchange(b"page", "uza:1"))
    archive.captures.keep("uza:1")
    archive.captures.take(replace(exchange(b"", "uza:1"), status=304))
    archive.captures.keep("uza:1")
    assert [capture.kind for capture in archive.ledger.captures.of_article("uza:1")] == [
        "response",
        "revisit",
    ]


def test_a_full_file_is_followed_by_another(tmp_path: Path) -> None:
    archive = opened(tmp_path, replace(PLAN, largest=1000))
    for number in range(6):
        archive.captures.take(exchange(bytes([number]) * 20))
    archive.commit()
    names = sorted(files(archive))
    assert len(names) > 1
    assert [name[-12:] for name in names[:2]] == ["0001.warc.gz", "0002.warc.gz"]
    kept = [capture for name in names for capture in archive.ledger.captures.of_file(name)]
    assert [archive.captures.read(capture.place).answer[2][0] for capture in kept] == list(range(6))
    archive.close()


def test_runs_of_a_day_share_a_file(tmp_path: Path) -> None:
    for body in (b"1", b"2"):
        archive = opened(tmp_path)
        archive.captures.take(exchange(body))
        archive.close()
    assert len(list((tmp_path / "warc").glob("*.warc.gz"))) == 1


def test_a_file_of_today_that_was_moved_elsewhere_is_not_begun_again(tmp_path: Path) -> None:
    archive = opened(tmp_path)
    archive.captures.take(exchange(b"1"))
    archive.close()
    (moved,) = (tmp_path / "warc").iterdir()
    moved.rename(tmp_path / moved.name)
    archive = opened(tmp_path)
    archive.captures.take(exchange(b"2", "uza:2"))
    place = archive.captures.keep("uza:2")
    archive.close()
    assert place
    assert place.file != moved.name
    archive = opened(tmp_path)
    assert archive.captures.read(place).answer[2] == b"2"
    archive.close()


def test_a_file_that_is_moved_during_a_run_ends_it(tmp_path: Path) -> None:
    archive = opened(tmp_path)
    archive.captures.take(exchange(b"1"))
    archive.commit()
    (moved,) = (tmp_path / "warc").iterdir()
    moved.rename(tmp_path / moved.name)
    archive.captures.take(exchange(b"2"))
    with pytest.raises(StorageError, match="has 0 bytes where this run had left"):
        archive.close()
    assert not moved.exists()


def test_another_day_begins_another_file(tmp_path: Path) -> None:
    archive = opened(tmp_path)
    old = "uza-20200101T000000Z-0001.warc.gz"
    archive.ledger.commit({old: 0})
    archive.captures.files.lengths[old] = 0
    archive.captures.take(exchange())
    archive.commit()
    assert old not in files(archive)
    archive.close()


def test_what_no_commit_covers_is_cut_off(archive: Archive) -> None:
    archive.captures.take(exchange(b"kept"))
    archive.commit()
    ((name, size),) = files(archive).items()
    archive.captures.take(exchange(b"lost"))
    archive.captures.files.write()
    assert files(archive)[name] > size
    WarcFiles(archive.captures.files.folder).settle({name: size, "2026-11.jsonl": 7})
    assert files(archive)[name] == size


def test_more_than_a_killed_run_leaves_is_not_cut(tmp_path: Path) -> None:
    archive = opened(tmp_path)
    archive.captures.take(exchange())
    archive.commit()
    (path,) = (tmp_path / "warc").iterdir()
    size = path.stat().st_size
    with path.open("ab") as file:
        file.truncate(size + LONGEST_TAIL + 1)
    with pytest.raises(StorageError, match="nothing was removed"):
        archive.captures.files.settle({path.name: size})
    assert path.stat().st_size == size + LONGEST_TAIL + 1
    archive.close()


@pytest.mark.parametrize(
    "name",
    [
        "crawl-data.warc.gz",
        "uza-20200101T000000Z-0001.warc.gz",  # of the same agency, from another archive
        "xinhua-20991231T000000Z-0001.warc.gz",
    ],
)
def test_a_file_that_somebody_put_there_is_never_cut(tmp_path: Path, name: str) -> None:
    archive = opened(tmp_path)
    archive.captures.take(exchange())
    archive.captures.files.write()  # and killed before the commit
    (own,) = (tmp_path / "warc").iterdir()
    covered = {"uza-20200102T000000Z-0001.warc.gz": 9}  # kept elsewhere
    somebody_s = tmp_path / "warc" / name
    somebody_s.write_bytes(own.read_bytes())
    with pytest.raises(StorageError, match=rf"{name}.*nothing was removed"):
        WarcFiles(tmp_path / "warc").settle(covered)
    assert somebody_s.stat().st_size > 0
    somebody_s.unlink()
    WarcFiles(tmp_path / "warc").settle(covered)
    assert own.stat().st_size == 0
    archive.close()


def test_a_file_kept_elsewhere_is_missed_only_by_who_reads_it(tmp_path: Path) -> None:
    archive = opened(tmp_path)
    archive.captures.take(exchange(article_id="uza:1"))
    place = archive.captures.keep("uza:1")
    archive.close()
    assert place
    (tmp_path / "warc" / place.file).unlink()
    again = opened(tmp_path)
    with pytest.raises(StorageError, match="is missing; bring it back"):
        again.captures.read(place)
    again.close()


def test_a_damaged_record_is_named(archive: Archive) -> None:
    archive.captures.take(exchange(article_id="uza:1"))
    place = archive.captures.keep("uza:1")
    archive.commit()
    assert place
    path = archive.captures.files.folder / place.file
    data = bytearray(path.read_bytes())
    data[place.offset + place.length // 2] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(StorageError, match=rf"{place.file}: cannot be read at byte {place.offset}"):
        archive.captures.read(place)


def test_while_captures_are_read_again_the_ledger_s_log_can_be_emptied(archive: Archive) -> None:
    for number in range(3):
        archive.captures.take(exchange(bytes([number]), f"uza:{number}"))
        archive.counted(f"uza:{number}")
    archive.commit()
    with closing(sqlite3.connect(archive.ledger.path)) as other:
        for capture in archive.ledger.captures.unread("other", Wanted()):
            archive.ledger.captures.was_read(capture, "other")
            archive.commit()
            _, log, emptied = other.execute("PRAGMA wal_checkpoint").fetchone()
            assert emptied == log > 0

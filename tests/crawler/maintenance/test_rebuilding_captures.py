"""What a ledger tells of the raw archive, and makes again from it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crawler.errors import StorageError
from crawler.maintenance.rebuild import Rebuild
from crawler.model.article import Capture
from crawler.store.archive import Archive
from crawler.warc.record import Exchange, pack
from crawler.warc.writer import Plan
from tests.crawler.archives import store

CAPTURES = "SELECT file, offset, length, kind, status, mime, digest, uri, taken_at, article_id"


def rebuild(folder: Path, *, skip_damaged: bool = False) -> list[str]:
    said: list[str] = []
    Rebuild(folder, said.append, skip_damaged=skip_damaged).make()
    return said


def told(folder: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as database:
        return database.execute(query).fetchall()


@pytest.fixture
def captured(tmp_path: Path) -> Path:
    """Return a data folder with three answers archived, of which one is a revisit."""
    folder = tmp_path / "uza"
    with closing(Archive(folder)) as archive:
        for number, body in ((1, b"<p>one</p>"), (2, b"<p>two</p>"), (3, b"<p>one</p>")):
            take(archive, number, body)
    return folder


def take(archive: Archive, number: int, body: bytes) -> None:
    """Archive an answer to a request for an article."""
    archive.captures.plan = Plan(prefix="uza", largest=10**9, about={}, code="c0de")
    archive.captures.take(
        Exchange(
            uri=f"https://uza.uz/posts/{number}",
            taken_at="2026-11-23T00:00:00Z",
            status=200,
            headers=[("Content-Type", "text/html; charset=utf-8")],
            body=body,
            article_id=f"uza:{number}",
            request=("GET", "/", []),
        )
    )
    archive.captures.keep(f"uza:{number}")


def warc(folder: Path) -> Path:
    return next((folder / "warc").glob("*.warc.gz"))


def test_they_are_found_in_the_files(captured: Path) -> None:
    query = f"{CAPTURES} FROM capture ORDER BY file, offset"
    before = told(captured, query)
    said = rebuild(captured)
    assert told(captured, query) == before
    assert [kind for _, _, _, kind, *_ in before] == ["response", "response", "revisit"]
    assert "0 versions, 3 captures" in said[-1]
    with closing(Archive(captured)) as archive:
        (held,) = archive.ledger.captures.of_article("uza:3")
        assert archive.captures.read(held.place).answer[2] == b"<p>one</p>"


def test_a_version_and_its_capture_are_brought_together(captured: Path) -> None:
    with closing(Archive(captured)) as archive:
        (held,) = archive.ledger.captures.of_article("uza:1")
        store(archive, 1, capture=held.place)
    rebuild(captured)
    with closing(Archive(captured)) as archive:
        assert archive.ledger.captures.of_article("uza:1")[0].version == 1


def test_a_damaged_one_is_named_and_the_next_is_found(captured: Path) -> None:
    (first, second, _) = told(captured, "SELECT offset, length FROM capture ORDER BY offset")
    with warc(captured).open("r+b") as file:
        file.seek(second[0] + second[1] // 2)
        file.write(b"\xff" * 8)
    with pytest.raises(StorageError, match=rf"the record at byte {second[0]} .*--skip-damaged"):
        rebuild(captured)
    said = rebuild(captured, skip_damaged=True)
    assert "2 captures" in said[-1]
    assert "1 damaged" in said[-1]
    assert first in told(captured, "SELECT offset, length FROM capture")


def test_what_a_killed_run_left_of_one_is_put_aside(captured: Path) -> None:
    path = warc(captured)
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:40])
    with pytest.raises(StorageError, match="is cut short"):
        rebuild(captured)
    rebuild(captured, skip_damaged=True)
    assert path.read_bytes() == whole
    path.write_bytes(whole + whole[:30])
    rebuild(captured, skip_damaged=True)
    torn = [path.with_name(f"{path.name}.{number}.torn").read_bytes() for number in (1, 2)]
    assert torn == [whole[:40], whole[:30]]
    Archive(captured).close()


def test_they_alone_make_a_ledger(captured: Path) -> None:
    (captured / "journal").rmdir()
    assert "0 versions, 3 captures" in rebuild(captured)[-1]
    Archive(captured).close()


@pytest.mark.parametrize("lacking", ["WARC-Target-URI: x", "WARC-Date: 2026-11-23T00:00:00Z"])
def test_one_that_lacks_a_field_is_named(captured: Path, lacking: str) -> None:
    path = warc(captured)
    size, block = path.stat().st_size, b"HTTP/1.1 200 OK\r\n\r\n"
    head = f"WARC/1.1\r\nWARC-Type: response\r\n{lacking}\r\nContent-Length: {len(block)}\r\n\r\n"
    with path.open("ab") as file:
        file.write(pack(head.encode() + block + b"\r\n\r\n"))
    with pytest.raises(StorageError, match=f"the record at byte {size} has no response"):
        rebuild(captured)
    assert "3 captures" in rebuild(captured, skip_damaged=True)[-1]


def test_rows_whose_capture_is_damaged_are_counted_and_named(captured: Path) -> None:
    with closing(Archive(captured)) as archive:
        for number in (1, 2):
            (held,) = archive.ledger.captures.of_article(f"uza:{number}")
            store(archive, number, capture=held.place)
    damage(captured, "uza:2")
    said = rebuild(captured, skip_damaged=True)
    assert f"{captured / 'warc'}: the captures of 1 versions are not there, or damaged" in said[2]
    assert "(uza:2 version 1)" in said[2]
    with closing(Archive(captured)) as archive:
        row = archive.read(archive.ledger.versions("uza:2")[0])
        with pytest.raises(StorageError, match=r"gz: cannot be read at byte \d+ .*; restore"):
            archive.captures.read(msgspec.convert(row["capture"], Capture))


def test_the_place_of_one_that_a_row_was_read_from_is_given_to_no_other(captured: Path) -> None:
    with closing(Archive(captured)) as archive:
        (held,) = archive.ledger.captures.of_article("uza:3")
        store(archive, 3, capture=held.place)
    damage(captured, "uza:3")
    before = warc(captured).read_bytes()[held.offset :]
    os.truncate(warc(captured), held.offset + held.length)  # the request's record is lost
    rebuild(captured, skip_damaged=True)
    with closing(Archive(captured)) as archive:
        take(archive, 4, b"<p>four</p>")
    after = warc(captured).read_bytes()[held.offset :]
    assert after[: held.length] == before[: held.length]
    assert "3 captures" in rebuild(captured, skip_damaged=True)[-1]
    with closing(Archive(captured)) as archive:
        (other,) = archive.ledger.captures.of_article("uza:4")
        assert archive.captures.read(other.place).answer[2] == b"<p>four</p>"


def damage(folder: Path, article_id: str) -> None:
    """Flip a byte in the middle of an article's capture."""
    query = f"SELECT offset, length FROM capture WHERE article_id = '{article_id}'"
    ((offset, length),) = told(folder, query)
    with warc(folder).open("r+b") as file:
        file.seek(offset + length // 2)
        (byte,) = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 1]))

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.errors import StorageError
from crawler.store.journal import LONGEST_TAIL, MOST_ROWS, Journal

NOVEMBER = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    journal = Journal(tmp_path)
    journal.settle({})
    return journal


def test_rows_are_written_together_and_read_back_by_place(journal: Journal) -> None:
    first = journal.append({"id": "uza:1", "title": "Қиш"}, NOVEMBER)
    second = journal.append({"id": "uza:2"}, NOVEMBER)
    assert not list(journal.folder.iterdir())
    assert journal.write() == {"2026-11.jsonl": second[1] + second[2]}
    assert journal.read_bytes(*first) == '{"id":"uza:1","title":"Қиш"}\n'.encode()
    assert journal.read_bytes(*second) == b'{"id":"uza:2"}\n'


def test_a_month_of_writing_is_a_file(journal: Journal) -> None:
    journal.append({"id": "uza:1"}, NOVEMBER)
    journal.append({"id": "uza:2"}, DECEMBER)
    assert sorted(journal.write()) == ["2026-11.jsonl", "2026-12.jsonl"]


def test_what_the_ledger_does_not_cover_is_cut_off(journal: Journal) -> None:
    journal.append({"id": "uza:1"}, NOVEMBER)
    committed = journal.write()
    journal.append({"id": "uza:2"}, NOVEMBER)
    journal.write()
    with (journal.folder / "2026-11.jsonl").open("ab") as file:
        file.write(b'{"id": "uz')
    again = Journal(journal.folder)
    again.settle(committed)
    assert (journal.folder / "2026-11.jsonl").read_bytes() == b'{"id":"uza:1"}\n'
    assert again.append({"id": "uza:2"}, NOVEMBER)[1] == committed["2026-11.jsonl"]


@pytest.mark.parametrize("present", [b"", b'{"id"'])
def test_a_file_shorter_than_the_ledger_says_is_refused(tmp_path: Path, present: bytes) -> None:
    (tmp_path / "2026-11.jsonl").write_bytes(present)
    with pytest.raises(StorageError, match=r"2026-11\.jsonl: \d bytes where the ledger has 14"):
        Journal(tmp_path).settle({"2026-11.jsonl": 14})


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="restore the file from a backup"):
        Journal(tmp_path).settle({"2026-10.jsonl": 14})


def zeros(path: Path, size: int) -> None:
    path.touch()
    os.truncate(path, size)


def rows(path: Path, number: int) -> None:
    path.write_bytes(b"{}\n" * number)


@pytest.mark.parametrize(("fill", "most"), [(zeros, LONGEST_TAIL), (rows, MOST_ROWS)])
def test_no_file_is_cut_if_one_has_a_longer_tail_than_a_run_that_died_can_leave(
    tmp_path: Path, fill: Callable[[Path, int], None], most: int
) -> None:
    older, newer = tmp_path / "2026-10.jsonl", tmp_path / "2026-11.jsonl"
    older.write_bytes(b'{}\n{"id')
    fill(newer, most + 1)
    size = newer.stat().st_size
    with pytest.raises(StorageError, match=r"2026-11\.jsonl: .* scrapy rebuild"):
        Journal(tmp_path).settle({older.name: 3})
    assert (older.stat().st_size, newer.stat().st_size) == (7, size)
    fill(newer, most)
    Journal(tmp_path).settle({older.name: 3})
    assert (older.stat().st_size, newer.stat().st_size) == (3, 0)

import csv
import io
import sqlite3
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import msgspec
import pytest

from crawler.errors import UsageError
from crawler.export import xlsx
from crawler.export.row import Source
from crawler.model.cells import cell
from tests.crawler.archives import article
from tests.crawler.export.exported import ARTICLES, FULL, ROWS, SITE, exported

COLUMNS = Source(SITE).columns
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def in_cells(row: dict[str, Any]) -> list[str]:
    return [str(cell(row[name])) for name in COLUMNS]


def sheet_of(book: bytes) -> list[list[str]]:
    """Return the cells of a workbook as a reader of the standard finds them."""
    with ZipFile(io.BytesIO(book)) as file:
        assert file.testzip() is None
        sheet = ElementTree.fromstring(file.read("xl/worksheets/sheet1.xml"))
    return [["".join(each.itertext()) for each in row] for row in sheet.iter(f"{_MAIN}row")]


def test_csv_begins_with_the_mark_of_utf_8_and_has_every_field() -> None:
    made = exported("csv")
    assert made.startswith(b"\xef\xbb\xbfschema,id,")
    assert made.count(b"\r\n") == len(ROWS) + 1
    told = list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline="")))
    assert told == [list(COLUMNS), *map(in_cells, ROWS)]


def test_a_table_without_rows_has_its_columns() -> None:
    assert b"".join(xlsx.write_xlsx([], Source(""))) != b""
    assert exported("csv", article(5, change="withdrawn")).count(b"\r\n") == 2


def test_parquet_is_the_rows() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    table = parquet.read_table(pyarrow.BufferReader(exported("parquet")))
    assert table.to_pylist() == ROWS
    assert table.schema.field("title").metadata


def test_sqlite_is_the_rows_with_lists_as_json(tmp_path: Path) -> None:
    path = tmp_path / "made.sqlite"
    path.write_bytes(exported("sqlite"))
    database = sqlite3.connect(path)
    database.row_factory = sqlite3.Row
    told = [dict(row) for row in database.execute("SELECT * FROM article ORDER BY id")]
    names = "SELECT json_extract(value, '$.name') FROM article, json_each(authors)"
    assert len(database.execute(names).fetchall()) == 4
    database.close()
    for row, expected in zip(told, ROWS, strict=True):
        for name, value in expected.items():
            if isinstance(value, list | dict):
                assert msgspec.json.decode(row[name]) == value
            else:
                assert row[name] == value, name


def test_a_workbook_has_every_field_and_no_formula() -> None:
    told = sheet_of(exported("xlsx"))
    expected = [list(COLUMNS), *map(in_cells, ROWS)]
    title = COLUMNS.index("title")
    assert told[1][title] == FULL.title.replace("_x0041_", "_x005F_x0041_")
    told[1][title] = FULL.title
    assert told == expected


def test_a_workbook_is_the_same_bytes_each_time() -> None:
    assert exported("xlsx") == exported("xlsx")


def test_a_text_too_long_for_a_cell_says_that_it_was_cut() -> None:
    body = COLUMNS.index("body")
    fits, long = "𝒜" * (xlsx.MOST_CHARACTERS // 2), "𝒜" * (xlsx.MOST_CHARACTERS // 2 + 1)
    rows = sheet_of(exported("xlsx", article(1, body=fits), article(2, body=long)))
    assert rows[1][body] == fits
    assert rows[2][body].endswith(f"𝒜{xlsx.CUT}")
    assert len(rows[2][body].encode("utf-16-le")) <= 2 * xlsx.MOST_CHARACTERS


@pytest.mark.parametrize("limit", ["MOST_ROWS", "MOST_BYTES"])
def test_more_rows_than_a_sheet_holds_are_refused(
    limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, limit, 3)
    with pytest.raises(UsageError, match="select fewer with --since and --until, or use csv"):
        exported("xlsx")


def test_a_character_that_xml_cannot_hold_does_not_spoil_the_file() -> None:
    spoilt = article(1, body="a\x0bb")
    assert "<p>a�b</p>".encode() in exported("tei", spoilt)
    assert "a�b" in sheet_of(exported("xlsx", spoilt))[1]


def test_rows_are_written_as_they_come() -> None:
    """No format but SQLite waits for the last row before it passes on the first bytes."""
    from crawler.export.formats import FORMATS, write

    for form in FORMATS.keys() - {"sqlite", "parquet"}:  # Parquet holds a batch of rows
        taken = []
        rows = (taken.append(row["id"]) or row for row in ROWS)  # type: ignore[func-returns-value]
        pieces = write(form, rows, Source("https://wire.example"))
        assert any(next(pieces, b"") for _ in range(5)), form
        assert len(taken) < len(ARTICLES), form

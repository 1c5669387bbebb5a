"""An Excel workbook with one sheet (Office Open XML), written row by row.

All texts are inline strings, so none is read as a formula. Excel limits the number of rows, and of
characters in a cell: a longer text is cut, with a note at its end.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import IO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from crawler.errors import UsageError
from crawler.export.row import Row, Source, in_xml
from crawler.export.tables import Pieces
from crawler.model.cells import cell

MOST_ROWS = 1_048_576  # with the header row
MOST_CHARACTERS = 32_767  # in UTF-16, where some characters count as two
MOST_BYTES = 2**31 - 1  # of the sheet, uncompressed
CUT = " [cut: a cell cannot hold more]"

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SHEET = "xl/worksheets/sheet1.xml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/{_SHEET}" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="articles" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>",
}
_BEFORE = (
    f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    "</sheetView></sheetViews><sheetData>"
)
_AFTER = "</sheetData></worksheet>"
_READ_AS_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # Excel would read it as an escape


def write_xlsx(rows: Iterable[Row], source: Source) -> Iterator[bytes]:
    """Yield the workbook. Raises ``UsageError`` for more rows than a sheet can hold."""
    pieces = Pieces()
    with ZipFile(pieces, "w", ZIP_DEFLATED) as book:
        for name, part in _PARTS.items():
            book.writestr(_entry(name), _XML + part)
        with book.open(_entry(_SHEET), "w") as sheet:
            for _ in _write_sheet(sheet, rows, source.columns):
                yield pieces.take()
    yield pieces.take()


def _entry(name: str) -> ZipInfo:
    """Return a zip entry without a time, so that equal rows give equal bytes."""
    entry = ZipInfo(name)
    entry.compress_type = ZIP_DEFLATED
    return entry


def _write_sheet(sheet: IO[bytes], rows: Iterable[Row], columns: Sequence[str]) -> Iterator[None]:
    written = sheet.write(_BEFORE.encode() + _line(columns))
    for number, row in enumerate(rows, 2):
        written += sheet.write(_line(cell(row[name]) for name in columns))
        if number > MOST_ROWS or written > MOST_BYTES:
            raise UsageError(
                f"--format xlsx: a sheet can hold only {number - 2:,} of these articles; "
                "select fewer with --since and --until, or use csv"
            )
        yield
    sheet.write(_AFTER.encode())


def _line(values: Iterable[object]) -> bytes:
    return f"<row>{''.join(map(_cell, values))}</row>".encode()


def _cell(value: object) -> str:
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    if not value:
        return "<c/>"
    text = escape(_READ_AS_ESCAPE.sub("_x005F_", in_xml(_cut(str(value)))))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _cut(text: str) -> str:
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * MOST_CHARACTERS:
        return text
    return units[: 2 * (MOST_CHARACTERS - len(CUT))].decode("utf-16-le", "ignore") + CUT

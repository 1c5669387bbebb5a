"""The results of a search as a file, with the texts: for spreadsheets and for programs."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

EXPORTED = (
    "id", "agency", "edition", "language", "published_at", "category", "authors", "version",
    "change", "url", "title", "summary", "body",
)  # fmt: skip
# The start of a formula, also in full width, and characters that spreadsheets skip before it.
_FORMULAS = tuple("=+-@\t\r\n＝＋－＠")


def as_file(articles: Iterable[Mapping[str, Any]], form: str) -> tuple[bytes, str]:
    """Return articles as a file and its type. ``form``: ``csv`` or ``json``."""
    rows = [{name: article[name] for name in EXPORTED} for article in articles]
    if form == "json":
        return msgspec.json.encode(rows), "application/json"
    cells = (row | {"authors": "; ".join(row["authors"])} for row in rows)
    return as_csv(EXPORTED, (row.values() for row in cells)), "text/csv; charset=utf-8"


def as_csv(names: Iterable[str], rows: Iterable[Iterable[Any]]) -> bytes:
    """Return rows as CSV for Excel, with a byte order mark and without formulas."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(names)
    writer.writerows(map(_as_text, row) for row in rows)
    return written.getvalue().encode("utf-8-sig")


def _as_text(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula, as OWASP advises."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULAS) else cell

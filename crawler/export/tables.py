"""Tables with a column per field: CSV, SQLite and Parquet."""

import csv
import io
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from crawler.export.row import Row, Source
from crawler.model.arrow import arrow_fields, record_batches
from crawler.model.cells import cell

_PIECE = 1 << 20  # bytes read at once


class Pieces:
    """A file for libraries that write: their output is taken out piece by piece."""

    closed = False

    def __init__(self) -> None:
        self._written: list[bytes] = []
        self._length = 0

    def write(self, data: bytes) -> int:
        """Add a piece."""
        piece = bytes(data)
        self._written.append(piece)
        self._length += len(piece)
        return len(piece)

    def tell(self) -> int:
        """Return the number of bytes written so far."""
        return self._length

    def flush(self) -> None:
        """Do nothing: the output is in memory."""

    def close(self) -> None:
        """Do nothing: the output can still be taken."""

    def take(self) -> bytes:
        """Return the bytes written since the last call."""
        taken = b"".join(self._written)
        self._written.clear()
        return taken


def write_csv(rows: Iterable[Row], source: Source) -> Iterator[bytes]:
    """Yield CSV (RFC 4180), with the byte order mark by which Excel recognises UTF-8."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    yield "\ufeff".encode()
    writer.writerow(source.columns)
    for row in rows:
        writer.writerow([cell(row[name]) for name in source.columns])
        yield written.getvalue().encode()
        written.seek(0)
        written.truncate()
    yield written.getvalue().encode()


def write_parquet(rows: Iterable[Row], source: Source) -> Iterator[bytes]:
    """Yield Parquet, with lists and nested fields kept as such."""
    import pyarrow
    from pyarrow import parquet

    schema, pieces = pyarrow.schema(arrow_fields(source.kind)), Pieces()
    with parquet.ParquetWriter(pieces, schema, compression="zstd") as file:
        for batch in record_batches(rows, schema):
            file.write_batch(batch)
            yield pieces.take()
    yield pieces.take()


def write_sqlite(rows: Iterable[Row], source: Source) -> Iterator[bytes]:
    """Yield a database with the table ``article``, made in the folder for temporary files."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "export.sqlite")
        try:
            _fill(path, rows, source.columns)
        except sqlite3.OperationalError as error:  # such as a full disk
            raise OSError(f"{path}: {error}") from error
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece


def _fill(path: Path, rows: Iterable[Row], names: Sequence[str]) -> None:
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join("?" for _ in names)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA synchronous = OFF")  # it is copied next, and synced there
        database.execute(f'CREATE TABLE article ({columns}, PRIMARY KEY ("id"))')
        database.executemany(
            f"INSERT INTO article VALUES ({values})",
            ([_value(row[name]) for name in names] for row in rows),
        )


def _value(value: Any) -> Any:
    """Return a value for SQLite: lists and nested fields as JSON, which SQLite can read."""
    return msgspec.json.encode(value).decode() if isinstance(value, list | dict) else value

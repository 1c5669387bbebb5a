"""The rows of a release as Parquet: the same, with types, in folders by edition and year.

``published_at`` is a moment with its zone, and null where only the day is known; the day stands
in ``published_date``. Edition and year are told by the folders, as DuckDB, Polars, Spark and Dask
read them (``edition=en/year=2024``).
"""

import gzip
from datetime import date, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec

from crawler.model.arrow import arrow_fields
from crawler.release.manifest import Release
from crawler.release.rows import UNDATED, UNKNOWN, ReleasedArticle
from crawler.system.processes import WorkerPool, spread

_NULL = "__HIVE_DEFAULT_PARTITION__"
_ROWS = 5_000  # a row group: bounded memory, and still worth skipping
_MOMENTS = ("published_at", "modified_at", "first_seen_at", "fetched_at")


def write_parquet(release: Release, pool: WorkerPool | None) -> None:
    """Write ``parquet/articles`` and ``parquet/versions`` from the rows written before."""
    paths = release.paths("articles/**/*.gz") + release.paths("versions/**/*.gz")
    for _ in spread(pool, partial(_write, release.folder.resolve()), paths):
        pass


def _value(name: str, unknown: str) -> str:
    return _NULL if name == unknown else name


def _write(folder: Path, path: str) -> None:
    """Write what belongs to a file of rows; whoever does so at the same time writes the same."""
    import pyarrow
    from pyarrow import parquet

    schema, temporary = arrow_schema(), folder / "work" / uuid4().hex
    with (
        gzip.open(folder / path) as lines,
        parquet.ParquetWriter(temporary, schema, compression="zstd") as file,
    ):
        rows = map(_typed, lines)
        while batch := list(islice(rows, _ROWS)):
            file.write_table(pyarrow.Table.from_pylist(batch, schema))
    target = folder / "parquet" / _place(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary.replace(target)


def _place(path: str) -> Path:
    kind, edition, name = path.split("/")
    year = name.removesuffix(".jsonl.gz")
    folders = f"edition={_value(edition, UNKNOWN)}", f"year={_value(year, UNDATED)}"
    return Path(kind, *folders, "0.parquet")


def _typed(line: bytes) -> dict[str, Any]:
    row: dict[str, Any] = msgspec.json.decode(line)
    published = row["published_at"]
    row["published_date"] = date.fromisoformat(published[:10]) if published else None
    for name in _MOMENTS:
        moment = row[name]
        row[name] = datetime.fromisoformat(moment) if moment and len(moment) > 10 else None
    del row["edition"]  # the folder tells
    return row


def arrow_schema() -> Any:
    """Return the columns, made from the schema of a row."""
    import pyarrow

    columns = []
    for field in arrow_fields(ReleasedArticle):
        if field.name == "edition":
            continue
        if field.name == "published_at":
            columns.append(pyarrow.field("published_date", pyarrow.date32()))
        moment = pyarrow.timestamp("s", "UTC")
        columns.append(field.with_type(moment) if field.name in _MOMENTS else field)
    return pyarrow.schema(columns)

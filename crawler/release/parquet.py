"""The rows of a release as Parquet: the same, with types, in folders by edition and year.

``published_at`` is a moment with its zone, and null where only the day is known; the day stands
in ``published_date``. Edition and year are told by the folders, as DuckDB, Polars, Spark and Dask
read them (``edition=en/year=2024``).
"""

import gzip
from collections.abc import Iterator
from datetime import date, datetime
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from crawler.release.documents import Release
from crawler.release.rows import UNDATED, UNKNOWN, ReleasedArticle
from crawler.schema import row_schema

_NULL = "__HIVE_DEFAULT_PARTITION__"
_ROWS = 5_000  # a row group: bounded memory, and still worth skipping
_MOMENTS = ("published_at", "modified_at", "first_seen_at", "fetched_at")


def can_write_parquet() -> bool:
    """Tell whether what writes it is installed."""
    return find_spec("pyarrow") is not None


def write_parquet(release: Release) -> None:
    """Write ``parquet/articles`` and ``parquet/versions`` from the rows written before."""
    schema = arrow_schema()
    for path in release.paths("articles/**/*.gz") + release.paths("versions/**/*.gz"):
        kind, edition, name = path.split("/")
        year = name.removesuffix(".jsonl.gz")
        target = release.folder / "parquet" / kind / f"edition={_value(edition, UNKNOWN)}"
        _write(release.folder / path, target / f"year={_value(year, UNDATED)}", schema)


def _value(name: str, unknown: str) -> str:
    return _NULL if name == unknown else name


def _write(source: Path, folder: Path, schema: Any) -> None:
    import pyarrow
    from pyarrow import parquet

    folder.mkdir(parents=True)
    with (
        gzip.open(source) as lines,
        parquet.ParquetWriter(folder / "0.parquet", schema, compression="zstd") as file,
    ):
        rows = map(_typed, lines)
        while batch := list(islice(rows, _ROWS)):
            file.write_table(pyarrow.Table.from_pylist(batch, schema))


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

    definitions = row_schema(ReleasedArticle)["$defs"]
    columns = []
    for field in _fields(definitions["ReleasedArticle"], definitions):
        if field.name == "edition":
            continue
        if field.name == "published_at":
            columns.append(pyarrow.field("published_date", pyarrow.date32()))
        moment = pyarrow.timestamp("s", "UTC")
        columns.append(field.with_type(moment) if field.name in _MOMENTS else field)
    return pyarrow.schema(columns)


def _fields(definition: dict[str, Any], definitions: dict[str, Any]) -> Iterator[Any]:
    import pyarrow

    for name, told in definition["properties"].items():
        kind = _type(told, definitions)
        yield pyarrow.field(name, kind, metadata={"description": told["description"]})


def _type(told: dict[str, Any], definitions: dict[str, Any]) -> Any:
    import pyarrow

    match told:
        case {"anyOf": kinds}:
            return _type(next(each for each in kinds if each.get("type") != "null"), definitions)
        case {"$ref": reference}:
            return pyarrow.struct(_fields(definitions[reference.rpartition("/")[2]], definitions))
        case {"type": "array", "items": item}:
            return pyarrow.list_(_type(item, definitions))
        case {"type": "integer"}:
            return pyarrow.int64()
        case {"type": "boolean"}:
            return pyarrow.bool_()
    return pyarrow.string()

"""The rows of a release as Parquet: each column as in the lines, and times with a type beside them.

A time is the text of the line, with the offset that the site told. ``published`` is the same as a
moment in UTC, null where only the day is known; ``published_date`` is the day in the agency's own
zone. Folders tell edition and year to readers that leave out the files they do not need
(``edition=en/year=2024``).
"""

import gzip
from collections.abc import Iterator
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
    with parquet.ParquetWriter(temporary, schema, compression="zstd") as file:
        rows = parquet_rows(folder / path)
        while batch := list(islice(rows, _ROWS)):
            file.write_table(pyarrow.Table.from_pylist(batch, schema))
    target = folder / "parquet" / place_in_parquet(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary.replace(target)


def place_in_parquet(path: str) -> Path:
    """Return where in ``parquet/`` the rows of a file of lines stand."""
    kind, edition, name = path.split("/")
    year = name.removesuffix(".jsonl.gz")
    folders = f"edition={_value(edition, UNKNOWN)}", f"year={_value(year, UNDATED)}"
    return Path(kind, *folders, "0.parquet")


def parquet_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a file of lines as Parquet has them."""
    with gzip.open(path) as lines:
        yield from map(_typed, lines)


def rows_in(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a Parquet file; raises what Arrow raises: ``ValueError``, ``OSError``."""
    from pyarrow import parquet

    with parquet.ParquetFile(path) as file:
        for batch in file.iter_batches(_ROWS):
            yield from batch.to_pylist()


def _typed(line: bytes) -> dict[str, Any]:
    row: dict[str, Any] = msgspec.json.decode(line)
    at = row["published_at"]
    row["published"] = datetime.fromisoformat(at) if at and len(at) > 10 else None
    row["published_date"] = date.fromisoformat(at[:10]) if at else None
    return row


def arrow_schema() -> Any:
    """Return the columns, made from the schema of a row."""
    import pyarrow

    schema = pyarrow.schema(arrow_fields(ReleasedArticle))
    # As Arrow reads the names of folders: else it cannot read the folder that has both.
    edition = pyarrow.field("edition", pyarrow.dictionary(pyarrow.int32(), pyarrow.string()))
    schema = schema.set(schema.get_field_index("edition"), edition)
    moment = pyarrow.timestamp("s", "UTC")
    return schema.append(pyarrow.field("published", moment)).append(
        pyarrow.field("published_date", pyarrow.date32())
    )

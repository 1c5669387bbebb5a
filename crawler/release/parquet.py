"""The rows of a release as Parquet: all columns of the lines, and typed columns of times.

A time is the same text as in the line, with the site's offset. ``published`` is that moment in UTC,
null if only the day is known; ``published_date`` is the day in the agency's zone. Folders are named
by edition and year (``edition=en/year=2024``), so that readers can skip files.
"""

from collections.abc import Iterator
from functools import cache, partial
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

from crawler.model.arrow import arrow_fields
from crawler.release.documents.manifest import Release, digest_of, read_sums
from crawler.release.files import is_linked, link, open_rows
from crawler.release.rows import UNDATED, UNKNOWN, ReleasedArticle
from crawler.system.processes import WorkerPool, spread

_NULL = "__HIVE_DEFAULT_PARTITION__"
_ROWS = 1_000  # rows that are read at once: Arrow takes eight times their size to read them
_GROUPED = 6  # times as many are a row group: about 20 MB of memory


def write_parquet(release: Release, pool: WorkerPool | None, previous: Path | None) -> None:
    """Write ``parquet/articles`` and ``parquet/versions`` from the rows in the lines.

    If the lines are linked from the previous release, its Parquet is linked, too.
    """
    paths = release.paths("articles/**/*.gz") + release.paths("versions/**/*.gz")
    if previous:
        sums = read_sums(previous)
        paths = [path for path in paths if not _link(release, path, previous, sums)]
    for _ in spread(pool, partial(_write, release.folder.resolve()), paths):
        pass


def _link(release: Release, path: str, previous: Path, sums: dict[str, str]) -> bool:
    made = "parquet" / place_in_parquet(path)
    source = previous / made
    if not is_linked(release.folder / path, previous / path) or not source.is_file():
        return False
    if sums.get(made.as_posix()) != (digest := digest_of(source)):
        return False
    link(source, release.folder / made)
    release.digests[made.as_posix()] = digest
    return True


def _value(name: str, unknown: str) -> str:
    return _NULL if name == unknown else name


def _write(folder: Path, path: str) -> None:
    """Write the Parquet file of a file of rows. Other processes may write the same bytes."""
    import pyarrow
    from pyarrow import parquet

    # Arrow's own memory pool keeps freed memory: 25 MB more for a file of 25,000 rows.
    pyarrow.set_memory_pool(pyarrow.system_memory_pool())
    schema, temporary = arrow_schema(), folder / "work" / uuid4().hex
    with parquet.ParquetWriter(
        temporary, schema, compression="zstd", write_page_index=True
    ) as file:
        tables = tables_of_lines(folder / path)
        while group := list(islice(tables, _GROUPED)):
            file.write_table(pyarrow.concat_tables(group).unify_dictionaries())
    target = folder / "parquet" / place_in_parquet(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary.replace(target)


def place_in_parquet(path: str) -> Path:
    """Return the path below ``parquet/`` for the rows of a file of lines."""
    kind, edition, name = path.split("/")
    year = name.removesuffix(".jsonl.gz")
    folders = f"edition={_value(edition, UNKNOWN)}", f"year={_value(year, UNDATED)}"
    return Path(kind, *folders, "0.parquet")


def tables_of_lines(path: Path) -> Iterator[Any]:
    """Yield the rows of a file of lines as tables for Parquet, in pieces."""
    from pyarrow import json

    options = json.ParseOptions(explicit_schema=_schema_of_lines())
    with open_rows(path) as lines:
        while some := b"".join(islice(lines, _ROWS)):
            # One block has all of them: a row must not cross two blocks.
            reading = json.ReadOptions(use_threads=False, block_size=len(some) + 1)
            yield _typed(json.read_json(BytesIO(some), reading, options))


def tables_in(path: Path) -> Iterator[Any]:
    """Yield the rows of a Parquet file. Raises Arrow's errors: ``ValueError``, ``OSError``."""
    import pyarrow
    from pyarrow import parquet

    with parquet.ParquetFile(path) as file:
        for batch in file.iter_batches(_ROWS):
            yield pyarrow.Table.from_batches([batch])


def _typed(lines: Any) -> Any:
    """Add the columns that only Parquet has.

    No value of Python is given to Arrow: it would import pandas, which takes longer than the rest
    of a small release.
    """
    import pyarrow
    from pyarrow import compute

    at = lines["published_at"]
    nothing = pyarrow.nulls(len(at), pyarrow.string())
    moments = compute.if_else(compute.match_substring(at, "T"), at, nothing)
    days = compute.utf8_slice_codeunits(at, 0, len("2024-05-01"))
    table = lines.append_column("published", moments).append_column("published_date", days)
    return table.cast(arrow_schema())


@cache
def _schema_of_lines() -> Any:
    import pyarrow

    return pyarrow.schema(arrow_fields(ReleasedArticle))


@cache
def arrow_schema() -> Any:
    """Return the columns, made from the schema of a row."""
    import pyarrow

    schema = _schema_of_lines()
    # The type that Arrow gives the names of folders; with another it cannot read the folder.
    edition = pyarrow.field("edition", pyarrow.dictionary(pyarrow.int32(), pyarrow.string()))
    schema = schema.set(schema.get_field_index("edition"), edition)
    moment = pyarrow.timestamp("ms", "UTC")  # Parquet has no seconds
    return schema.append(pyarrow.field("published", moment)).append(
        pyarrow.field("published_date", pyarrow.date32())
    )

"""What a release does, by DuckDB: ``python -m benchmarks.duckdb_release JOURNAL OUT gzip|none``.

With one thread, from the lines of the journal: the newest version of each article, and the older
ones unless it was withdrawn; sorted, with a hash of the content and of the row; as JSON Lines and
as Parquet (zstd), in files by edition and year; and the counts of a data card. It finds no
near-duplicates or translations: their columns are null. It hashes the same fields as a release, but
not in its form, which DuckDB cannot write.
"""

import sys
from pathlib import Path

import duckdb
import pyarrow

from crawler.model.arrow import arrow_fields

_VERSIONS = """
CREATE TABLE version AS
SELECT *, row_number() OVER newest_first AS age, first_value(change) OVER newest_first AS latest,
    coalesce(edition, 'unknown') AS e, coalesce(published_at[:4], 'undated') AS y
FROM read_json('{journal}/*.jsonl', columns = {columns}, format = 'newline_delimited')
WINDOW newest_first AS (PARTITION BY id ORDER BY version DESC)
"""
_CONTENT = """
SELECT count(*) FROM version WHERE content_hash = sha256(
    concat_ws(chr(10), title, body, byline_raw, published_at, to_json([x.url FOR x IN images])))
"""
_WRITE = """
COPY (
    SELECT * EXCLUDE (age, latest), NULL::VARCHAR AS near_duplicate_of, NULL::VARCHAR AS story,
        sha256(to_json(struct_pack({by_name}))::VARCHAR) AS row_hash{more}
    FROM version WHERE {which} ORDER BY {order}
) TO '{out}' (FORMAT {form}, PARTITION_BY (e, y))
"""
_ARTICLES = "age = 1", "published_at, id"
_OLDER = "age > 1 AND latest <> 'withdrawn'", "id, version"
_TIMES = """,
    CASE WHEN length(published_at) > 10 THEN published_at::TIMESTAMPTZ END AS published,
    published_at[:10]::DATE AS published_date"""
_COUNTS = (
    "edition, published_at[:10]",
    "published_at[:13]",
    "edition, language",
    "category.name",
    "published_precision",
    "change",
)


def release(journal: Path, out: Path, compression: str) -> None:
    """Write rows and Parquet into ``out``, beside a table of all versions."""
    out.mkdir(parents=True)
    database = duckdb.connect(str(out / "work.duckdb"))
    database.execute("SET threads = 1")
    empty = pyarrow.schema(list(arrow_fields())).empty_table()
    told = database.from_arrow(empty)
    columns = {name: str(kind) for name, kind in zip(told.columns, told.types, strict=True)}
    database.execute(_VERSIONS.format(journal=journal, columns=columns))
    database.sql(_CONTENT).fetchall()
    by_name = ", ".join(f'"{name}" := "{name}"' for name in sorted(columns))
    for kind, (which, order) in (("articles", _ARTICLES), ("versions", _OLDER)):
        for form, more in (
            (f"json, COMPRESSION {compression}", ""),
            ("parquet, COMPRESSION zstd", _TIMES),
        ):
            place = out / f"{kind}-{form.partition(',')[0]}"
            database.execute(
                _WRITE.format(
                    by_name=by_name, more=more, which=which, order=order, out=place, form=form
                )
            )
    for keys in _COUNTS:
        database.sql(f"SELECT {keys}, count(*) FROM version WHERE age = 1 GROUP BY ALL").fetchall()
    database.sql("SELECT count(COLUMNS(*)) FROM version WHERE age = 1").fetchall()


if __name__ == "__main__":
    release(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])

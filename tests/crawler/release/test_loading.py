"""A release as a stranger loads it: by the lines in its data card and in the documents.

What loads it runs in a process of its own: those libraries are heavy, and warn of each other.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.commands import ROOT, scrapy
from tests.crawler.release.archives import articles_in, release_of, rows
from tests.crawler.release.world import fill_with_posts

pytestmark = pytest.mark.slow
USING = ROOT / "docs" / "using-the-data.md"
has_data_extra = pytest.mark.skipif(
    find_spec("datasets") is None or find_spec("mlcroissant") is None,
    reason="what loads a release is not installed: make test",
)

has_spark = pytest.mark.skipif(
    find_spec("pyspark") is None or shutil.which("java") is None,
    reason="no Spark (make test), or no Java for it",
)
has_r = pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
# One core, no page, no other machines; and code that is compiled quickly rather than well.
SPARK = {
    "SPARK_LOCAL_IP": "127.0.0.1",
    "PYSPARK_SUBMIT_ARGS": "--master local[1] --conf spark.ui.enabled=false "
    "--driver-java-options '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC' pyspark-shell",
}


def python(code: str, folder: Path) -> str:
    """Run code in a folder, offline; return what it prints."""
    own = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    own |= {"HF_HOME": str(folder.parent / "cache"), "HF_HUB_OFFLINE": "1"}
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder, capture_output=True, text=True, timeout=240,
        env={**os.environ, **own, **SPARK, "CROISSANT_CACHE": str(folder)},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return run.stdout


def snippets(text: str, language: str = "python") -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def loaders(release: Path) -> dict[str, str]:
    """Return the code of a release's card that loads it in Python, by the library."""
    card = (release / "README.md").read_text("utf-8")
    loading = [each for each in snippets(card) if "articles = " in each]
    return {re.findall(r"^(?:import|from) (\w+)", each, re.M)[-1]: each for each in loading}


_LINES = """
import glob, gzip, json
lines = {}
for path in glob.glob("articles/*/*.gz"):
    lines |= {row["id"]: row for row in map(json.loads, gzip.open(path))}
def rows_of(loaded):
    if hasattr(loaded, "to_json") and hasattr(loaded, "iloc"):
        return json.loads(loaded.to_json(orient="records"))
    if hasattr(loaded, "collect"):
        return [row.asDict(recursive=True) for row in loaded.collect()]
    if hasattr(loaded, "fetchall"):
        return [dict(zip(loaded.columns, row)) for row in loaded.fetchall()]
    return loaded.to_dicts() if hasattr(loaded, "to_dicts") else list(loaded)
"""
_EQUAL = """
loaded = {row["id"]: row for row in rows_of(articles)}
assert loaded.keys() == (lines.keys() if whole else loaded.keys() & lines.keys()) != set()
for row in loaded.values():
    line = lines[row["id"]]
    wrong = [name for name in line if row[name] != line[name]]
    assert not wrong, (type(articles), wrong, [(row[name], line[name]) for name in wrong])
"""
_CHECKS = """
import mlcroissant, jsonschema, gzip, json, glob
described = mlcroissant.Dataset("croissant.json")
assert not described.metadata.ctx.issues.errors
record = next(iter(described.records("articles")))
assert record["articles/agency"] == b"uza"
size = json.load(open("datapackage.json"))["image_size"]
schema = jsonschema.Draft202012Validator(json.load(open("schema.json")))
for path in glob.glob("*/*/*.gz"):
    for line in gzip.open(path):
        row = json.loads(line)
        schema.validate(row)
        assert content_hash(row, size) == row["content_hash"]
import duckdb, polars
parquet = "read_parquet('parquet/articles/**/*.parquet', hive_partitioning = true)"
rows = duckdb.sql(f"SELECT count(*), min(year), typeof(any_value(published)), "
    f"typeof(any_value(published_date)), count(DISTINCT edition) FROM {{parquet}}").fetchall()
assert rows == [({articles}, 2014, "TIMESTAMP WITH TIME ZONE", "DATE", 7)], rows
days = duckdb.sql(f"SELECT count(*) FROM {{parquet}} WHERE published_precision = 'day' "
    "AND published IS NOT NULL OR published_date::VARCHAR <> published_at[:10]").fetchall()
assert days == [(0,)], days
pruned = polars.scan_parquet("parquet/versions/").filter(polars.col("edition") == "en").collect()
assert set(pruned["agency"]) == {{"uza"}} and "authors" in pruned.columns
"""


def load(release: Path, *libraries: str, whole: bool = True, then: str = "") -> None:
    """Load a release as its card says, and compare every field with the lines."""
    code = loaders(release)
    equal = "".join(f"{_LINES}whole = {whole}\n{code[each]}{_EQUAL}" for each in libraries)
    python(equal + then, release)


@has_data_extra
def test_every_snippet_of_the_data_card_loads_it_and_other_tools_read_its_descriptions(
    released: Path,
) -> None:
    assert list(loaders(released)) == ["pandas", "duckdb", "polars", "datasets", "pyspark"]
    *_, recipe = snippets((released / "README.md").read_text("utf-8"))
    checks = recipe + _CHECKS.format(articles=articles_in(released))
    load(released, "pandas", "duckdb", "polars", "datasets", then=checks)


@has_spark
def test_spark_loads_it_as_the_data_card_says(released: Path) -> None:
    load(released, "pyspark")


@has_data_extra
def test_a_release_without_parquet_is_loaded_from_its_lines(tmp_path: Path) -> None:
    fill_with_posts(tmp_path / "uza", posts=30)
    out = tmp_path / "out"
    done = scrapy("release", "uza", "--out", out, "--no-parquet", DATA_DIR=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (out / "parquet").exists()
    card = (out / "README.md").read_text("utf-8")
    assert "configs:" not in card  # nothing that datasets is told to load
    assert snippets(card, "r")
    assert list(loaders(out)) == ["pandas", "duckdb", "polars"]
    load(out, *loaders(out), whole=False)


_WRITE_ROWS = """
text <- toJSON(articles, na = "null", null = "null", digits = NA)
writeLines(text, file(commandArgs(TRUE), "wb"), useBytes = TRUE)
stopifnot(sum(is.na(moments)) == sum(nchar(articles$published_at) == 10))
stopifnot(nrow(authors) == sum(sapply(articles$authors, NROW)), sum(months) == nrow(articles))
stopifnot(format(moments, "%H:%M")[articles$id == "uza:11"] == "18:44")
"""


@has_r
def test_r_loads_it_as_the_data_card_and_the_docs_say(released: Path, tmp_path: Path) -> None:
    code = [snippets(path.read_text("utf-8"), "r") for path in (released / "README.md", USING)]
    assert [len(each) for each in code] == [1, 1]
    (tmp_path / "load.R").write_text("\n".join([*code[0], *code[1], _WRITE_ROWS]), "utf-8")
    run = subprocess.run(
        ["Rscript", "--vanilla", tmp_path / "load.R", tmp_path / "rows.json"],
        cwd=released, capture_output=True, text=True, timeout=120,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    found = {row["id"]: row for row in json.loads((tmp_path / "rows.json").read_text("utf-8"))}
    lines = {row["id"]: row for path in released.glob("articles/*/*.gz") for row in rows(path)}
    assert found.keys() == lines.keys()
    for id, line in lines.items():
        assert {name: _or_null(found[id][name]) for name in line} == line, id


def _or_null(value: Any) -> Any:
    """Return a value of R's frame as it was in the line: an object that was null has only NA."""
    return None if isinstance(value, dict) and not any(value.values()) else value


@has_data_extra
def test_twelve_questions_are_answered_by_the_lines_of_the_docs(released: Path) -> None:
    opening, *questions = snippets(USING.read_text("utf-8"))
    assert len(questions) == len(re.findall(r"^## \d+\.", USING.read_text("utf-8"), re.M)) == 12
    telling = "print(len(answer), flush=True)"
    lines = python("\n".join([opening, *(f"{each}{telling}\n" for each in questions)]), released)
    found = [int(line) for line in lines.split()]
    assert all(found), found
    newest = [row for path in released.glob("articles/*/*.gz") for row in rows(path)]
    assert found[5] == sum(row["change"] == "gone" for row in newest) > 0
    assert found[6] == sum(row["near_duplicate_of"] is None for row in newest) < len(newest)
    by_author = [
        row["edition"] for row in newest
        if {("Малика Анорзорова", "author"), ("Malika Anorzorova", "author")}
        & {(each["name"], each["role"]) for each in row["authors"]}
        and row["published_at"].startswith("2026")
    ]  # fmt: skip
    assert found[1] == len(by_author)
    assert len(set(by_author)) > 2
    library = [row["title"] for row in newest if re.search("утубхона|utubxona", row["title"])]
    assert found[8] == len(library)
    from_archives = sum(row["archive_url"] is not None for row in newest)
    assert found[10] == len(newest) - from_archives
    assert found[11] > len({row["edition"] for row in newest})


@has_data_extra
def test_the_questions_have_answers_where_nothing_is_gone_and_nothing_is_linked(
    tmp_path: Path,
) -> None:
    fill_with_posts(tmp_path / "uza", posts=30)
    release_of(tmp_path / "uza", tmp_path / "out", conditions={"edition = ?": "oz"})
    empty = [tmp_path / "out/gone.jsonl.gz", *(tmp_path / "out").glob("links/*.gz")]
    assert [rows(path) for path in empty] == [[]] * len(empty)
    python("\n".join(snippets(USING.read_text("utf-8"))), tmp_path / "out")

"""A release as a stranger uses it: made and checked by the commands, loaded by other tools.

What loads it runs in one process of its own: those libraries are heavy, and warn of each other.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.commands import ROOT, Refused, scrapy
from tests.crawler.release.archives import archive_in, release_of, rows
from tests.crawler.release.world import fill_with_posts

pytestmark = pytest.mark.slow
USING = ROOT / "docs" / "using-the-data.md"
has_data_extra = pytest.mark.skipif(
    find_spec("datasets") is None or find_spec("mlcroissant") is None,
    reason="what loads a release is not installed: make test",
)


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("released")
    fill_with_posts(folder / "uza")
    run = scrapy("release", "uza", "--out", folder / "out", DATA_DIR=folder)
    assert (run.returncode, run.stderr) == (0, "")
    assert re.fullmatch(r".+/out: 2\d\d articles, release 2026-11-25\+[0-9a-f]{8}\n", run.stdout)
    return folder / "out"


def python(code: str, folder: Path) -> str:
    """Run code in a folder, offline; return what it prints."""
    cache = {"HF_HOME": str(folder.parent / "cache"), "HF_HUB_OFFLINE": "1"}
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder, capture_output=True, text=True, timeout=240,
        env={**os.environ, **cache, "PYTHONPATH": str(ROOT), "CROISSANT_CACHE": str(folder)},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return run.stdout


def snippets(text: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", text, re.DOTALL)


def articles_in(folder: Path) -> int:
    return sum(len(rows(path)) for path in folder.glob("articles/*/*.gz"))


def test_the_command_says_that_a_release_is_whole_or_what_is_wrong_with_it(
    released: Path, tmp_path: Path
) -> None:
    run = scrapy("verify-release", released)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith(f"{released}: whole; ")
    (tmp_path / "SHA256SUMS").write_text(f"{'0' * 64}  articles/en/2024.jsonl.gz\n")
    run = scrapy("verify-release", tmp_path)
    assert run.returncode == 7
    assert run.stdout.startswith("articles/en/2024.jsonl.gz: is missing\n")
    assert run.stderr.count("\n") == 1
    assert "things are wrong; take another copy of it" in run.stderr
    shutil.copytree(released, tmp_path / "copy")
    (tmp_path / "copy/notes.txt").write_text("mine")
    assert ": 1 thing is wrong; take" in scrapy("verify-release", tmp_path / "copy").stderr


_LINES = """
import glob, gzip, json
lines = {}
for path in glob.glob("articles/*/*.gz"):
    lines |= {row["id"]: row for row in map(json.loads, gzip.open(path))}
def rows_of(loaded):
    if hasattr(loaded, "to_json") and hasattr(loaded, "iloc"):
        return json.loads(loaded.to_json(orient="records"))
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


@has_data_extra
def test_every_snippet_of_the_data_card_loads_it_and_other_tools_read_its_descriptions(
    released: Path,
) -> None:
    *loading, recipe = snippets((released / "README.md").read_text("utf-8"))
    assert len(loading) == 4
    equal = "".join(f"{_LINES}whole = True\n{snippet}{_EQUAL}" for snippet in loading)
    python(equal + recipe + _CHECKS.format(articles=articles_in(released)), released)


@has_data_extra
def test_a_release_without_parquet_is_loaded_from_its_lines(tmp_path: Path) -> None:
    fill_with_posts(tmp_path / "uza", posts=30)
    done = scrapy("release", "uza", "--out", tmp_path / "out", "--no-parquet", DATA_DIR=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "out" / "parquet").exists()
    card = (tmp_path / "out" / "README.md").read_text("utf-8")
    assert "configs:" not in card  # nothing that datasets is told to load
    *loading, _ = snippets(card)
    assert len(loading) == 3
    equal = "".join(f"{_LINES}whole = False\n{snippet}{_EQUAL}" for snippet in loading)
    python(equal, tmp_path / "out")


@has_data_extra
def test_eleven_questions_are_answered_by_the_lines_of_the_docs(released: Path) -> None:
    opening, *questions = snippets(USING.read_text("utf-8"))
    assert len(questions) == len(re.findall(r"^## \d+\.", USING.read_text("utf-8"), re.M)) == 11
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
    assert found[10] == sum(row["change"] != "withdrawn" for row in newest)


@has_data_extra
def test_the_questions_have_answers_where_nothing_is_gone_and_nothing_is_linked(
    tmp_path: Path,
) -> None:
    fill_with_posts(tmp_path / "uza", posts=30)
    release_of(tmp_path / "uza", tmp_path / "out", conditions={"edition = ?": "oz"})
    empty = [tmp_path / "out/gone.jsonl.gz", *(tmp_path / "out").glob("links/*.gz")]
    assert [rows(path) for path in empty] == [[]] * len(empty)
    python("\n".join(snippets(USING.read_text("utf-8"))), tmp_path / "out")


def test_the_data_card_shows_pictures_and_counts_that_are_there(released: Path) -> None:
    card = (released / "README.md").read_text("utf-8")
    pictures = re.findall(r"!\[.+?\]\((.+?)\)", card)
    if find_spec("matplotlib"):
        assert len(pictures) == 4
    for picture in pictures:
        assert (released / picture).read_bytes().startswith(b"\x89PNG")
    assert f"{articles_in(released):,} articles that uza.uz published" in card
    assert "compared only with those of its own month and of the month before" in card
    figures = json.loads((released / "figures.json").read_text("utf-8"))
    assert figures["near_duplicates"] == figures["evidence"]["near_duplicate text"] > 0
    assert re.search(r"\| `authors` \| list of \[Person\]\(#person\) \| \d\d\.\d% \|", card)
    assert re.search(r"\| `near_duplicate_of` \| string or null \| \d+\.\d% \|", card)
    explained = set(re.findall(r"^### (.+)$", card, re.M))
    assert explained == set(re.findall(r"\[(\w+)\]\(#\w+\)", card)) > {"Person", "Image"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("release",), "expected one agency; there are: "),
        (("release", "uza"), "there is no archive; crawl first"),
        (("release", "uza", "--since", "May"), "--since May: expected a day such as 2024-05-31"),
        (("release", "uza", "-s", "RELEASE_LICENSE=no"), "expected one id of https://spdx.org"),
        (("release", "uza", "-s", "CONTACT=you@example.org"), "is an example"),
        (("verify-release",), "expected the folder of a release"),
        (("verify-release", "nowhere"), "nowhere: is no whole release"),
    ],
)
def test_what_cannot_be_released_or_checked_is_one_line(
    tmp_path: Path, refused: Refused, arguments: tuple[str, ...], message: str
) -> None:
    assert message in refused(*arguments, "-s", f"DATA_DIR={tmp_path}")


def test_a_release_that_is_interrupted_says_how_to_go_on(
    tmp_path: Path, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive_in(tmp_path)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("crawler.release.build.write_years", interrupt)
    said = refused("release", "uza", "-s", f"DATA_DIR={tmp_path}", exit_code=130)
    assert said == (
        "scrapy release: interrupted by SIGINT; nothing is left of the release; run it again\n"
    )

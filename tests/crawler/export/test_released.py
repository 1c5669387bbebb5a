"""What a release alone gives to other programs: the same as the archive that it was made from."""

import csv
import gzip
import io
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crawler.export.formats import FORMATS
from crawler.release.rows import row_hash
from crawler.store.archive import Archive
from crawler.store.stand_in_site import StandIn, note_stand_in
from tests.commands import Refused, scrapy
from tests.crawler.archives import store
from tests.crawler.release.archives import LATER, archive_in, release_of, rows


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with an archive, and the folder ``out`` of its release."""
    release_of(archive_in(tmp_path), tmp_path / "out")
    return tmp_path


def export(folder: Path, source: object, *arguments: str) -> bytes:
    made = folder / "made"
    done = scrapy("export", source, *arguments, "--out", made, DATA_DIR=folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return made.read_bytes()


def test_the_lines_are_those_of_the_release(folder: Path) -> None:
    lines = [json.loads(line) for line in export(folder, folder / "out").splitlines()]
    paths = sorted(folder.glob("out/articles/*/*.gz"))
    assert lines == [row for path in paths for row in rows(path)]
    assert len(lines) == 5


# What only a release knows of an article, in each format.
OWN = {
    "ninjs": r',\{"role":"row_hash","value":"\w{64}"\}',
    "opensearch": r',"near_duplicate_of":(null|"[^"]+"),"story":"[^"]+","row_hash":"\w{64}"',
    "tei": r'<idno type="row_hash">\w{64}</idno>',
    "jsonld": r',\{"@type":"PropertyValue","propertyID":"row_hash","value":"\w{64}"\}',
    **dict.fromkeys(("ris", "bibtex", "csl"), r", row hash SHA-256 \w{64}"),
}


@pytest.mark.parametrize("form", OWN)
def test_a_format_has_the_same_articles_as_from_the_archive(folder: Path, form: str) -> None:
    released, archived = (
        export(folder, each, "--format", form).decode() for each in (folder / "out", "uza")
    )
    assert len(re.findall(OWN[form], released)) == 5
    same = re.sub(OWN[form], "", released)
    assert sorted(same) == sorted(archived)  # the same text in another order


def test_tables_have_all_that_the_release_knows(folder: Path) -> None:
    expected = {row["id"]: row for path in folder.glob("out/articles/*/*") for row in rows(path)}
    text = export(folder, folder / "out", "--format", "csv").decode("utf-8-sig")
    table = {row["id"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}
    export(folder, folder / "out", "--format", "sqlite")
    with closing(sqlite3.connect(folder / "made")) as database:
        database.row_factory = sqlite3.Row
        stored = {row["id"]: row for row in database.execute("SELECT * FROM article")}
    for name in ("near_duplicate_of", "story", "row_hash"):
        told = {key: row[name] for key, row in expected.items()}
        assert {key: row[name] or None for key, row in table.items()} == told
        assert {key: row[name] for key, row in stored.items()} == told
    assert b"row_hash" in export(folder, folder / "out", "--format", "parquet")


def test_what_is_cited_is_the_hash_that_verify_release_checks(folder: Path) -> None:
    cited = export(folder, folder / "out", "--ids", "3", "--format", "csl")
    (row,) = rows(folder / "out" / "articles" / "en" / "2025.jsonl.gz")
    assert row_hash(row) == row["row_hash"]
    assert json.loads(cited)[0]["note"].endswith(f"row hash SHA-256 {row['row_hash']}")


@pytest.mark.parametrize("form", ["ninjs", "jsonld", "tei", "ris", "bibtex", "csl"])
def test_made_up_articles_say_so_from_an_archive_and_from_its_release(
    tmp_path: Path, form: str
) -> None:
    made_up = StandIn("http://127.0.0.1:9")
    with closing(Archive(archive_in(tmp_path))) as archive:
        note_stand_in(archive.ledger.database, made_up)
        archive.commit()
    release_of(tmp_path / "uza", tmp_path / "out")
    told = [export(tmp_path, each, "--format", form) for each in (tmp_path / "out", "uza")]
    without = re.sub(OWN[form], "", told[0].decode())
    assert sorted(without) == sorted(told[1].decode())
    notices = 6 if form == "tei" else 5  # one an article, and one of the corpus
    assert told[0].count(made_up.notice("uza.uz").encode()) == notices


def test_days_and_editions_are_chosen(folder: Path) -> None:
    def chosen(*arguments: str) -> list[str]:
        told = export(folder, folder / "out", *arguments)
        return sorted(json.loads(line)["id"] for line in told.splitlines())

    assert chosen("--editions", "en,oz") == ["uza:2", "uza:3", "uza:4"]
    assert chosen("--since", "2023-07-01", "--until", "2024-05-01") == ["uza:1", "uza:2", "uza:4"]
    assert chosen("--until", "2023-07-01") == ["uza:4"]  # uza:5 has no day


def test_single_articles_and_a_number_of_them_are_chosen(folder: Path) -> None:
    def chosen(*arguments: str) -> list[str]:
        told = export(folder, folder / "out", *arguments)
        return [json.loads(line)["id"] for line in told.splitlines()]

    named = "uza:5,https://uza.uz/en/posts/any-title_3,2"
    assert chosen("--ids", named) == ["uza:3", "uza:2", "uza:5"]
    assert chosen("--limit", "2") == ["uza:4", "uza:3"]
    assert b"uza:4 version 2" in export(folder, folder / "out", "--ids", "4", "--format", "ris")


def test_a_gone_article_is_cited_as_last_seen_from_an_archive_and_from_its_release(
    folder: Path,
) -> None:
    for source in (folder / "out", "uza"):
        (cited,) = json.loads(export(folder, source, "--ids", "4", "--format", "csl"))
        assert cited["accessed"] == {"date-parts": [[2026, 11, 23]]}, source
        assert f"last seen 2026-11-23T00:00:00Z, missing since {LATER}, " in cited["note"], source


@pytest.mark.parametrize("form", ["ris", "jsonld", "tei", "structure"])
def test_a_withdrawn_article_that_is_named_is_refused_where_it_would_be_left_out(
    tmp_path: Path, refused: Refused, form: str
) -> None:
    with closing(Archive(archive_in(tmp_path))) as archive:
        store(archive, 6, change="withdrawn", title="withdrawn", body="", reason="asked to")
    release_of(tmp_path / "uza", tmp_path / "out")
    for source in ("uza",) if form == "structure" else ("uza", tmp_path / "out"):
        asked = ("--ids", "1,6", "--format", form, "--out", tmp_path / "made")
        told = refused("export", source, *asked, "-s", f"DATA_DIR={tmp_path}")
        assert f"ids: withdrawn, and left out by --format {form}: uza:6" in told
        assert not (tmp_path / "made").exists()
        assert b"uza:6" in export(tmp_path, source, "--ids", "6", "--format", "csv")
        (tmp_path / "made").unlink()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("out", "--ids", "7,2,uza:8"), "ids: there is no such article here: uza:7, uza:8"),
        (("out", "--ids", "https://x.example/1"), "an address of an article of uza: https://x."),
        (("out", "--editions", "fr"), "/out; there are: en, oz, unknown, uz"),
        (("out", "--format", "structure"), "a release has no archived pages; name an agency"),
        (("out", "--format", "pdf"), "--format pdf: expected one of jsonl"),
        (("uza",), "uza: is no whole release"),
    ],
)
def test_what_a_release_does_not_have_is_one_line(
    folder: Path, refused: Refused, arguments: tuple[str, ...], message: str
) -> None:
    place, *options = arguments
    assert message in refused("export", folder / place, *options)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("articles/uz/2024.jsonl.gz", "cannot be read"),
        ("datapackage.json", "does not name the site"),
    ],
)
def test_a_damaged_release_leaves_the_old_file(folder: Path, path: str, message: str) -> None:
    (folder / "out" / path).write_bytes(gzip.compress(b"{\n"))
    (folder / "old").write_text("old")
    asked = ("--format", "csv", "--out", folder / "old")
    done = scrapy("export", folder / "out", *asked, DATA_DIR=folder)
    assert (done.returncode, (folder / "old").read_text()) == (7, "old")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_every_format_can_be_made_of_a_release(folder: Path) -> None:
    for form in FORMATS:
        assert export(folder, folder / "out", "--format", form)

import csv
import io
import json
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from crawler.commands.export import Command
from crawler.export.formats import FORMATS
from crawler.model.article import Sighting
from crawler.store.archive import Archive
from crawler.warc.writer import Plan
from tests.commands import Refused, command, run, scrapy
from tests.crawler.archives import store
from tests.crawler.captured import PAGE, exchange


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data folder with three articles."""
    with closing(Archive(tmp_path / "uza")) as archive:
        store(archive, 1, edition="en", published_at="2024-05-01T10:00:00+05:00")
        store(archive, 2, edition="ru", published_at="2024-06-01T10:00:00+05:00")
        store(archive, 3, change="withdrawn", title="withdrawn", body="", reason="asked to")
    return tmp_path


def test_a_table_has_the_chosen_articles_and_goes_to_a_file_at_once(data: Path) -> None:
    out = data / "may.csv"
    asked = ("uza", "--format", "csv", "--until", "2024-05-31", "--out", str(out))
    told = scrapy("export", *asked, DATA_DIR=data)
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")
    (row,) = csv.DictReader(io.StringIO(out.read_bytes().decode("utf-8-sig"), newline=""))
    assert (row["id"], row["edition"], row["title"]) == ("uza:1", "en", "Title 1")
    assert sorted(path.name for path in data.iterdir()) == ["may.csv", "uza"]


def test_a_citation_names_the_site_of_the_agency_and_no_tombstone(data: Path) -> None:
    told = scrapy("export", "uza", "--format", "ris", DATA_DIR=data)
    assert told.stdout.count("PB  - uza.uz\n") == 2
    assert "uza:3" not in told.stdout


def test_a_format_that_does_not_exist_is_one_line(data: Path, refused: Refused) -> None:
    told = refused("export", "uza", "--format", "pdf", "-s", f"DATA_DIR={data}")
    assert "--format pdf: expected one of jsonl, csv, xlsx, parquet" in told


def test_the_structure_is_read_from_the_archived_pages(tmp_path: Path) -> None:
    page = json.loads((PAGE.parent / "article.json").read_text("utf-8"))
    fields = {name: page[name] for name in ("title", "summary", "body")}
    with closing(Archive(tmp_path / "uza")) as archive:
        archive.captures.plan = Plan(prefix="uza", largest=10**9, about={}, code="c0de")
        archive.captures.take(exchange(1))
        store(archive, 1, **fields, capture=archive.captures.keep("uza:1"))
        evidence = [Sighting(404, "2026-11-24T00:00:00Z")]
        store(archive, 1, **fields, version=2, change="gone", evidence=evidence)
        store(archive, 2, **fields)  # without a capture
        store(archive, 3, change="withdrawn", title="withdrawn", body="", reason="asked to")
    told = scrapy("export", "uza", "--format", "structure", DATA_DIR=tmp_path)
    assert (told.returncode, told.stderr) == (0, "")
    (line,) = [json.loads(line) for line in told.stdout.splitlines()]
    assert (line["id"], line["version"], line["links"]) == ("uza:1", 2, [])
    texts = [page["body"][each["start"] : each["end"]] for each in line["blocks"]]
    assert "\n\n".join(texts) == page["body"]
    assert {each["kind"] for each in line["blocks"]} == {"paragraph"}


def test_a_damaged_capture_is_named_and_the_old_file_stays(tmp_path: Path) -> None:
    with closing(Archive(tmp_path / "uza")) as archive:
        archive.captures.plan = Plan(prefix="uza", largest=10**9, about={}, code="c0de")
        archive.captures.take(exchange(1))
        store(archive, 1, capture=archive.captures.keep("uza:1"))
    (warc,) = (tmp_path / "uza" / "warc").glob("*.warc.gz")
    warc.write_bytes(bytes(len(warc.read_bytes())))
    out = tmp_path / "old"
    out.write_text("old")
    asked = ("uza", "--format", "structure", "--out", str(out))
    told = scrapy("export", *asked, DATA_DIR=tmp_path)
    assert (told.returncode, out.read_text()) == (7, "old")
    assert warc.name in told.stderr
    assert told.stderr.count("\n") == 1


def test_a_missing_package_is_named_and_nothing_is_left(
    data: Path, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.export.formats.has_arrow", lambda: False)
    asked = ("uza", "--format", "parquet", "--out", str(data / "made"))
    told = refused("export", *asked, "-s", f"DATA_DIR={data}")
    assert "--format parquet: pyarrow is not installed; install it by: make data" in told
    assert not (data / "made").exists()


def test_bytes_are_not_written_to_a_terminal(
    data: Path, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    told = refused("export", "uza", "--format", "sqlite", "-s", f"DATA_DIR={data}")
    assert "--format sqlite: cannot be shown on a terminal; add --out FILE" in told


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_a_damaged_archive_leaves_the_old_file(data: Path, form: str) -> None:
    (journal,) = (data / "uza" / "journal").glob("*.jsonl")
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(lines[0] + b"#" * (len(lines[1]) - 1) + b"\n" + lines[2])
    out = data / "made"
    out.write_text("old")
    told = run(command("export", "uza", "--format", form, "--out", str(out), DATA_DIR=data))
    assert (told.returncode, told.stderr.count("\n")) == (7, 1), told.stderr
    assert "uza:2 version 1 cannot be read" in told.stderr
    assert out.read_text() == "old"
    assert not list(data.glob("*.tmp"))


@pytest.mark.parametrize("form", ["jsonl", *sorted(FORMATS)])
def test_content_that_was_changed_is_not_exported(data: Path, form: str) -> None:
    (journal,) = (data / "uza" / "journal").glob("*.jsonl")
    journal.write_bytes(journal.read_bytes().replace(b'"Title 2"', b'"Titel 2"'))
    told = run(command("export", "uza", "--format", form, "--out", data / "made", DATA_DIR=data))
    assert (told.returncode, told.stderr.count("\n")) == (7, 1), told.stderr
    assert "uza:2 version 1 cannot be read" in told.stderr
    assert not (data / "made").exists()


def test_help_names_every_format() -> None:
    assert all(form in Command.manual for form in FORMATS)


def exported_ids(data: Path, *arguments: str, stdin: str = "") -> list[str]:
    done = subprocess.run(
        command("export", "uza", *arguments, DATA_DIR=data), input=stdin, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line)["id"] for line in done.stdout.splitlines()]


def test_single_articles_are_named_by_number_id_or_address(data: Path) -> None:
    assert exported_ids(data, "--ids", "2") == ["uza:2"]
    named = "uza:3, https://uza.uz/en/posts/any-title_1,1"
    assert exported_ids(data, "--ids", named) == ["uza:3", "uza:1"]  # undated ones are first


def test_articles_are_named_in_a_file_or_on_standard_input(data: Path) -> None:
    (data / "list").write_text("\ufeff# to cite\nuza:1\n\n https://uza.uz/posts/t_2 \n", "utf-8")
    assert exported_ids(data, "--ids", f"@{data / 'list'}") == ["uza:1", "uza:2"]
    assert exported_ids(data, "--ids", "@-", stdin="uza:2\n") == ["uza:2"]


def test_the_first_articles_are_enough_to_look_at(data: Path) -> None:
    assert exported_ids(data, "--limit", "2") == ["uza:3", "uza:1"]
    assert exported_ids(data, "--limit", "1", "--editions", "ru") == ["uza:2"]
    assert exported_ids(data, "--limit", "9", "--ids", "uza:1") == ["uza:1"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--ids", "7,2,uza:8,ap:2"), "ids: there is no such article here: uza:7, uza:8, ap:2"),
        (("--ids", "https://x.example/1,2,https://uza.uz/en"), "x.example/1 (other host), https:"),
        (("--ids", ""), "--ids : expected ids such as 594021, addresses, or @FILE"),
        (("--ids", "@none"), "--ids @none: cannot be read ("),
        (("--ids", "1", "--editions", "en"), "--ids cannot be combined with --since, --until and"),
        (("--limit", "0"), "--limit 0: expected a whole number such as 30"),
    ],
)
def test_a_wrong_choice_is_one_line_and_nothing_is_written(
    data: Path, refused: Refused, arguments: tuple[str, ...], message: str
) -> None:
    asked = ("uza", *arguments, "--out", str(data / "made"), "-s", f"DATA_DIR={data}")
    assert message in refused("export", *asked)
    assert not (data / "made").exists()

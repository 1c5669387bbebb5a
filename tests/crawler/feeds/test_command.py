"""The command writes what it can, and says in a line what it cannot."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from crawler.model.article import Person
from crawler.store.archive import Archive
from tests.commands import Refused, scrapy
from tests.crawler.archives import store
from tests.crawler.feeds.archives import ago


def lose_the_journal(folder: Path) -> None:
    (journal,) = (folder / "journal").iterdir()
    journal.unlink()


def forge_a_line(folder: Path) -> None:
    (journal,) = (folder / "journal").iterdir()
    journal.write_bytes(journal.read_bytes().replace(b"Title 1", b"Title 9", 1))


def spoil_the_ledger(folder: Path) -> None:
    with (folder / "ledger.sqlite").open("r+b") as ledger:
        ledger.write(b"\0" * 4096)


def lose_the_ledger(folder: Path) -> None:
    (folder / "ledger.sqlite").unlink()


@pytest.mark.parametrize(
    "damage", [lose_the_journal, lose_the_ledger, forge_a_line, spoil_the_ledger]
)
def test_a_damaged_archive_is_named_and_keeps_its_feeds_while_the_others_are_written(
    archive: Archive, damage: Callable[[Path], None]
) -> None:
    data = archive.folder.parent
    out = data / "out"
    with closing(Archive(data / "ria")) as ria:
        store(ria, 1, agency="ria", id="ria:1", fetched_at=ago(2),
              authors=[Person("Nodira Tolzorova")])  # fmt: skip
    asked = ("--article", "uza:1", "--article", "ria:1", "--author", "Nodira Tolzorova")
    assert scrapy("feeds", "--out", out, *asked, DATA_DIR=data).returncode == 0
    before = {path: path.read_bytes() for path in out.rglob("*ria*/*.*")}
    assert before
    damage(ria.folder)
    store(archive, 4, fetched_at=ago(1))
    archive.commit()
    done = scrapy("feeds", "--out", out, *asked, DATA_DIR=data)
    assert done.returncode == 7
    assert done.stderr.startswith(f"scrapy feeds: {ria.folder}/")
    assert done.stderr.count("\n") == 1
    assert done.stdout.startswith(f"{out}: 20 feeds; ")
    assert before == {path: path.read_bytes() for path in out.rglob("*ria*/*.*")}

    def new(path: str) -> list[str]:
        found = json.loads((out / path / "new.json").read_bytes())["items"]
        return [item["_archive"]["id"] for item in found]

    assert new("uza")[0] == "uza:4"
    assert new("article/uza-1") == new("author/nodira-tolzorova") == ["uza:1"]


def test_the_command_writes_all_archives_and_says_how_many_files_changed(archive: Archive) -> None:
    data = archive.folder.parent
    out = data / "out"
    done = scrapy("feeds", "--out", out, DATA_DIR=data)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{out}: 12 feeds; 24 files have changed\n"
    again = scrapy("feeds", "uza", "uza", "--out", out, DATA_DIR=data)
    assert again.stdout == f"{out}: 12 feeds; 0 files have changed\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("uza",), "expected --out DIR, the folder that the feeds are written to"),
        (("uza", "--out", "x", "--days", "0"), "--days 0: expected a whole number such as 30"),
        (("uza", "--out", "x", "--days", "100000"), "--days 100000: expected a whole number"),
        (("uza", "--out", "x", "--url", "here"), "--url here: expected a web address"),
        (
            ("uza", "--out", "x", "--article", "ria:1"),
            "--article ria:1: expected an id of an article of: uza",
        ),
        (("uza", "--out", "x", "--author", "***"), "--author ***: expected a name"),
        (("uzza", "--out", "x"), "no agency 'uzza'; there are: "),
        (("ria", "--out", "x"), "there is no archive"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_line(
    archive: Archive, refused: Refused, arguments: tuple[str, ...], message: str
) -> None:
    data = f"DATA_DIR={archive.folder.parent}"
    assert message in refused("feeds", *arguments, "-s", data)


def test_a_folder_that_cannot_be_written_is_named(archive: Archive, refused: Refused) -> None:
    data = archive.folder.parent
    (data / "file").write_text("")
    out = data / "file" / "feeds"
    said = refused("feeds", "uza", "--out", str(out), "-s", f"DATA_DIR={data}", exit_code=7)
    assert f"--out {out}: cannot be written" in said

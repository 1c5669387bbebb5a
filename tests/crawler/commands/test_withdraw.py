import sys
from contextlib import closing
from pathlib import Path

import pytest

from crawler.commands.withdraw import confirm
from crawler.errors import UsageError
from crawler.store.archive import Archive
from tests.commands import Refused, scrapy
from tests.crawler.archives import store

ASKED = ("withdraw", "uza:1", "--reason", "a  court\nsays so")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with closing(Archive(tmp_path / "uza")) as archive:
        store(archive, 1, body="The accused was named.")
    release = tmp_path / "uza" / "releases" / "2026-10"
    release.mkdir(parents=True)
    (release / "uza.jsonl").write_text('{"id":"uza:1","agency":"uza"}\n')
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "rows.parquet").write_bytes(b"PAR1")
    return tmp_path


def files(data: Path) -> dict[Path, bytes]:
    """Return every file but those that SQLite makes to read through."""
    paths = (path for path in data.rglob("*") if path.is_file())
    return {path: path.read_bytes() for path in paths if not path.name.endswith(("-shm", "-wal"))}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("withdraw",), "expected one article"),
        (("withdraw", "1"), "expected one article"),
        (("withdraw", "nobody:1"), "no agency 'nobody'"),
        (("withdraw", "uza:2", "--reason", "x", "--yes"), "uza:2: not known in "),
        (("withdraw", "uza:1", "--yes"), "--reason TEXT is missing"),
        (("withdraw", "uza:1", "--yes", "--reason", " "), "expected a few words"),
        ((*ASKED, "--yes", "--releases", "nowhere"), "nowhere: there is no such folder"),
    ],
)
def test_wrong_use_is_one_line_and_changes_nothing(
    data: Path, refused: Refused, arguments: tuple[str, ...], message: str
) -> None:
    before = files(data)
    assert message in refused(*arguments, "-s", f"DATA_DIR={data}")
    assert files(data) == before


def test_what_is_not_confirmed_is_told_and_not_done(data: Path) -> None:
    before = files(data)
    asked = scrapy(*ASKED, DATA_DIR=data)
    assert asked.returncode == 2
    assert asked.stdout.startswith("uza:1: Title 1 (https://uza.uz/posts/1)\nIts text (1 version)")
    assert "confirm with --yes, or on a terminal" in asked.stderr
    assert files(data) == before


def test_it_is_confirmed_on_a_terminal_by_its_id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    for typed in ("yes", "uza:12", ""):
        monkeypatch.setattr("builtins.input", lambda _, typed=typed: typed)
        with pytest.raises(UsageError, match="not confirmed; nothing was changed"):
            confirm("uza:1", "withdraw it", yes=False)
    monkeypatch.setattr("builtins.input", lambda _: " uza:1 ")
    confirm("uza:1", "withdraw it", yes=False)


def test_who_holds_the_folder_is_waited_for(data: Path) -> None:
    with closing(Archive(data / "uza")):
        asked = scrapy(*ASKED, "--yes", DATA_DIR=data)
    assert (asked.returncode, asked.stderr.count("\n")) == (5, 1)


def test_releases_are_named_and_the_other_commands_say_that_it_is_withdrawn(
    data: Path, refused: Refused
) -> None:
    (data / "uza" / "rows.jsonl").write_text('{"id":"uza:1","agency":"uza"}\n')
    done = scrapy(*ASKED, "--yes", "--releases", data / "given", DATA_DIR=data)
    assert f"{data}/uza/rows.jsonl: has it; remove it" in done.stdout
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{data}/uza/releases/2026-10: this release has it" in done.stdout
    assert f"{data}/given/rows.parquet: may have it" in done.stdout
    difference = scrapy("diff", "uza:1", DATA_DIR=data)
    assert difference.returncode == 0
    assert difference.stdout.startswith("uza:1 was withdrawn at 20")
    assert "Z: a court says so\n" in difference.stdout
    told = refused("capture", "uza:1", "-s", f"DATA_DIR={data}")
    assert "uza:1 was withdrawn at 20" in told
    again = scrapy("withdraw", "uza:1", "--yes", DATA_DIR=data)
    assert again.returncode == 0
    assert again.stdout.startswith("uza:1: already withdrawn")

import os
from argparse import ArgumentParser
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from scrapy.cmdline import execute

from crawler.cli import PlainHelp
from crawler.store.archive import Archive
from crawler.warc.writer import Plan
from tests.commands import ROOT
from tests.crawler.captured import exchange


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a data folder with the captures of two articles, which no code has read."""
    monkeypatch.chdir(ROOT)
    with closing(Archive(tmp_path / "uza")) as archive:
        archive.captures.plan = Plan(prefix="uza", largest=10**9, about={}, code="none")
        for number in (600101, 600102):
            archive.captures.take(exchange(number))
            archive.captures.keep(f"uza:{number}")
    return tmp_path


def reparse(data: Path, *arguments: str, jobs: str = "1") -> int:
    with pytest.raises(SystemExit) as end:
        execute(["scrapy", "reparse", "uza", "--jobs", jobs, *arguments, "-s", f"DATA_DIR={data}"])
    assert isinstance(end.value.code, int)
    return end.value.code


def rows(data: Path) -> int:
    return sum(len(f.read_bytes().splitlines()) for f in (data / "uza" / "journal").iterdir())


def test_what_was_never_read_is_new_and_then_there_is_nothing_to_do(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reparse(data, "--dry-run") == 0
    assert rows(data) == 0
    assert "2 captures read: new 2" in capsys.readouterr().out
    assert reparse(data, "--ids", "600101", "--since", "2026-11-20", "--layout", "current") == 0
    assert "0 captures read" in capsys.readouterr().out  # the layout is that of known versions
    assert reparse(data, "--ids", "600101") == 0
    assert reparse(data) == 0
    assert rows(data) == 2
    capsys.readouterr()
    assert reparse(data) == 0
    assert "0 captures read: this code has read all that match" in capsys.readouterr().out


def test_what_is_damaged_is_named_and_the_rest_is_read(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (file,) = (data / "uza" / "warc").glob("*.gz")
    damaged = bytearray(file.read_bytes())
    damaged[-20] ^= 0xFF
    file.write_bytes(damaged)
    assert reparse(data) == 7
    assert rows(data) == 1
    out = capsys.readouterr().out
    assert "new 1, damaged 1" in out
    assert f"not read {file}: cannot be read at byte" in out


def test_a_reader_who_has_enough_of_the_findings_is_no_damage(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    end, pipe = os.pipe()
    os.close(end)
    with open(pipe, "w", buffering=1) as closed:
        monkeypatch.setattr("sys.stdout", closed)
        assert reparse(data) == 0
    assert rows(data) == 2
    assert capsys.readouterr().err == ""


def test_a_colon_at_the_end_of_a_line_makes_no_heading_of_an_options_help(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "62")  # so that the line ends there
    parser = ArgumentParser(formatter_class=PlainHelp)
    parser.add_argument("--cluster", help="who works instead of this machine: tcp://10.0.0.1:8786")
    lines = parser.format_help().splitlines()
    assert "Options" in lines
    assert "  --cluster CLUSTER  who works instead of this machine:" in lines


def test_files_that_are_away_are_named_once(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (file,) = (data / "uza" / "warc").glob("*.gz")
    file.unlink()
    assert reparse(data) == 7
    assert f"not read {file}: is missing; bring it back to read from it: 2" in (
        capsys.readouterr().out
    )


def test_what_a_redirect_led_to_is_not_the_article_that_was_asked_for(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(Archive(data / "uza")) as archive:
        archive.captures.plan = Plan(prefix="uza", largest=10**9, about={}, code="none")
        found = '{"url": "https://uza.uz/posts/x_600104", "source": "api"}'
        archive.captures.take(replace(exchange(600103), article_id="uza:600104", found=found))
        archive.captures.keep("uza:600104")
    assert reparse(data) == 0
    assert rows(data) == 2
    assert "not read another article: 1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--layout", "curent"), "--layout curent: expected one of api, current,"),
        (("--since", "yesterday"), "--since yesterday: expected a day"),
        (("--since", "2026-02-30"), "--since 2026-02-30: expected a day"),
        (("--jobs", "0"), "--jobs 0: expected a number of processes"),
    ],
)
def test_what_is_not_meant_is_said_in_a_line(
    data: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    assert reparse(data, *arguments) == 2
    assert message in capsys.readouterr().err


def test_a_fault_of_ours_names_the_capture(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("crawler.maintenance.reread.Rereader._draft", fault)
    with pytest.raises(ZeroDivisionError) as fell:
        execute(["scrapy", "reparse", "uza", "--jobs", "1", "-s", f"DATA_DIR={data}"])
    assert any("byte" in note and ".warc.gz" in note for note in fell.value.__notes__)

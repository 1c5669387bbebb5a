import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from scrapy.cmdline import execute

from crawler.store.archive import Archive
from tests.crawler.audits import fail, keep, show

ROOT = Path(__file__).parents[3]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a data folder in which two ids are missing and an article was given up."""
    monkeypatch.chdir(ROOT)
    with closing(Archive(tmp_path / "uza")) as archive:
        keep(archive, 10, "2024-05-01")
        keep(archive, 14, "2024-05-03")
        fail(archive, show(archive, 12, "api", edition="en"), "timeout")
    return tmp_path


def audit(data: Path, *arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        execute(["scrapy", "audit", "uza", *arguments, "-s", f"DATA_DIR={data}"])
    assert isinstance(end.value.code, int)
    return end.value.code


def findings(data: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert audit(data, "--json", *arguments) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_an_audit_tells_what_it_finds_and_changes_nothing(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    with closing(Archive(data / "other")):  # a lock elsewhere, as of a run
        assert audit(data) == 0
    assert "Ids 10 to 14: 3 known, 2 missing" in capsys.readouterr().out
    assert findings(data, capsys)["queued"] is None
    assert before == {path: path.read_bytes() for path in before}


def test_an_audit_waits_for_no_run_but_fixing_needs_the_folder(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(Archive(data / "uza")):
        assert findings(data, capsys)["ids"]["missing"] == 2
        assert audit(data, "--fix") == 5
    told = capsys.readouterr()
    assert told.out == ""
    assert "another run holds it" in told.err


def test_fixing_queues_what_is_missing_once(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit(data, "--fix") == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "Queued: 2 missing ids, 1 that failed, 0 that were refused." in out
    assert "The next plain run of scrapy crawl fetches them." in out
    again = findings(data, capsys, "--fix")
    assert again["queued"] == {"ids": 0, "failed": 0, "refused": 0}
    assert (again["ids"]["missing"], again["ids"]["queued"]) == (2, 2)
    assert [(each["state"], each["articles"]) for each in again["unfetched"]] == [("pending", 3)]
    assert audit(data, "--fix") == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "Ids 10 to 14: 3 known, 2 missing, of these 2 queued" in out
    assert "Queued: 0 missing ids, 0 that failed, 0 that were refused; 2 ids were queued" in out


def test_the_calendar_is_drawn_of_the_chosen_days(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = data / "calendar.png"
    assert audit(data, "--png", str(picture), "--since", "2024-05-02") == 0
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("other",), "expected one agency; there are: "),
        (("--since", "May"), "--since May: expected a day such as 2024-05-31"),
        (("--editions", "xx"), "no edition 'xx' here; there are: en"),
        (("--png", "/nowhere/at/all.png"), "--png /nowhere/at/all.png: cannot be written"),
        (("--png", "/nowhere/all.png", "--until", "2020-01-01"), "nothing to draw"),
        (("--fix", "-s", "DATA_DIR=/nowhere"), "there is no archive; crawl first"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    data: Path, arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        execute(["scrapy", "audit", "uza", "-s", f"DATA_DIR={data}", *arguments])
    told = capsys.readouterr()
    assert (end.value.code, told.out) == (2, "")
    assert message in told.err
    assert told.err.count("\n") == 1


def test_help_has_examples(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit(data, "--help") == 0
    assert "scrapy audit AGENCY --fix && scrapy crawl AGENCY\n" in capsys.readouterr().out

"""``make demo`` tells in a screen or two what the project does."""

import re
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from replica import demo
from tests.commands import start


def run(command: list[str], *, check: bool) -> CompletedProcess[str]:
    """Run a command that writes where this process does."""
    assert not check
    with start(command, stdout=1, stderr=2) as process:
        return CompletedProcess(command, process.wait())


def test_the_demo_tells_a_story_that_is_true(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo, "DATA", tmp_path)
    monkeypatch.setattr(demo, "POSTS", 20)
    monkeypatch.setattr("replica.demo.subprocess.run", run)
    assert demo.main() == 0
    told = capfd.readouterr()
    assert [line for line in told.err.splitlines() if "the clock of this run" not in line] == []
    assert len(told.out.splitlines()) < 60
    assert re.findall(r"^(\d)\.", told.out, re.MULTILINE) == ["1", "2", "3", "4", "5"]
    (articles,) = re.findall(r"(\d+) articles in \d+ editions", told.out)
    assert int(articles) >= demo.POSTS
    assert "0 rows added" in told.out
    old, new = map(int, re.search(r"\[-\D*(\d+)-\]\{\+\D*(\d+)\+\}", told.out).groups())  # type: ignore[union-attr]
    assert new == old + 3
    assert '"version": 2' in told.out
    assert "All of its articles are made up." in told.out
    assert "it never asks uza.uz" in told.out
    assert "open http://127.0.0.1:8001/" in told.out

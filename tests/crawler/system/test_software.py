import subprocess
import tomllib
from pathlib import Path

import pytest

from crawler.system import software
from tests.commands import ROOT


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    run = subprocess.run(
        ["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return run.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "code.py").write_text("1\n")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "code.py")
    git(tmp_path, "commit", "--quiet", "--message", "Begin")
    return tmp_path


def test_the_commit_of_a_checkout_is_told_and_whether_its_code_was_changed(checkout: Path) -> None:
    head = git(checkout, "rev-parse", "HEAD")
    git(checkout, "tag", "--annotate", "--message", "One", "1.0")
    assert software.commit(checkout) == head
    (checkout / "code.py").write_text("2\n")
    assert software.commit(checkout) == f"{head}-dirty"


def test_a_checkout_around_the_code_tells_nothing_of_it(checkout: Path) -> None:
    (checkout / "inside").mkdir()
    assert software.commit(checkout / "inside") is None


def test_without_git_the_commit_is_unknown(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(checkout))
    assert software.commit(checkout) is None


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert (project["name"], project["version"]) == (software.NAME, software.VERSION)

"""The lock is whole, exact and in step with pyproject.toml, and so is what pip installs of it."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from uv import find_uv_bin

ROOT = Path(__file__).parents[1]
DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
NEEDED = {Requirement(line).name for line in DECLARED["project"]["dependencies"]}
TOOLS = {Requirement(line).name for line in DECLARED["dependency-groups"]["dev"]}
LISTS = (
    "requirements.txt",
    "tests/requirements-pywb.txt",
    "tests/requirements-moto.txt",
    "tests/requirements-validators.txt",
    "benchmarks/requirements-peers.txt",
    "benchmarks/requirements-fundus.txt",
)


def uv(*words: str) -> str:
    """Run uv without a network; return what it prints."""
    command = [find_uv_bin(), *words, "--offline", "--quiet"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"run make lock: {done.stderr}"
    return done.stdout


def listed(text: str) -> dict[Requirement, int]:
    """Return the releases that a list for pip names, and how many hashes each has."""
    entries = re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", "").splitlines()
    return {
        Requirement(entry.partition(" --hash=")[0]): entry.count("--hash=sha256:")
        for entry in entries
    }


def test_all_files_come_from_the_public_index_and_have_a_hash() -> None:
    locked = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]
    releases = [release for release in locked if "registry" in release["source"]]
    files = [one for each in releases for one in [*each.get("wheels", ()), each.get("sdist")]]
    assert len(releases) == len(locked) - 1, "all but the project itself"
    assert {release["source"]["registry"] for release in releases} == {"https://pypi.org/simple"}
    assert {one["url"].split("/")[2] for one in files if one} == {"files.pythonhosted.org"}
    assert all(one["hash"].startswith("sha256:") for one in files if one)


def test_the_lock_is_in_step_with_what_is_declared() -> None:
    uv("lock", "--check")


def test_pip_installs_what_is_locked() -> None:
    assert listed((ROOT / "requirements.txt").read_text("utf-8")) == listed(
        uv("export", "--frozen")
    )


@pytest.mark.parametrize("name", LISTS)
def test_every_release_is_pinned_exactly_with_the_hashes_of_its_files(name: str) -> None:
    releases = listed((ROOT / name).read_text("utf-8"))
    assert releases
    assert all(releases.values())
    for release in releases:
        assert [specifier.operator for specifier in release.specifier] == ["=="], f"{release}"
        assert release.url is None


def test_what_checks_the_project_is_not_installed_with_it() -> None:
    assert {"pytest", "mypy", "ruff", "hypothesis", "import-linter"} <= TOOLS
    assert not TOOLS & NEEDED

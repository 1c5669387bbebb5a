"""The lock is whole, exact and in step with pyproject.toml."""

import tomllib
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
NEEDED = [Requirement(line) for line in DECLARED["project"]["dependencies"]]
TOOLS = [Requirement(line) for line in DECLARED["dependency-groups"]["dev"]]
DIRECT = NEEDED + TOOLS


def pins(name: str) -> list[Requirement]:
    """Return the releases that a lock names."""
    lines = (ROOT / name).read_text("utf-8").splitlines()
    return [Requirement(line.partition("#")[0]) for line in lines if not line.startswith("#")]


LOCKED = pins("requirements.txt")
WITH_EXTRAS = {
    name: pins(f"requirements-{name}.txt") for name in ("notify", "data", "scrapyd", "unknown")
}
APART = [
    pins(name)
    for name in (
        "tests/requirements-pywb.txt",
        "benchmarks/requirements-peers.txt",
        "benchmarks/requirements-fundus.txt",
    )
]


def test_every_release_is_pinned_exactly_and_from_no_named_place() -> None:
    assert LOCKED
    for pin in chain(LOCKED, *APART, *WITH_EXTRAS.values()):
        assert [specifier.operator for specifier in pin.specifier] == ["=="], f"{pin}"
        assert pin.url is None


@pytest.mark.parametrize("wanted", DIRECT, ids=lambda wanted: wanted.name)
def test_direct_dependency_is_locked_within_its_bounds(wanted: Requirement) -> None:
    found = [pin for pin in LOCKED if pin.name == wanted.name]
    assert len(found) == 1, "run make lock"
    (exactly,) = found[0].specifier
    assert wanted.specifier.contains(exactly.version), "run make lock"


@pytest.mark.parametrize("extra", WITH_EXTRAS)
def test_a_lock_with_an_extra_has_the_same_releases_and_more(extra: str) -> None:
    both = [{(pin.name, pin.specifier) for pin in pins} for pins in (LOCKED, WITH_EXTRAS[extra])]
    assert both[0] < both[1]


@pytest.mark.parametrize("name", ["scrapy", "itemadapter", "python-dateutil", "pytest"])
def test_core_dependency_is_a_direct_one(name: str) -> None:
    assert name in {wanted.name for wanted in DIRECT}


def test_what_checks_the_project_is_not_installed_with_it() -> None:
    tools = {wanted.name for wanted in TOOLS}
    assert {"pytest", "mypy", "ruff", "hypothesis", "import-linter"} <= tools
    assert not tools & {wanted.name for wanted in NEEDED}

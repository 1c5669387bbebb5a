"""The lock is whole, exact and in step with pyproject.toml."""

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
DIRECT = [
    Requirement(line)
    for line in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
        "dependencies"
    ]
]
LOCKED = [
    Requirement(line.partition("#")[0])
    for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


def test_every_release_is_pinned_exactly_and_from_no_named_place() -> None:
    assert LOCKED
    for pin in LOCKED:
        assert [specifier.operator for specifier in pin.specifier] == ["=="], f"{pin}"
        assert pin.url is None


@pytest.mark.parametrize("wanted", DIRECT, ids=lambda wanted: wanted.name)
def test_direct_dependency_is_locked_within_its_bounds(wanted: Requirement) -> None:
    pins = [pin for pin in LOCKED if pin.name == wanted.name]
    assert len(pins) == 1, "run make lock"
    (exactly,) = pins[0].specifier
    assert wanted.specifier.contains(exactly.version), "run make lock"


@pytest.mark.parametrize("name", ["scrapy", "itemadapter", "python-dateutil", "pytest"])
def test_core_dependency_is_a_direct_one(name: str) -> None:
    assert name in {wanted.name for wanted in DIRECT}

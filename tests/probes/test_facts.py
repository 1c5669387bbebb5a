"""What stands in a fact is true of the code: the constant to change is where it is said to be."""

import ast
from functools import reduce
from importlib import import_module
from pathlib import Path

import pytest

from crawler.probe.finding import Fact

ROOT = Path(__file__).parents[2]
MODULES = sorted(path.stem for path in (ROOT / "probes").glob("*_*.py") if path.stem != "__init__")


def _facts() -> list[Fact]:
    values = [value for name in MODULES for value in vars(import_module(f"probes.{name}")).values()]
    tables = [value for value in values if isinstance(value, dict)]
    values += [value for table in tables for value in table.values()]
    return list(dict.fromkeys(value for value in values if isinstance(value, Fact)))


FACTS = _facts()


def _defined(path: Path) -> set[str]:
    """Return the names that a file itself defines at its top."""
    names = set[str]()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names.update(target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return names


def test_facts_have_names_of_their_own() -> None:
    names = [fact.name for fact in FACTS]
    assert len(names) > 40
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("change", sorted({fact.change for fact in FACTS if fact.change}))
def test_constant_to_change_is_where_the_fact_says(change: str) -> None:
    constant, _, file = change.partition(" in ")
    first, *rest = constant.split(".")
    assert first in _defined(ROOT / file)
    module = import_module(file.removesuffix(".py").replace("/", "."))
    reduce(getattr, rest, getattr(module, first))

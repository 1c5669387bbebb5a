"""What a probe says to change is where it is said to be, for every agency and layout."""

import ast
from functools import cache, reduce
from importlib import import_module
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.extract.page import ArticlePage
from crawler.probe.articles import NEEDED, constant, selectors
from probes import uza

ROOT = Path(__file__).parents[2]
AGENCIES = sorted(path.stem for path in (ROOT / "spiders").glob("[!_]*.py"))
LAYOUTS: list[type[ArticlePage]] = [
    layout for name in AGENCIES for layout in import_module(f"pages.{name}").LAYOUTS
]
OF_LAYOUTS = {constant(layout, name) for layout in LAYOUTS for name in selectors(layout)}
OF_AGENCIES = {
    f"{rules} in pages/{name}.py"
    for name in AGENCIES
    for rules in ("RULES.address", "RULES.timestamp", "RULES.editions", "LAYOUTS")
}


OF_UZA = {fact.change for fact in uza.FACTS if fact.change}
CHANGES = sorted(OF_LAYOUTS | OF_AGENCIES | OF_UZA)


@cache
def _defined(path: Path) -> set[str]:
    """Return the names that a file defines at its top."""
    names = set[str]()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names.update(target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
        elif isinstance(node, ast.ImportFrom) and path.name == "uza.py":
            names.update(alias.name for alias in node.names)  # its rules fill a file of their own
    return names


def test_facts_have_names_of_their_own() -> None:
    names = [fact.name for fact in uza.FACTS]
    assert len(set(names)) == len(names)


def test_constant_to_change_is_where_the_fact_says(subtests: pytest.Subtests) -> None:
    for change in CHANGES:
        with subtests.test(change):
            constant, _, file = change.partition(" in ")
            first, *rest = constant.split(".")
            assert first in _defined(ROOT / file)
            module = import_module(file.removesuffix(".py").replace("/", "."))
            reduce(getattr, rest, getattr(module, first))


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda kind: kind.__name__)
def test_every_selector_of_a_layout_can_be_looked_for(layout: type[ArticlePage]) -> None:
    tree = LexborHTMLParser("<p>a</p>")
    for selected in selectors(layout).values():
        assert tree.css(selected) == []


def test_layouts_that_select_a_text_are_checked_for_it() -> None:
    checked = {layout for layout in LAYOUTS if selectors(layout).keys() & set(NEEDED)}
    assert len(checked) > len(LAYOUTS) / 2

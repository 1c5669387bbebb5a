"""The rules of the house that a machine can keep."""

import ast
import json
import re
from importlib import import_module
from pathlib import Path

import pytest
from scrapy import Spider

ROOT = Path(__file__).parents[1]
FOLDERS = ("crawler", "spiders", "pages", "pipelines", "probes", "replica", "tests", "benchmarks")
SOURCES = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
STEPS = sorted((ROOT / "crawler" / "store" / "migrations").glob("*.sql"))
AGENCIES = [
    path.stem for path in sorted((ROOT / "spiders").glob("*.py")) if path.stem != "__init__"
]
LONGEST_FILE = 400  # lines; whoever needs more has two jobs in one file
MOST_FLAT_MODULES = 12  # in crawler/; what is more belongs into a package
# What asks the machine for the time, in Python or in SQL.
ASKS_THE_TIME = re.compile(
    r"\b(?:datetime|date)\.(?:now|utcnow|today)\b|\btime\.(?:time|time_ns|gmtime|localtime|ctime)\("
    r"|'now'|\bCURRENT_(?:DATE|TIME|TIMESTAMP)\b|(?<![\w.])(?:date|datetime|unixepoch|julianday)\(\)"
)
CLOCKS = {
    "crawler/system/clock.py",
    "crawler/store/migrations/02-revisits-deletions-runs.sql",  # old steps are never changed
    "tests/days.py",
    "tests/test_architecture.py",
}
# What sets the state of an article in the ledger, in SQL.
SETS_THE_STATE = re.compile(r"UPDATE article SET[^;]*?\bstate = |INTO article \([^)]*\bstate\b")
STATES = ["crawler/store/states.py"]
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _lines_with(pattern: re.Pattern[str], *folders: str) -> list[str]:
    return [
        f"{_name(path)}:{number}: {line.strip()}"
        for path in (*SOURCES, *STEPS)
        if path.relative_to(ROOT).parts[0] in folders
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def _spider_classes(agency: str) -> list[type[Spider]]:
    module = import_module(f"spiders.{agency}")
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Spider)
        and value.__module__ == module.__name__
    ]


def test_there_is_a_spider() -> None:
    assert AGENCIES


@pytest.mark.parametrize("agency", AGENCIES)
def test_module_spider_and_class_have_one_name(agency: str) -> None:
    stem = "".join(word.capitalize() for word in agency.split("_"))
    named = [(spider.name, spider.__name__) for spider in _spider_classes(agency)]
    assert named == [(agency, f"{stem}Spider")]


@pytest.mark.parametrize("agency", AGENCIES)
def test_rules_are_named_for_their_agency(agency: str) -> None:
    assert import_module(f"pages.{agency}").RULES.name == agency


def test_no_spider_defines_start_requests() -> None:
    defining = _lines_with(re.compile(r"^\s*(?:async )?def start_requests\b"), *FOLDERS)
    assert not defining, "Scrapy 2.19 never calls it and says nothing; define start()"


def test_imports_are_absolute() -> None:
    assert not _lines_with(re.compile(r"^\s*from\s*\.[\w.]*\s+import\b"), *FOLDERS)


@pytest.mark.parametrize("agency", AGENCIES)
def test_engine_knows_no_agency(agency: str) -> None:
    word = re.compile(rf"(?<![a-z])(?i:{agency})(?![a-z])")
    found = _lines_with(word, "crawler", "pipelines")
    assert not found, "\n".join(["take it from the agency's rules:", *found])


@pytest.mark.parametrize("agency", AGENCIES)
def test_every_layout_has_a_saved_page(agency: str) -> None:
    layouts = {page.layout for page in import_module(f"pages.{agency}").LAYOUTS}
    saved = {
        json.loads(path.read_text("utf-8"))["extractor"]["layout"]
        for path in (ROOT / "tests" / "pages" / agency).glob("*/article.json")
    }
    assert layouts
    assert saved == layouts


def test_files_are_short_enough_to_have_one_job() -> None:
    lengths = {_name(path): len(path.read_text("utf-8").splitlines()) for path in SOURCES}
    long = {name for name, length in lengths.items() if length >= LONGEST_FILE}
    assert not long


def test_only_the_clock_asks_for_the_time() -> None:
    found = _lines_with(ASKS_THE_TIME, *(set(FOLDERS) - {"benchmarks"}))
    assert not [line for line in found if line.partition(":")[0] not in CLOCKS]


@pytest.mark.parametrize(
    "line",
    [
        "datetime.now(UTC)",
        "date.today()",
        "time.time()",
        "UPDATE article SET due = strftime('%s', 'now')",
        "found_at TEXT DEFAULT CURRENT_TIMESTAMP",
        "SELECT unixepoch()",
    ],
)
def test_a_question_for_the_time_is_known_as_one(line: str) -> None:
    assert ASKS_THE_TIME.search(line)


def _texts(path: Path) -> list[str]:
    """Return the texts in a file that writes SQL, as Python joins those that stand side by side."""
    source = path.read_text("utf-8")
    nodes = ast.walk(ast.parse(source)) if re.search("UPDATE|INTO", source) else ()
    return [
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def test_one_class_owns_the_state_of_an_article() -> None:
    code = [path for path in SOURCES if path.relative_to(ROOT).parts[0] in ("crawler", "pipelines")]
    setting = [_name(path) for path in code if any(map(SETS_THE_STATE.search, _texts(path)))]
    assert setting == STATES


def test_nothing_is_left_for_later() -> None:
    assert not _lines_with(UNFINISHED, *FOLDERS)


def test_few_modules_lie_outside_of_a_package() -> None:
    flat = [path.name for path in (ROOT / "crawler").glob("*.py")]
    assert len(flat) <= MOST_FLAT_MODULES


def test_tests_mirror_the_packages() -> None:
    packages, tests = (
        {path.name for path in folder.iterdir() if any(path.glob("*.py"))}
        for folder in (ROOT / "crawler", ROOT / "tests" / "crawler")
    )
    assert tests <= packages

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.reading_code import code_files, reading_code

ROOT = Path(__file__).parents[2]
AGENCIES = sorted(path.stem for path in ROOT.glob("spiders/[!_]*.py"))


def imported(file: Path) -> Iterator[Path]:
    """Yield the files of ours that a file imports."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found = ROOT / (node.module.replace(".", "/") + ".py")
            if found.exists():
                yield found


def closure(files: list[Path]) -> set[Path]:
    seen: set[Path] = set()
    while files:
        file = files.pop()
        if file not in seen:
            seen.add(file)
            files += imported(file)
    return seen


# They hold no reading: the digest itself, hints of a road, and names of refusals.
NO_READING = {"crawler/reading_code.py", "crawler/discovery/found.py", "crawler/unreadable.py"}


@pytest.mark.parametrize("agency", AGENCIES)
def test_digest_covers_all_code_that_reading_imports(agency: str) -> None:
    files = [Path(str(file)) for file in code_files(agency)]
    missing = {path.relative_to(ROOT).as_posix() for path in closure([*files]) - {*files}}
    assert missing <= NO_READING


def test_digest_leaves_out_code_that_stores() -> None:
    names = {path.name for path in code_files("uza")}
    assert not names & {"ledger.py", "spider.py", "write_journal.py", "compare_with_ledger.py"}


def test_digest_is_the_same_every_time() -> None:
    first = reading_code("uza")
    reading_code.cache_clear()
    assert reading_code("uza") == first
    assert len(first) == 16


def test_digest_is_another_for_another_agency() -> None:
    assert reading_code("uza") != reading_code("nobody")

import ast
import sys
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from pathlib import Path
from types import FrameType

import pytest
from scrapy.utils.project import get_project_settings

from crawler.crawl.normalisers import load_normalisers
from crawler.extract import version
from crawler.extract.article import read_article
from crawler.extract.memento import original_document, read_memento
from crawler.extract.saved_page import load_document
from crawler.extract.version import code_files, reading_code

ROOT = Path(__file__).parents[3]
PACKAGES = [ROOT / "crawler", ROOT / "pages", ROOT / "pipelines"]
AGENCIES = sorted(path.stem for path in ROOT.glob("spiders/[!_]*.py"))


@cache
def imported(file: Path) -> frozenset[Path]:
    """Return the files of ours that a file imports; a table imports none."""
    if file.suffix != ".py":
        return frozenset()
    names = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    found = (ROOT / (name.replace(".", "/") + ".py") for name in names)
    return frozenset(path for path in found if path.exists())


def names(files: Iterable[Path]) -> set[str]:
    return {path.relative_to(ROOT).as_posix() for path in files}


# They hold no reading: the digest itself, the run and its time, hints of a source, and names of
# refusals.
NO_READING = {
    "crawler/extract/version.py",
    "crawler/system/clock.py",
    "crawler/model/link.py",
    "crawler/crawl/spider.py",
    "crawler/extract/errors.py",
}


@pytest.mark.parametrize("agency", AGENCIES)
def test_digest_covers_all_code_that_reading_imports(agency: str) -> None:
    files = {Path(str(file)) for file in code_files(agency)}
    assert names(each for file in files for each in imported(file)) <= names(files) | NO_READING
    assert not names(files) & NO_READING


def files_that_read(case: Path) -> set[str]:
    """Read a saved page, and the address of its capture; return our files whose code ran."""
    document, pages = load_document(case), import_module(f"pages.{case.parent.name}")
    normalisers = load_normalisers(get_project_settings(), pages.RULES)
    ran: set[str] = set()

    def note(frame: FrameType, event: str, argument: object) -> None:
        ran.add(frame.f_code.co_filename)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        read_article(document, pages.LAYOUTS, normalisers)
        archived = read_memento(f"http://a.test/20240501000000/{document.url}", {})
        assert archived is not None
        original_document(archived, 200, {}, document.body)
    finally:
        sys.setprofile(before)
    ours = {Path(file) for file in ran if any(file.startswith(str(each)) for each in PACKAGES)}
    assert "crawler/extract/page.py" in names(ours)
    return names(ours)


@pytest.mark.parametrize("agency", AGENCIES)
def test_digest_covers_all_code_that_runs_while_a_page_is_read(agency: str) -> None:
    case = min((ROOT / "tests" / "pages" / agency).glob("*/article.json")).parent
    covered = names(Path(str(file)) for file in code_files(agency))
    assert files_that_read(case) - covered <= NO_READING


def test_a_page_runs_through_few_files() -> None:
    """Whoever follows a page from its bytes to its row opens these, and that of the capture."""
    files = files_that_read(ROOT / "tests" / "pages" / "uza" / "2024-05-01-en-reservoir")
    assert len(files - NO_READING - {"crawler/extract/memento.py"}) <= 20, sorted(files)


@pytest.mark.parametrize(
    "name",
    [
        "extract/article.py",
        "extract/memento.py",
        "extract/document.py",
        "text/language_profiles.toml",
    ],
)
def test_a_change_to_what_reads_changes_the_digest(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = reading_code("uza")
    original = ROOT / "crawler" / name
    changed = tmp_path / original.name
    source = original.read_text("utf-8")
    changed.write_text(f"{source}# changed\n", "utf-8")
    listed = [changed if Path(str(file)) == original else file for file in code_files("uza")]
    monkeypatch.setattr(version, "code_files", lambda agency: listed)
    reading_code.cache_clear()
    after = reading_code("uza")
    reading_code.cache_clear()
    assert after != before


def test_digest_leaves_out_code_that_stores() -> None:
    names = {path.name for path in code_files("uza")}
    assert not names & {"ledger.py", "spider.py", "recording.py"}


def test_digest_is_the_same_every_time() -> None:
    first = reading_code("uza")
    reading_code.cache_clear()
    assert reading_code("uza") == first
    assert len(first) == 16


def test_digest_is_another_for_another_agency() -> None:
    assert reading_code("uza") != reading_code("nobody")

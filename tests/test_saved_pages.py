"""Saved pages of all agencies against the articles that are expected to be read from them."""

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from scrapy.utils.project import get_project_settings

from crawler.crawl.normalisers import load_normalisers
from crawler.extract.saved_page import (
    RUN_FIELDS,
    expectation,
    load_document,
    load_expectation,
    save_expectation,
)
from crawler.model.article import Article

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "tests" / "pages"
CASES = sorted(folder.relative_to(PAGES).as_posix() for folder in PAGES.glob("*/*/"))
REFUSED = [case for case in CASES if (PAGES / case / "refused.json").exists()]
FIELDS = [name for name in Article.__dataclass_fields__ if name not in RUN_FIELDS]


@cache
def read(case: str) -> dict[str, Any]:
    agency = import_module(f"pages.{Path(case).parent}")
    normalisers = load_normalisers(get_project_settings(), agency.RULES)
    return expectation(load_document(PAGES / case), agency.LAYOUTS, normalisers)


@pytest.mark.parametrize("case", CASES)
def test_saved_page_has_a_reviewed_expectation(case: str) -> None:
    expected = load_expectation(PAGES / case)
    if expected is None:
        written = save_expectation(PAGES / case, read(case))
        pytest.fail(f"please review {written.relative_to(PAGES)}: it was just written")
    assert list(expected) in (FIELDS, ["reason"])


@pytest.mark.parametrize("case", sorted({*CASES} - {*REFUSED}))
def test_saved_page_yields_the_expected(case: str, subtests: pytest.Subtests) -> None:
    expected = load_expectation(PAGES / case)
    if expected is None:
        pytest.skip("there is no expectation yet; the test of it says so")
    found = read(case)
    for field in FIELDS:
        with subtests.test(field):
            assert found.get(field) == expected[field]


@pytest.mark.parametrize("case", REFUSED)
def test_saved_page_is_refused(case: str) -> None:
    assert read(case) == load_expectation(PAGES / case)


def test_there_are_enough_saved_pages() -> None:
    assert len(CASES) >= 32

"""Saved pages against the articles that are expected to be read from them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from scrapy.utils.project import get_project_settings

from crawler.items import Article
from crawler.page import read_page
from crawler.reading import load_steps
from crawler.saved_page import EXPECTED, RUN_FIELDS, expectation, load_document, write_json
from pages.uza import LAYOUTS, RULES

PAGES = Path(__file__).parent / "pages" / RULES.name
CASES = sorted(folder.name for folder in PAGES.iterdir() if folder.is_dir())
FIELDS = [name for name in Article.__dataclass_fields__ if name not in RUN_FIELDS]
STEPS = load_steps(get_project_settings(), RULES)
REFUSED = "refused"


@cache
def expected(case: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((PAGES / case / EXPECTED).read_text("utf-8"))
    return loaded


@cache
def read(case: str) -> dict[str, Any]:
    return expectation(load_document(PAGES / case), LAYOUTS, STEPS)


@pytest.mark.parametrize("case", CASES)
def test_saved_page_has_a_reviewed_expectation(case: str) -> None:
    path = PAGES / case / EXPECTED
    if not path.exists():
        write_json(path, read(case))
        pytest.fail(f"please review {path.relative_to(PAGES)}: it was just written")
    assert set(expected(case)) in ({*FIELDS}, {REFUSED})


@pytest.mark.parametrize("field", [*FIELDS, REFUSED])
@pytest.mark.parametrize("case", CASES)
def test_saved_page_yields_the_expected(case: str, field: str) -> None:
    if not (PAGES / case / EXPECTED).exists():
        pytest.skip("there is no expectation yet; the test of it says so")
    assert read(case).get(field) == expected(case).get(field)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layout_has_a_saved_page(layout: type) -> None:
    documents = [load_document(PAGES / case) for case in CASES if REFUSED not in expected(case)]
    assert layout in {type(read_page(document, LAYOUTS)) for document in documents}


def test_there_are_enough_saved_pages() -> None:
    assert len(CASES) >= 32

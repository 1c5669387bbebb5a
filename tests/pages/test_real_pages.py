"""Real saved pages, which lie outside the project, against what is known to be true of them."""

import pytest

from benchmarks.real_pages import AGENCIES, PAGES, RealPage, judge, real_pages

pytestmark = pytest.mark.skipif(
    not PAGES.is_dir(),
    reason=f"no real pages at {PAGES}; they belong to their publishers and are no part of this",
)
REAL = list(real_pages())
# Every sentence of the article is there, too, which the truth leaves out: who else reported.
LEAST_F1 = 0.98


@pytest.mark.parametrize("page", REAL, ids=lambda page: page.name)
def test_a_real_page_is_read_as_it_is(page: RealPage) -> None:
    row = page.read()
    verdict = judge(page, row)
    assert verdict.title is not False, (page.known("title"), row["title"])
    assert verdict.time is not False, (page.known("published"), row["published"])
    assert verdict.authors is not False, (page.known("authors"), row["authors"])
    assert verdict.body is None or verdict.body >= LEAST_F1
    assert not verdict.wrong


def test_there_is_a_real_page_of_every_agency_but_the_first() -> None:
    assert {page.agency for page in REAL} == set(AGENCIES) - {"uza"}

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import crawler
from crawler.errors import UsageError
from crawler.extract.agencies import agency_names
from crawler.extract.errors import UnreadablePage
from crawler.extract.saved_page import expected_fields, load_document, load_expectation
from crawler.model.identity import NotAnArticle

ROOT = Path(__file__).parents[3]
PAGES = ROOT / "tests" / "pages"
CASES = sorted(folder.relative_to(PAGES).as_posix() for folder in PAGES.glob("*/*/"))
RESERVOIR = PAGES / "uza" / "2024-05-01-en-reservoir"


def extracted(case: str) -> dict[str, Any]:
    """Return what the library reads from a saved page, without what a run gives."""
    document = load_document(PAGES / case)
    agency = case.partition("/")[0]
    try:
        article = crawler.extract(
            document.body, url=document.url, headers=document.headers, agency=agency
        )
    except (crawler.UnreadablePage, crawler.NotAnArticle, crawler.InvalidArticle) as error:
        return {"reason": getattr(error, "reason", "")}
    return expected_fields(article)


@pytest.mark.parametrize("case", CASES)
def test_every_saved_page_is_read_as_expected(case: str) -> None:
    assert extracted(case) == load_expectation(PAGES / case)


def test_the_index_has_every_agency_with_a_spider() -> None:
    assert agency_names() == sorted(path.stem for path in ROOT.glob("spiders/[!_]*.py"))


def test_an_unknown_agency_is_told_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"^no agency 'uzaa'; there are: anadolu, .*, uza, "):
        crawler.extract(b"", url="https://uza.uz/posts/a-dam_12", agency="uzaa")


def test_a_part_of_an_agency_is_no_agency() -> None:
    with pytest.raises(UsageError, match="no agency 'uza_rules'"):
        crawler.extract(b"", url="https://uza.uz/posts/a-dam_12", agency="uza_rules")


def test_each_kind_of_page_that_is_no_article_has_its_error() -> None:
    document = load_document(RESERVOIR)
    with pytest.raises(NotAnArticle, match="home page"):
        crawler.extract(document.body, url="https://uza.uz/en", agency="uza")
    with pytest.raises(UnreadablePage, match=r"https://uza\.uz/posts/a-dam_12"):
        crawler.extract(b"<p>Hello", url="https://uza.uz/posts/a-dam_12", agency="uza")
    page = b"<div class=content-block><p>The dam was closed.</p></div>"
    with pytest.raises(crawler.InvalidArticle, match=r"^title '': .*a-dam_12"):
        crawler.extract(page, url="https://uza.uz/posts/a-dam_12", agency="uza")


def test_text_instead_of_bytes_is_told() -> None:
    text: Any = "<p>Hello"
    with pytest.raises(TypeError, match="body: expected the bytes as received, not str"):
        crawler.extract(text, url="https://uza.uz/posts/a-dam_12", agency="uza")


def test_names_of_headers_may_be_written_in_any_way() -> None:
    document = load_document(RESERVOIR)
    loud = {name.upper(): value for name, value in document.headers.items()}
    read = [
        crawler.extract(document.body, url=document.url, headers=headers, agency="uza")
        for headers in (document.headers, loud)
    ]
    assert read[0] == replace(read[1])


def test_a_page_is_read_anywhere_and_without_scrapy(tmp_path: Path) -> None:
    document = load_document(RESERVOIR)
    (tmp_path / "page.html").write_bytes(document.body)
    program = (
        f"import json, sys; sys.path.insert(0, {str(ROOT)!r}); import crawler; "
        "body = open('page.html', 'rb').read(); "
        f"article = crawler.extract(body, url={document.url!r}, agency='uza'); "
        "foreign = sorted({'scrapy', 'twisted'} & {*sys.modules}); "
        "print(json.dumps([article.id, article.title, foreign]))"
    )
    command = [sys.executable, "-I", "-c", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    expected = load_expectation(RESERVOIR)
    assert expected is not None
    assert json.loads(done.stdout) == [expected["id"], expected["title"], []]


def test_the_function_stays_whatever_of_the_package_is_imported() -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); "
        "from crawler.extract.page import Document; import crawler; "
        "import crawler.extract.news_page; assert callable(crawler.extract); "
        "from crawler.extract.generic import SemanticPage"
    )
    subprocess.run([sys.executable, "-I", "-c", program], check=True)

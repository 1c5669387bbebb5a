"""Headings, lists, quotations and links of a text, found again in its page."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.document import Document, readable
from crawler.extract.html import paragraphs
from crawler.extract.saved_page import load_document, load_expectation
from crawler.extract.structure import Structure, read_structure
from tests.commands import ROOT

PAGES = ROOT / "tests" / "pages"
ARTICLES = sorted(
    path.parent.relative_to(PAGES).as_posix() for path in PAGES.glob("*/*/article.json")
)
URL = "https://news.example/a/1"
BODY = """\
The bridge opens in May, said the city’s council.

What changes

Two roads close:

- the old one
- the new one

“We waited,” the mayor said.

See the plan. The plan is long."""
BODY = BODY.replace("- ", "")
HTML = """\
<nav><ul><li>What changes</li><li><a href="/">Two roads close</a></li></ul></nav>
<div id="text">
<h3>The bridge opens in May, said the city's council.</h3>
<h2>What  changes</h2>
<p>Two roads close:</p>
<ul><li><a href="old.html">the old one</a></li><li>the <b>new</b> one</li></ul>
<blockquote><p>"We waited," the <a href="#mayor">mayor</a> said.</p></blockquote>
<p>See the plan. The <a href="https://city.example/plan">pl<i>an</i></a> is <a
href="mailto:a@b">long</a>. By A. B.</p>
</div>
<script>"What changes"</script>"""
LEAD = "The bridge opens in May, said the city’s council."


def read(html: str, body: str, summary: str | None = None, kind: str = "text/html") -> Structure:
    page = f"<html><body>{html}</body></html>" if kind == "text/html" else html
    document = Document(URL, 200, {"content-type": f"{kind}; charset=utf-8"}, page.encode())
    return read_structure(body, summary, document)


def told(body: str, found: Structure) -> list[tuple[str, int | None, str]]:
    return [(each.kind, each.level, body[each.start : each.end]) for each in found.blocks]


def test_each_block_has_its_kind_and_each_link_its_place() -> None:
    found = read(HTML, BODY, LEAD)
    assert told(BODY, found) == [
        ("paragraph", None, LEAD),
        ("heading", 2, "What changes"),
        ("paragraph", None, "Two roads close:"),
        ("list_item", None, "the old one"),
        ("list_item", None, "the new one"),
        ("quote", None, "“We waited,” the mayor said."),
        ("paragraph", None, "See the plan. The plan is long."),
    ]
    links = [(BODY[each.start : each.end], each.url) for each in found.links]
    assert links == [
        ("the old one", "https://news.example/a/old.html"),
        ("plan", "https://city.example/plan"),
    ]
    assert BODY[: found.links[1].start].endswith("The ")  # not the one before


def test_the_html_in_an_api_answer_is_read_too() -> None:
    answer = json.dumps({"data": [{"id": 7, "content": HTML}]})
    assert read(answer, BODY, LEAD, "application/json") == read(HTML, BODY, LEAD)


def test_a_text_that_the_page_does_not_have_is_paragraphs() -> None:
    found = read("<p>Another text.</p>", BODY)
    assert {each.kind for each in found.blocks} == {"paragraph"}
    assert not found.links
    assert read(HTML, "") == Structure([], [])


def test_a_line_that_stands_there_twice_has_both_kinds() -> None:
    body = "Goal\n\nIt was late in the second half of the match.\n\nGoal"
    found = read(
        "<p>Goal</p><p>It was late in the second half of the match.</p><h2>Goal</h2>", body
    )
    assert [each.kind for each in found.blocks] == ["paragraph", "paragraph", "heading"]


def check(body: str, found: Structure) -> None:
    """Check that the blocks are the body, and the links lie in it, in order."""
    places = [(each.start, each.end) for each in found.blocks]
    ends = [0, *(end for _, end in places)]
    assert all(begin < end for begin, end in places)
    between = [body[end:begin] for end, (begin, _) in zip(ends, places, strict=False)]
    assert not between or between[0] == ""
    assert set(between[1:]) <= {"\n\n", "\n"}
    assert ends[-1] == len(body)
    assert [link.start for link in found.links] == sorted(link.start for link in found.links)
    for link in found.links:
        assert 0 <= link.start < link.end <= len(body)


@pytest.mark.parametrize("case", ARTICLES)
def test_the_blocks_of_every_saved_page_are_its_body(case: str) -> None:
    expected = load_expectation(PAGES / Path(case))
    assert expected
    document = readable(load_document(PAGES / Path(case)))
    check(expected["body"], read_structure(expected["body"], expected["summary"], document))


_TAGS = st.sampled_from(["p", "h2", "li", "blockquote", "div", "a href='x'", "b", "br"])
_HTML = st.lists(st.tuples(_TAGS, st.text("aB1 İß’.-\n", max_size=8)), max_size=12)


@given(_HTML, st.text("aB1 İß’.\n", max_size=30))
def test_any_page_and_any_text_give_blocks_that_are_the_text(
    pieces: list[tuple[str, str]], other: str
) -> None:
    html = "".join(f"<{tag}>{text}</{tag.split()[0]}>" for tag, text in pieces)
    tree = Document(URL, 200, {}, f"<body>{html}</body>".encode()).root
    for body in ("\n\n".join(paragraphs(tree)), "\n\n".join(other.split())):
        check(body, read(html, body))

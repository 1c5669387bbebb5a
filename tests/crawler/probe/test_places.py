import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.extract.html import selector
from crawler.probe.articles import first_picture, place_of, place_where

PAGE = """
<body><header class="top"><a class="menu">Culture</a></header>
<div class="story"><div class="story__section"><a>Culture</a></div>
<div class="story__headline big"><span>A garden opens</span></div>
<div class="story__when">20 November 2026, 11:18</div>
<div class="story__text"><p>One paragraph of many words.</p><p>Another one of as many.</p></div>
<div class="teasers"><p>Short.</p></div></div></body>
"""


@pytest.fixture
def root() -> LexborNode:
    body = LexborHTMLParser(PAGE).body
    assert body is not None
    return body


def named(node: LexborNode | None) -> str | None:
    return selector(node) if node else None


def test_place_is_the_innermost_element_with_a_class(root: LexborNode) -> None:
    assert named(place_of(root, "A garden opens")) == "div.story__headline"


def test_menu_is_passed_over(root: LexborNode) -> None:
    assert named(place_of(root, "Culture")) == "div.story__section"


def test_words_that_stand_nowhere_have_no_place(root: LexborNode) -> None:
    assert place_of(root, "A garden") is None


def test_line_is_found_by_what_it_contains(root: LexborNode) -> None:
    assert named(place_where(root, lambda line: "11:18" in line and len(line) < 80)) == (
        "div.story__when"
    )


def test_first_picture_is_none_of_the_menu() -> None:
    body = LexborHTMLParser('<nav><img src="a"></nav><img class="photo" src="b">').body
    assert body is not None
    assert named(first_picture(body)) == "img.photo"

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.html import absolute, parse_fragment, pictures, videos
from crawler.model.article import Image

BASE = "https://agency.example/en/posts/a-story_1"
SIZE = re.compile(r"_(?:small|normal)(?=\.\w+$)")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://cdn.example/a.jpg", "https://cdn.example/a.jpg"),
        ("//cdn.example/a.jpg", "https://cdn.example/a.jpg"),
        ("/a.jpg", "https://agency.example/a.jpg"),
        ("a.jpg", "https://agency.example/en/posts/a.jpg"),
        (" /a b.jpg\n", "https://agency.example/a%20b.jpg"),
        ("data:image/gif;base64,R0lGOD", None),
        ("javascript:alert(1)", None),
        ("mailto:a@b.example", None),
        ("http://[broken/a.jpg", None),
        ("https://", None),
        ("", None),
        (None, None),
    ],
)
def test_address_is_made_absolute_or_is_none(address: str | None, expected: str | None) -> None:
    assert absolute(address, BASE) == expected


@given(st.text())
def test_any_address_is_one_of_the_web_or_none(address: str) -> None:
    found = absolute(address, BASE)
    assert found is None or re.fullmatch(r"https?://\S+", found, re.IGNORECASE)


def images(html: str) -> list[Image]:
    return pictures(parse_fragment(html).css("img"), BASE, SIZE)


def test_picture_has_its_largest_size_and_the_caption_of_its_figure() -> None:
    html = (
        "<figure class=image><a href=/x><img src=/2024/a_small.jpg></a>"
        "<figcaption>The <b>old</b>\n bridge</figcaption></figure>"
    )
    assert images(html) == [Image("https://agency.example/2024/a.jpg", "The old bridge")]


def test_picture_shown_twice_is_one_with_whichever_caption_there_is() -> None:
    html = "<img src=/a_small.jpg><figure><img src=/a.jpg><figcaption>Words</figcaption></figure>"
    assert images(html) == [Image("https://agency.example/a.jpg", "Words")]


def test_picture_outside_a_figure_has_no_caption() -> None:
    assert images("<p><img src=/a.jpg></p><figcaption>stray</figcaption>")[0].caption is None


def test_picture_loaded_late_is_found() -> None:
    html = '<img src="data:image/gif;base64,AA" data-src="/late.jpg">'
    assert [image.url for image in images(html)] == ["https://agency.example/late.jpg"]


def test_picture_without_a_web_address_is_none() -> None:
    assert images("<img><img src=''><img src='data:x'><img src='javascript:1'>") == []


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<iframe src="https://v.example/1"></iframe>', ["https://v.example/1"]),
        ('<iframe data-src="//v.example/1"></iframe>', ["https://v.example/1"]),
        ('<video src="/v/1.mp4"></video>', ["https://agency.example/v/1.mp4"]),
        ('<video><source src="/v/1.mp4"></video>', ["https://agency.example/v/1.mp4"]),
        ('<oembed url="https://v.example/1"></oembed>', ["https://v.example/1"]),
        (
            "<pre><code>&lt;iframe src='https://v.example/1?a&amp;amp;b'&gt;</code></pre>",
            ["https://v.example/1?a&b"],
        ),
        (
            "<pre><code>&lt;iframe src='//v.example/1'&gt;</code></pre>"
            "<iframe src='//v.example/2'></iframe><iframe src='//v.example/1'></iframe>",
            ["https://v.example/1", "https://v.example/2"],
        ),
        ("<pre><code>&lt;iframe src='javascript:x'&gt;</code></pre>", []),
        ("<pre><code>https://v.example/1</code></pre>", []),
        ("<iframe></iframe><iframe src='about:blank'></iframe>", []),
    ],
)
def test_players_are_found_each_once(html: str, expected: list[str]) -> None:
    assert [video.url for video in videos(parse_fragment(html), BASE)] == expected

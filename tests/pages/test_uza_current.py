"""Where the text of a page of the current site stands."""

import pytest

from tests.pages.uza_markup import SENTENCE, current, page_of

ELSEWHERE = "<div class='content-block'><p>Another post.</p></div>"


@pytest.mark.parametrize(
    "between",
    [
        "",
        "<div class='banner'>Subscribe</div>",
        f"<aside>{ELSEWHERE}</aside>",
        f"<div class='last-news-list'><div>{ELSEWHERE}</div></div>",
    ],
)
def test_text_goes_on_in_a_second_content_block(between: str) -> None:
    second = (
        "<div class='content-block'><p>It is large.<img src=/b.jpg></p><p>N. Name, UzA</p></div>"
    )
    page = page_of(f"{current(f'<h4>{SENTENCE}</h4><p>One.</p>')}{between}{second}")
    assert page.body.split("\n\n") == [SENTENCE, "One.", "It is large.", "N. Name, UzA"]
    assert [image.url for image in page.images] == ["https://uza.uz/b.jpg"]


def test_content_block_within_another_is_read_once() -> None:
    page = page_of(current(f"<p>One.</p>{current('<p>Two.</p>', '')}<p>Three.</p>"))
    assert page.body.split("\n\n") == ["One.", "Two.", "Three."]


def test_content_block_below_another_title_is_another_post() -> None:
    head = "<div class=news-top-head__title>A road is open</div>"
    assert page_of(current(SENTENCE) + current("Another post.", head)).body == SENTENCE


def test_content_block_of_a_related_box_above_the_text_is_not_the_text() -> None:
    assert page_of(f"<aside>{ELSEWHERE}</aside>{current(SENTENCE)}").body == SENTENCE


def test_content_block_in_a_header_never_closed_is_the_text() -> None:
    assert page_of(f"<header>{current(SENTENCE)}").body == SENTENCE


def test_list_of_posts_within_the_content_is_no_text() -> None:
    box = "<div class='small-news-list'><a class=small-news__title href=/posts/b_2>A road</a></div>"
    assert page_of(current(f"<p>{SENTENCE}</p>{box}")).body == SENTENCE

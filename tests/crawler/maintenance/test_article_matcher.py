import json

import pytest

from crawler.maintenance.residual_copies import ArticleMatcher

TITLE = "Тошкентда “Иккинчи” кўприк очилди"
LATIN = "Oʻzbekistonda yangi bogʻ ochildi & gullar ekildi"
NUMBER = ArticleMatcher("uza:594021", texts=[TITLE, LATIN, "新的水库将灌溉田野和果园", "Short"])
SLUG = ArticleMatcher("uza:yangi-bog-24-01-2017")


@pytest.mark.parametrize(
    "text",
    [
        '<a href="/en/posts/some-slug_594021">',
        "<link>https://uza.uz/posts/some-slug_594021</link>",
        "https://uza.uz/posts/594021?m=y",
        '{"id":594021,"title":"x"}',
        '{"id": 594021, "title": "x"}',
        r'"url":"https:\/\/uza.uz\/posts\/x_594021"',
        "posts%2Fsome-slug_594021",
        "/news/594021-some-slug.html",
        "/news/some-slug-594021",
    ],
)
def test_an_article_is_recognised_by_its_number(text: str) -> None:
    assert NUMBER.names(text)


@pytest.mark.parametrize(
    "text",
    ["/posts/x_1594021", "/posts/x_5940210", "594021 visitors", "viewed"],
)
def test_the_same_digits_elsewhere_are_not_its_number(text: str) -> None:
    assert not NUMBER.shows(text)


@pytest.mark.parametrize(
    "text",
    ["/posts/yangi-bog-24-01-2017", '"slug":"yangi-bog-24-01-2017_77"', "?C=yangi-bog-24-01-2017&"],
)
def test_an_article_is_recognised_by_its_slug(text: str) -> None:
    assert SLUG.shows(text)


@pytest.mark.parametrize("text", ["/posts/ikki-yangi-bog-24-01-2017", "/yangi-bog-24-01-2017-b"])
def test_a_longer_slug_is_another_article_s(text: str) -> None:
    assert not SLUG.shows(text)


@pytest.mark.parametrize(
    "text",
    [
        f"<h2>{TITLE}</h2>",
        json.dumps({"title": TITLE}),
        "<title>Тошкентда &quot;Иккинчи&quot;\n кўприк&nbsp;очилди</title>",
        "&lt;b&gt;Тошкентда &amp;quot;Иккинчи&amp;quot; КЎПРИК очилди",
        "<p>O'zbekistonda yangi bog‘ ochildi &amp; gullar ekildi</p>",
        json.dumps(["新的水库将灌溉田野和果园"]),
        json.dumps([r"C:\\users \\u", TITLE]),
    ],
)
def test_an_article_is_recognised_by_its_text_however_it_is_written(text: str) -> None:
    assert NUMBER.shows(text)


def test_a_few_words_that_stand_everywhere_do_not_tell_of_it() -> None:
    assert not NUMBER.shows("<p>Short, and Тошкентда</p>")


@pytest.mark.parametrize(
    ("address", "listed"),
    [
        ("https://a.example/news/x_a12345", r"\/en\/news\/x_a12345\""),
        ("https://a.example/20240501/0f9a/c.html", "<a href='../20240501/0f9a/c.html'>"),
        ("https://a.example/%D0%B0/q%D0%B0-idUS12345", "/%D0%B0/q%D0%B0-idUS12345"),
    ],
)
def test_an_article_is_recognised_by_the_addresses_known_of_it(address: str, listed: str) -> None:
    key = next(key for key in ("12345", "0f9a", "US12345") if key in address)
    assert ArticleMatcher(f"a:{key}", [address]).names(listed)
    assert not ArticleMatcher("a:777", [address]).names(listed)


def test_a_number_of_few_digits_is_looked_for_in_known_addresses_alone() -> None:
    seven = ArticleMatcher("a:7", ["https://a.example/posts/x_7", "https://a.example/7"])
    assert seven.names('"/posts/x_7"')
    assert not seven.names("/posts/x_77 /posts/fox_7 /posts/y-7-z /7-z")

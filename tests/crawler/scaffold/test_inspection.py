import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.extract.document import Document
from crawler.extract.html import selector
from crawler.scaffold.inspect_page import address_pattern, inspect, zones

PAGE = """<!doctype html><html lang="ru-KZ"><head>
<link rel="alternate" type="application/rss+xml" href="/rss/all.xml">
<link rel="sitemap" href="/map.xml">
<meta property="og:title" content="Мельница">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Мельница",
"datePublished": "2024-05-01T10:00:00+05:00", "author": {"@type": "Person", "name": "Ана Кая"}}
</script></head><body><div><p>Коротко.</p></div><div class="story-text big"><p>Мельница
открылась снова, и первый хлеб был готов вечером.</p><p>Она новая.</p></div></body></html>"""


def test_a_page_tells_what_a_new_agency_is_written_from() -> None:
    document = Document(
        "https://news.example.kz/ru/2024/05/mill-123456.html", 200, {}, PAGE.encode()
    )
    found = inspect(document, "User-agent: *\nSitemap: https://news.example.kz/s.xml\n")
    assert (found.title, found.language, found.body) == ("Мельница", "ru", "div.story-text")
    assert found.feeds == ["https://news.example.kz/rss/all.xml"]
    assert found.sitemaps == ["https://news.example.kz/map.xml", "https://news.example.kz/s.xml"]
    assert found.date == "2024-05-01T10:00:00+05:00"
    assert list(found.authors) == ["Ана Кая"]
    assert "headline" in found.json_ld
    assert "Asia/Almaty" in found.zones


def test_a_page_that_tells_nothing_leaves_everything_open() -> None:
    found = inspect(Document("https://news.example/a", 200, {}, b"<p>A mill opened."))
    assert (found.date, found.feeds, found.sitemaps, found.zones) == (None, [], [], [])
    assert (found.json_ld, found.authors, found.language) == ([], [], "en")


@pytest.mark.parametrize(
    ("url", "others", "strangers"),
    [
        (
            "https://x.example/news/1234567/a-mill",
            ["/news/1234568/a-road", "/news/1234568", "/ru/news/234567"],
            ["/news", "/news/2024"],
        ),
        (
            "https://x.example/ru/2024/05/01/mill-123456.html",
            ["/ru/2024/05/02/a-road-123457.html"],
            ["/ru/2024/05/02/", "/about.html"],
        ),
        ("https://x.example/posts/a-mill", ["/posts/a-road"], ["/"]),
    ],
)
def test_addresses_like_one_are_told_from_others(
    url: str, others: list[str], strangers: list[str]
) -> None:
    pattern = re.compile(address_pattern(url)[0])
    for path in [url.removeprefix("https://x.example"), *others]:
        assert pattern.fullmatch(path), path
    for path in strangers:
        assert not pattern.fullmatch(path.rstrip("/")), path


def test_a_day_in_an_address_is_no_number_of_an_article() -> None:
    pattern, has_number = address_pattern("https://x.example/20240501/a-mill")
    assert not has_number
    assert "slug" in pattern


@pytest.mark.parametrize(
    ("url", "date", "zone"),
    [
        ("https://x.example.uz/a", None, "Asia/Tashkent"),
        ("https://x.example.jp/a", "2024-05-01T10:00:00+00:00", "Asia/Tokyo"),
        ("https://x.example.com/a", "2024-05-01T10:00:00+05:45", "Asia/Kathmandu"),
    ],
)
def test_zones_fit_the_country_or_the_offset(url: str, date: str | None, zone: str) -> None:
    assert zone in zones(url, date)


@pytest.mark.parametrize("date", [None, "2024-05-01T10:00", "2024-05-01T10:00Z", "soon +05:00"])
def test_no_zone_is_made_up(date: str | None) -> None:
    assert zones("https://x.example.com/a", date) == []


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ("<div itemprop='articleBody other'><p>", '[itemprop~="articleBody"]'),
        ("<div id=story class=x><p>", "div#story"),
        ("<div id=story-123 class=text><p>", "div.text"),
        ("<section class=story><div class='md:w-1'><p>", "section.story > div"),
        ("<div><p>", "div"),
    ],
)
def test_an_element_is_named_by_what_lasts(html: str, wanted: str) -> None:
    node = LexborHTMLParser(html).css_first("p")
    assert node is not None
    assert node.parent is not None
    assert selector(node.parent) == wanted

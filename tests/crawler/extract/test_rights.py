"""What a response says of its use is recorded as it stands, and nothing where nothing is said."""

import pytest

from crawler.extract.document import Document
from crawler.extract.memento import Memento, original_document
from crawler.extract.rights import is_reserved, rights_of
from crawler.model.article import RightsSignal

URL = "https://wire.example/posts/1"


def told(body: str = "<p>Text.", **headers: str) -> list[tuple[str, str, str]]:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    document = Document(URL, 200, {"content-type": "text/html"} | names, body.encode())
    return [(each.source, each.name, each.value) for each in rights_of(document)]


def test_headers_are_recorded_as_they_stand() -> None:
    assert told(
        tdm_reservation="1",
        tdm_policy="https://wire.example/tdm.json",
        x_robots_tag="noai, noarchive",
    ) == [
        ("header", "tdm-reservation", "1"),
        ("header", "tdm-policy", "https://wire.example/tdm.json"),
        ("header", "x-robots-tag", "noai, noarchive"),
    ]


def test_an_api_has_headers_alone() -> None:
    body = '{"html": "<meta name=robots content=noai>"}'
    assert told(body, tdm_reservation="0") == [("header", "tdm-reservation", "0")]


def test_metas_of_the_head_are_recorded_and_none_of_the_text() -> None:
    head = """<html><head><meta name="TDM-Reservation" content=" 1 ">
        <meta name="Robots" content="index, NoArchive">
        <meta name="robots" content="index, NoArchive">
        <meta name="GPTBot" content="noindex">
        <meta property="article:content_tier" content="locked">
        </head><body><meta name="robots" content="noai">"""
    assert told(head) == [
        ("meta", "tdm-reservation", "1"),
        ("meta", "robots", "index, NoArchive"),
        ("meta", "gptbot", "noindex"),
        ("meta", "article:content_tier", "locked"),
    ]


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="robots" content="index, follow, max-image-preview:large">',
        '<meta name="robots" content="">',
        '<meta name="robots">',
        '<meta name="tdm-reservation" content=" ">',
        '<meta name="description" content="noai">',
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "A"}</script>',
        "",
    ],
)
def test_what_says_nothing_of_the_use_is_no_signal(head: str) -> None:
    assert told(f"<html><head>{head}</head><body><h1>A</h1>", x_robots_tag="all") == []


@pytest.mark.parametrize(
    ("page", "value"),
    [
        ('{"@type": "NewsArticle", "headline": "A", "isAccessibleForFree": false}', "false"),
        ('{"@type": "NewsArticle", "headline": "A", "isAccessibleForFree": "True"}', "true"),
        ('{"@type": "NewsArticle", "headline": "A", "isAccessibleForFree": ["a"]}', None),
    ],
)
def test_the_data_of_the_article_say_whether_it_is_free(page: str, value: str | None) -> None:
    found = told(f'<h1>A</h1><script type="application/ld+json">{page}</script>')
    assert found == ([("schema.org", "isAccessibleForFree", value)] if value else [])


def test_microdata_say_it_too() -> None:
    page = '<div itemscope itemtype="https://schema.org/NewsArticle"><h1>A</h1>'
    page += '<meta itemprop="isAccessibleForFree" content="False">'
    assert told(page) == [("schema.org", "isAccessibleForFree", "false")]


def test_a_web_archive_does_not_speak_for_the_site() -> None:
    memento = Memento("https://archive.example/web", "20240501000000", URL)
    headers = {"x-robots-tag": "noindex", "x-archive-orig-tdm-reservation": "1"}
    document = original_document(memento, 200, headers, b"<p>Text.")
    assert [each.name for each in rights_of(document)] == ["tdm-reservation"]
    plain = original_document(memento, 200, {"x-robots-tag": "noai"}, b"<p>Text.")
    assert [each.name for each in rights_of(plain)] == ["x-robots-tag"]  # it keeps their names


@pytest.mark.parametrize(
    ("name", "value", "reserved"),
    [
        ("tdm-reservation", "1", True),
        ("tdm-reservation", "0", False),
        ("tdm-reservation", "true", False),
        ("tdm-policy", "https://wire.example/1", False),
        ("x-robots-tag", "noarchive, noai", True),
        ("robots", "NOIMAGEAI", True),
        ("robots", "noindex, nosnippet", False),
        ("x-robots-tag", "GPTBot: noindex", True),
        ("x-robots-tag", "googlebot: noindex", False),
        ("ccbot", "noindex", True),
        ("isAccessibleForFree", "false", False),
    ],
)
def test_some_signals_reserve_text_and_data_mining(name: str, value: str, reserved: bool) -> None:
    assert is_reserved(RightsSignal("header", name, value)) is reserved

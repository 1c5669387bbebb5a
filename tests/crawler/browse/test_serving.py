"""The pages as a browser gets them, without one."""

import asyncio
import csv
import io
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any, cast

import pytest

from crawler.extract.agencies import find_agency
from crawler.store.stand_in_site import StandIn
from tests.crawler.browse.archives import HOSTILE, PAGE

pytest.importorskip("datasette", reason="datasette is not installed: make data")
pytest.importorskip("tantivy", reason="tantivy is not installed: make data")
from crawler.browse.index import DATABASE
from crawler.browse.pages import Pages, Served
from crawler.browse.saved_results import EXPORTED, as_file

RULES = find_agency("uza").rules
Get = Callable[..., Any]


def test_home_shows_what_there_is(get: Get) -> None:
    page = get("/")
    assert page.status_code == 200
    assert "<b>6</b> articles, published from 2021-01-01 to 2025-02-03" in page.text
    assert page.text.count("<rect") == 6
    assert 'href="/?q=is:edited"' in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")


def test_every_page_of_a_made_up_archive_says_so(folder: Path, get: Get) -> None:
    from crawler.browse.server import make_server

    pages = ["/", "/?q=bridge", "/article/uza:3", "/article/uza:77", "/tables", "/help"]
    assert not any("made up" in get(page).text for page in pages)
    server = make_server([Served(folder, RULES, StandIn("http://127.0.0.1:9"))], folder)

    async def ask(address: str) -> Any:
        await server.invoke_startup()
        return await server.client.get(address, follow_redirects=True)

    for page in pages:
        answer = asyncio.run(ask(page)).text
        assert "Everything here is made up." in answer, page
        assert "(http://127.0.0.1:9), not from uza.uz" in answer
    cited = asyncio.run(ask("/cite/uza:1/1.ris")).text
    assert "N1  - Everything here is made up." in cited
    assert "PB  - 127.0.0.1:9\r\n" in cited
    home = asyncio.run(ask("/")).text
    assert "<title>Made-up archive, not of uza.uz</title>" in home
    make_server([Served(folder, RULES)], folder)  # the plugin of the other tests


def test_links_in_the_pages_of_a_made_up_archive_stay_in_it(folder: Path, get: Get) -> None:
    pages = Pages([Served(folder, RULES, StandIn("http://127.0.0.1:9"))], cast(Any, None))
    assert get("/").status_code == 200  # the database is there
    with closing(sqlite3.connect(folder / DATABASE)) as database:
        find = pages._finder(database)
        for site in ("http://127.0.0.1:9", "https://uza.uz"):
            assert find(f"{site}/posts/a-bridge_3") == "/article/uza%3A3"
            assert find(f"{site}/posts/a-tunnel_99") is None
        assert find("http://127.0.0.1:99/posts/a-bridge_3") is None


def exported(get: Get, page: str) -> list[str]:
    """Return the ids of what a page of hits gives as CSV."""
    (address,) = re.findall(r'href="(/export\.csv\?[^"]+)"', page)
    answer = get(unescape(address))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="articles.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbfid,agency,edition,")  # Excel goes by these bytes
    return [row["id"] for row in csv.DictReader(answer.content.decode("utf-8-sig").splitlines())]


def test_what_is_exported_is_what_was_found_with_the_facets_chosen(
    get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "?q=%D0%BA%D1%83%D1%82%D1%83%D0%B1%D1%85%D0%BE%D0%BD%D0%B0"
    assert exported(get, get(f"/{words}&edition=oz").text) == ["uza:2"]
    assert exported(get, get("/?edition=en&year=2025").text) == ["uza:3"]
    assert exported(get, get("/?author=Malika+Anorzorova").text) == ["uza:2", "uza:1"]
    assert exported(get, get("/?edition=none").text) == []
    (row,) = get("/export.json?q=bridge").json()
    assert row["authors"] == []
    assert row["body"] == "Ten people built the bridge.\n\nIt is old."
    monkeypatch.setattr("crawler.browse.pages.MOST_EXPORTED", 1)
    assert "JSON</a> of the first 1</p>" in get("/?author=Malika+Anorzorova").text


@pytest.mark.parametrize("first", "=+-@\t\r\n＝＋－＠")
def test_a_spreadsheet_takes_no_text_for_a_formula(first: str) -> None:
    texts = {"title": f"{first}1+1", "summary": None, "body": f"A {first}"}
    row = dict.fromkeys(EXPORTED, "") | {"version": 1, "authors": [f"{first}A", "B"]} | texts
    (read,) = csv.DictReader(io.StringIO(as_file([row], "csv")[0].decode("utf-8-sig"), newline=""))
    assert (read["title"], read["summary"], read["body"]) == (f"'{first}1+1", "", f"A {first}")
    assert (read["authors"], read["version"]) == (f"'{first}A; B", "1")


def test_a_search_shows_hits_facets_and_exports(get: Get) -> None:
    page = get("/?q=%D0%BA%D1%83%D1%82%D1%83%D0%B1%D1%85%D0%BE%D0%BD%D0%B0").text
    assert '<b id="total">2</b> articles' in page
    assert "<mark>kutubxonada</mark>" in page
    assert re.findall(r'href="/article/([^"]+)"', page) == ["uza%3A2", "uza%3A1"]
    assert "edition=oz" in page
    assert exported(get, page) == ["uza:2", "uza:1"]
    assert "of the first" not in page
    assert "No results." in get("/?q=nowhere").text


def plain(page: str) -> str:
    """Return the words of a page without its tags."""
    return " ".join(re.sub("<[^>]*>", " ", page).split())


def test_an_edition_is_named_in_the_language_of_the_reader_wherever_its_code_is_shown(
    get: Get,
) -> None:
    for lang, name in (("en", "Uzbek (Latin)"), ("ru", "узбекский (латиница)")):
        told = {"accept-language": lang}
        for address in ("/", "/?q=kitob", "/?edition=oz", "/article/uza:2", "/article/uza:1"):
            assert f"{name} oz" in plain(get(address, headers=told).text), (lang, address)
    assert "Uzbek (Latin) oz ✕" in plain(get("/?edition=oz&q=kitob").text)
    assert "is: edited ✕" in plain(get("/?is=edited").text)
    assert "состояние: исправлена ✕" in plain(
        get("/?is=edited", headers={"accept-language": "ru"}).text
    )
    unknown = get("/?edition=zz&agency=nobody")
    assert unknown.status_code == 200
    assert "edition: zz ✕" in plain(unknown.text)


def test_an_article_shows_its_versions_side_by_side_and_what_else_there_is(get: Get) -> None:
    page = get("/article/uza:3").text
    (place,) = re.findall(r'<div class="place"[^>]*>(.*?)</div>', page, re.DOTALL)
    assert place == "<del>Nine</del><ins>Ten</ins> people built the bridge.\n\nIt is old."
    old, new = re.findall(r'<div class="(?:old|new)" dir="auto">(.*?)</div>', page, re.DOTALL)
    assert old == "<del>Nine</del> people built the bridge.\n\nIt is old."
    assert new == "<ins>Ten</ins> people built the bridge.\n\nIt is old."
    assert "The content of these two is the same." in get("/article/uza:3?old=2&new=2").text
    translated = get("/article/uza:1").text
    assert 'href="/article/uza%3A2"' in translated
    assert "linked by the source" in translated
    assert "HTTP 404, 2026-11-24 05:00 UTC+05:00" in get("/article/uza:4").text
    assert get("/article/uza:99").status_code == 404
    assert get("/article/nobody").status_code == 404


def test_what_changed_is_named_in_the_language_of_the_reader(get: Get) -> None:
    for lang, name in (("ru", "текст"), ("en", "text")):
        page = get("/article/uza:3", headers={"accept-language": lang}).text
        assert f"<h3>{name}</h3>" in page
        assert f'<td class="soft">{name}</td>' in page


@pytest.mark.parametrize(
    "address",
    ["/", "/?q=script", "/article/uza:5", "/article/uza:5?old=1&new=2", "/?q=%3Cscript%3E%22"],
)
def test_texts_are_escaped_and_turn_no_direction(get: Get, address: str) -> None:
    page = get(address).text
    assert "<script" not in page.replace("&lt;script", "")
    assert "\u202e" not in page
    if "uza:5" in address:
        assert page.count("&lt;script&gt;") >= 6
        assert "&amp;lt;b&amp;gt;" in page  # an entity of the text is no entity of the page
        assert HOSTILE not in page


def test_an_archived_page_stands_in_a_frame_that_says_what_it_is(get: Get) -> None:
    assert re.search(r'id="capture" href="/capture/uza%3A1/1"', get("/article/uza:1").text)
    frame = get("/capture/uza%3A1/1").text
    assert "of uza.uz, captured" in frame
    assert "version 1 of 1" in frame
    assert 'href="/article/uza%3A1?version=1">back to the article' in frame
    assert '<iframe src="/capture/uza%3A1/1/page" sandbox="allow-top-navigation-by' in frame
    for address in ("/capture/uza:2/1", "/capture/uza:1/9", "/capture/uza:99/1"):
        assert {get(address + end).status_code for end in ("", "/page", "/raw")} == {404}


def test_an_archived_page_can_do_nothing_and_its_links_stay_in_the_archive(get: Get) -> None:
    answer = get("/capture/uza%3A1/1/page")
    assert answer.headers["content-security-policy"].startswith("sandbox allow-top-navigation-by-")
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    page = answer.text
    assert not re.search("<script|onclick|refresh|javascript:|<link|a.jpg|text/html,x", page)
    assert re.findall(' src="([^"]*)"', page) == ["data:image/gif;base64,R0lGODlhAQABAAAAACw="]
    assert re.findall(r'href="([^"]+)"', page) == [
        "/article/uza%3A3", "#below", "/leave?to=https%3A%2F%2Fuza.uz%2Fposts%2Fcategory%2Fculture",
        "/leave?to=https%3A%2F%2Fexample.org%2F",
    ]  # fmt: skip
    assert "As it was." in page
    raw = get("/capture/uza%3A1/1/raw")
    assert raw.content == PAGE
    assert raw.headers["content-type"] == "text/html; charset=utf-8"
    assert raw.headers["content-security-policy"].startswith("sandbox")


def test_a_link_that_leaves_the_archive_says_so_first(get: Get) -> None:
    page = get("/leave?to=https%3A%2F%2Fexample.org%2F%3Ca")
    assert "This leaves the archive" in page.text
    assert 'href="https://example.org/&lt;a"' in page.text
    assert get("/leave?to=javascript:alert(1)").status_code == 404
    assert get("/leave").status_code == 404


def test_each_version_has_a_page_of_its_own(get: Get) -> None:
    first, newest = get("/article/uza:3?version=1").text, get("/article/uza:3").text
    assert "<p>Nine people built the bridge.</p>" in first
    assert "This is version 1 of 2" in first
    assert "<p>Ten people built the bridge.</p>" in newest
    assert "This is version" not in newest
    for query in ("version=3", "version=x", "old=9", "new=9"):
        answer = get(f"/article/uza:3?{query}")
        assert answer.status_code == 404
        assert "There is no version" in answer.text
        assert "it has: 1, 2." in answer.text


@pytest.mark.parametrize("form", ["txt", "bib", "ris", "json"])
def test_a_version_can_be_cited(get: Get, form: str) -> None:
    answer = get(f"/cite/uza:1/1.{form}")
    assert answer.status_code == 200
    assert f'filename="uza-1-v1.{form}"' in answer.headers["content-disposition"]
    assert answer.text.split()[-1] in unescape(get("/article/uza:1?version=1").text)
    assert get(f"/cite/uza:1/7.{form}").status_code == 404
    assert get(f"/cite/uza:77/1.{form}").status_code == 404


def test_a_hit_in_a_superseded_version_says_so_and_leads_to_it(get: Get) -> None:
    page = get("/?q=nine").text
    assert "in version 1, edited out on 2026-11-24 05:00 UTC+05:00" in page
    assert 'href="/article/uza%3A3?version=1">A bridge</a>' in page
    assert "<mark>Nine</mark> people" in page
    assert "<mark>bridge</mark></a>" in get("/?q=bridge").text


def test_days_and_states_are_chosen_beside_the_words_and_kept(get: Get) -> None:
    def found(query: str) -> list[str]:
        return re.findall(r'<h3 [^>]*><a href="/article/uza%3A(\d)', get(f"/?{query}").text)

    assert found("since=2024-05-01&until=2024-05-01") == ["2", "1"]
    assert found("since=2024-05-02") == ["3"]
    assert found("q=kitob&until=2024-04-30") == []
    assert found("q=nine&since=2025-01-01&until=2025-12-31") == ["3"]
    assert found("is=gone") == ["4"]
    assert found("is=edited&since=2025-01-01") == ["3"]
    assert found("since=yesterday&until=9999-12-31&q=bridge") == ["3"]
    page = get("/?q=bridge&since=2025-01-01&is=edited").text
    assert page.count('<input type="hidden" name="since" value="2025-01-01">') == 1
    assert 'value="2025-01-01"></label>' in page
    assert 'href="/?q=bridge&amp;is=edited&amp;since=2025-01-01&amp;sort=relevance"' in page


def test_a_search_without_sense_says_what_was_expected(get: Get) -> None:
    page = get("/?q=after:never")
    assert page.status_code == 200
    assert "after:never is not a day; write 2024, 2024-05 or 2024-05-31" in page.text
    assert "No results" not in page.text
    assert "/feeds/search" not in page.text.partition("<main")[2]  # it would make no sense, either


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/?q=is:old", "is:old неизвестно; есть is:edited и is:gone"),
        ("/?q=" + "a" * 1_001, "в запросе знаков: 1,001; можно не больше 1,000"),
        ("/feeds/search/new.atom?q=on:soon", "on:soon — не день; пишите"),
        ("/article/uza:%7B0%7D", "В архиве нет статьи uza:{0}."),
        ("/article/uza:3?version=9", "У uza:3 нет версии 9; есть: 1, 2."),
        ("/capture/uza:3/1", "Для uza:3 версии 1 нет архивной страницы."),
        ("/nosuch", "Такой страницы здесь нет."),
    ],
)
def test_what_is_wrong_is_said_in_the_language_of_the_reader(
    get: Get, address: str, told: str
) -> None:
    assert told in get(address, headers={"accept-language": "ru"}).text


def test_a_page_beyond_the_last_leads_back(get: Get) -> None:
    page = get("/?q=kitob&page=99").text
    assert "The 2 articles end before page 99" in page
    assert '<a href="/?q=kitob&amp;page=1">last page</a>' in page


def test_no_page_leads_to_one_that_is_never_shown(
    get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.browse.pages.PER_PAGE", 1)
    assert 'rel="next"' in get("/?q=kitob").text
    monkeypatch.setattr("crawler.browse.pages._MOST_PAGES", 1)
    assert 'rel="next"' not in get("/?q=kitob").text


def test_texts_say_their_language_and_direction(get: Get) -> None:
    assert '<h1 lang="ar" dir="rtl">' in get("/article/uza:6").text
    assert '<h3 lang="ar" dir="rtl"><a href="/article/uza%3A6">' in get("/?q=uza:6").text
    assert '<div class="text" lang="ar" dir="rtl">' in get("/article/uza:6").text
    assert '<h1 dir="auto">' in get("/article/uza:3").text  # nobody knows its language


def test_times_are_in_the_zone_that_was_chosen_and_say_it(get: Get) -> None:
    assert "2024-05-01 09:00 UTC+05:00" in get("/article/uza:1").text
    assert "2024-05-01 04:00 UTC<" in get("/article/uza:1", cookies={"zone": "utc"}).text
    assert "<time>2023-07-01</time>" in get("/article/uza:4", cookies={"zone": "utc"}).text
    chosen = get("/choose?zone=utc&back=/article/uza:1", follow=False)
    assert (chosen.status_code, chosen.headers["location"]) == (302, "/article/uza:1")
    assert chosen.headers["set-cookie"].startswith("zone=utc")
    for elsewhere in ("//example.org", "https://example.org", "/\\example.org", ""):
        assert get(f"/choose?zone=utc&back={elsewhere}", follow=False).headers["location"] == "/"


def test_the_pages_are_there_in_three_languages(get: Get) -> None:
    page = get("/?q=bridge", headers={"accept-language": "ru"}).text
    assert '<html lang="ru">' in page
    assert ">Искать</button>" in page
    assert '<button name="lang" value="uz" lang="uz">Oʻzbekcha</button>' in page
    chosen = get("/choose?lang=uz&back=/help", follow=False)
    assert chosen.headers["set-cookie"].startswith("lang=uz")
    assert "<h1>Qanday qidiriladi</h1>" in get("/help", cookies={"lang": "uz"}).text
    assert "<b>oz</b> oʻzbek (lotin)" in get("/help", cookies={"lang": "uz"}).text
    assert "set-cookie" not in get("/choose?lang=xx", follow=False).headers
    assert "<title>Архив uza.uz</title>" in get("/", cookies={"lang": "ru"}).text
    for address in ("/", "/?q=nine", "/article/uza:3", "/article/uza:4", "/capture/uza:1/1",
                    "/nosuch", "/leave?to=https://example.org"):  # fmt: skip
        assert '<html lang="uz">' in get(address, cookies={"lang": "uz"}).text

"""What keeps the server safe to show: what is refused, closed, and said of errors."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import StorageError
from crawler.extract.agencies import find_agency

pytest.importorskip("datasette", reason="datasette is not installed: make data")
pytest.importorskip("tantivy", reason="tantivy is not installed: make data")

RULES = find_agency("uza").rules
Get = Callable[..., Any]


def test_nothing_can_be_written(get: Get) -> None:
    answer = get("/tables.json?sql=delete+from+article")
    assert answer.status_code == 400
    assert "6</b> articles" in get("/").text


def test_what_was_removed_is_not_shown_any_more_by_who_has_it_open(get: Get, folder: Path) -> None:
    addresses = ("/?q=bridge", "/article/uza:3", "/tables/article.json?id=uza:3")
    assert all("built the" in get(address).text for address in addresses)
    database = (folder / "browse.sqlite").rename(folder / "aside")
    try:
        answers = [get(address) for address in addresses]
    finally:
        database.rename(folder / "browse.sqlite")
    assert {answer.status_code for answer in answers} == {503}
    assert all("start scrapy browse again" in answer.text for answer in answers)
    assert not any("built the" in answer.text for answer in answers)


@pytest.mark.parametrize(
    "address",
    [
        "/nosuch",
        "/article/uza:99",
        "/capture/uza:1/9",
        "/tables/nosuch",
        "/tables/article",
        "//example.org/",
    ],
)
def test_what_is_not_there_is_said_in_our_frame_with_a_way_home_and_no_traceback(
    get: Get, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    page = get(address)
    assert page.status_code == 404
    assert "<h1>Not found</h1>" in page.text
    assert '<a href="/">' in page.text
    assert capsys.readouterr() == ("", "")


def test_an_error_is_told_to_the_operator_and_not_to_the_reader(
    get: Get, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(error: Exception) -> None:
        def article(*_: object) -> None:
            raise error

        monkeypatch.setattr("crawler.browse.pages.Pages.article", article)

    fail(StorageError("/srv/secret: damaged"))
    page = get("/article/uza:1")
    assert (page.status_code, "secret" in page.text) == (500, False)
    assert capsys.readouterr().err == "scrapy browse: /article/uza:1: /srv/secret: damaged\n"
    fail(ValueError("a fault"))
    assert get("/article/uza:1").status_code == 500
    assert "ValueError: a fault" in capsys.readouterr().err


def test_where_a_damaged_archived_page_is_only_the_operator_is_told(
    get: Get, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (file,) = (folder / "warc").glob("*.warc.gz")
    aside = file.rename(folder / "aside")
    try:
        answers = [get(f"/capture/uza:1/1/{form}") for form in ("page", "raw")]
    finally:
        aside.rename(file)
    assert [answer.status_code for answer in answers] == [500, 500]
    assert not any(file.name in answer.text for answer in answers)
    told = capsys.readouterr().err.splitlines()
    assert told == [
        f"scrapy browse: /capture/uza:1/1/{form}: {file}: is missing; bring it back to read from it"
        for form in ("page", "raw")
    ]


def test_every_answer_has_headers_that_keep_it_safe_and_search_engines_are_sent_away(
    get: Get,
) -> None:
    for address in ("/", "/nosuch", "/tables", "/capture/uza%3A1/1", "/robots.txt", "/tables.json"):
        headers = get(address).headers
        assert headers["x-frame-options"] == "DENY", address
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "default-src" in headers["content-security-policy"]
    assert get("/robots.txt").text == "User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize(
    "address",
    ["/-/settings", "/-/settings.json", "/-/versions.json", "/-/databases.json", "/-/threads",
     "/_memory", "/_memory?sql=select+1", "/-/metadata", "/%2d/settings", "/tables.db",
     "/_internal", "/-/allow-debug", "/-/static/app.css", "/tables/article.csv",
     "/tables/article/1"],
)  # fmt: skip
def test_what_datasette_tells_of_itself_is_closed(get: Get, address: str) -> None:
    assert get(address).status_code == 404


def test_tables_and_sql_are_closed_where_others_reach_the_server(
    server: Callable[..., Any],
) -> None:
    addresses = ("/tables", "/tables.json?sql=select+1", "/tables.csv?sql=select+1",
                 "/tables/version.json")  # fmt: skip
    alone, public = server(), server(is_public=True)
    assert "Tables and SQL" in alone("/").text
    assert {alone(address).status_code for address in addresses} == {200}
    public = server(is_public=True)
    assert "Tables and SQL" not in public("/").text
    assert {public(address).status_code for address in addresses} == {404}
    assert public("/article/uza:3").status_code == 200


def test_sql_that_takes_too_long_is_stopped(
    monkeypatch: pytest.MonkeyPatch, server: Callable[..., Any]
) -> None:
    from crawler.browse.server import _SETTINGS

    monkeypatch.setitem(_SETTINGS, "sql_time_limit_ms", 20)
    endless = "with+recursive+n(i)+as+(select+1+union+all+select+i%2B1+from+n)+select+max(i)+from+n"
    ask = server()
    told = {".json": "took too long", "": "took longer than", ".csv": "took longer than"}
    for form, message in told.items():
        answer = ask(f"/tables{form}?sql={endless}")
        assert answer.status_code == 400
        assert message in answer.text


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8001", 200),
        ("127.0.0.1:8001", 200),
        ("[::1]:8001", 200),
        ("192.0.2.7", 200),  # an address is no name that somebody else could point here
        ("News.example.org", 200),
        ("evil.example", 421),
        ("localhost.evil.example:8001", 421),
        ("", 421),
    ],
)
def test_a_name_that_was_not_given_gets_no_answer(
    server: Callable[..., Any], host: str, status: int
) -> None:
    ask = server(names=["news.example.org"])
    for address in ("/", "/article/uza:3", "/robots.txt"):
        assert ask(address, host=host).status_code == status


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_but_reading_is_answered(server: Callable[..., Any], method: str) -> None:
    assert server()("/", method).status_code == 405

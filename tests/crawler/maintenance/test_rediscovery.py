"""Which source saw which article, as a rebuilt ledger knows it from the captures of lists."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crawler.discovery.feeds import RssFeed
from crawler.discovery.lists import ApiList
from crawler.extract.document import Site
from crawler.maintenance.rebuild import Rebuild
from crawler.maintenance.rediscover import Rediscovery
from crawler.model.link import Link
from crawler.store.archive import Archive
from crawler.warc.record import Exchange
from crawler.warc.writer import Plan
from pages.uza import RULES
from tests.crawler.archives import store

SITE = "https://uza.uz"
FEED = f"{SITE}/en/rss"
API = "https://api.uza.uz/posts?_l={edition}&page={page}"
AT = "2026-11-23T00:00:{:02}Z"


class Folder:
    """A data folder whose captures are made by hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.archive = Archive(folder)
        self.archive.captures.plan = Plan(prefix="uza", largest=10**9, about={}, code="c0de")

    def capture(self, uri: str, body: str, second: int = 0, **fields: Any) -> None:
        headers = [("Content-Type", "text/html; charset=utf-8")]
        headers += [("Location", body)] * ("status" in fields)
        exchange = Exchange(
            **{"uri": uri, "taken_at": AT.format(second), "status": 200, **fields},
            headers=headers,
            body=body.encode(),
            request=("GET", "/", []),
        )
        self.archive.captures.take(exchange)
        if exchange.article_id:
            self.archive.captures.keep(exchange.article_id)

    def rebuilt(self, root: str = SITE) -> tuple[dict[tuple[str, str], str | None], list[str]]:
        """Return the titles of the sightings in a rebuilt ledger, and what was said."""
        self.archive.close()
        said: list[str] = []
        listings = [
            RssFeed(f"{root}/en/rss", "en"),
            RssFeed(f"{root}/ru/rss", "ru"),
            ApiList(API, f"{root}/posts/{{slug}}", "en"),
        ]
        sources = Rediscovery(listings, Site(root, RULES.address), RULES)
        Rebuild(self.folder, said.append, sources=sources).make()
        rows = self.told("SELECT article_id, road, title FROM sighting")
        return {(name.removeprefix("uza:"), source): title for name, source, title in rows}, said

    def told(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.folder / "ledger.sqlite")) as database:
            return database.execute(query).fetchall()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "uza")


def feed(*items: tuple[int, str], site: str = SITE) -> str:
    told = "".join(
        f"<item><title>{title}</title><link>{site}/en/posts/mill_{number}</link></item>"
        for number, title in items
    )
    return f"<rss><channel>{told}</channel></rss>"


def page(*posts: tuple[int, str]) -> str:
    return json.dumps({"data": [{"slug": f"mill_{n}", "title": title} for n, title in posts]})


def test_the_last_statement_of_each_source_counts_in_order_of_time(folder: Folder) -> None:
    for number in (1, 2, 3):
        store(folder.archive, number)
    folder.capture(FEED, feed((1, "Second"), (2, "Two")), second=20)
    folder.capture(FEED, feed((1, "First")), second=10)
    folder.capture(API.format(edition="en", page=1), page((1, "One")), second=30)
    folder.capture(API.format(edition="en", page=17), page((3, "Three")), second=31)
    folder.capture(FEED, feed((1, "First")), second=30)  # it says so again
    sightings, said = folder.rebuilt()
    assert sightings == {
        ("1", "rss"): "First",
        ("2", "rss"): "Two",
        ("1", "api"): "One",
        ("3", "api"): "Three",
    }
    assert folder.told("SELECT roads FROM article ORDER BY id") == [(3,), (1,), (2,)]
    assert "5 captures of lists and feeds read again" in said[0]


def test_another_edition_words_an_article_its_own_way_and_the_first_stays(folder: Folder) -> None:
    store(folder.archive, 1)
    folder.capture(FEED, feed((1, "A mill")), second=1)
    folder.capture(f"{SITE}/ru/rss", feed((1, "Melnitsa")), second=2)
    assert folder.rebuilt()[0] == {("1", "rss"): "A mill"}


def test_what_is_shown_and_not_stored_is_counted_and_no_work(folder: Folder) -> None:
    store(folder.archive, 1)
    folder.capture(FEED, feed((1, "One"), (2, "Two"), (3, "Three")))
    sightings, said = folder.rebuilt()
    assert list(sightings) == [("1", "rss")]
    assert folder.told("SELECT count(*) FROM article") == [(1,)]
    assert any(line.startswith("2 articles that they show are not stored") for line in said)


def test_articles_without_captures_of_lists_are_counted(folder: Folder) -> None:
    store(folder.archive, 1)
    store(folder.archive, 2)
    folder.capture(FEED, feed((2, "Two")))
    _, said = folder.rebuilt()
    assert any(line.startswith("1 articles: their source is not known") for line in said)


def test_a_site_that_stood_in_is_known_by_its_paths(folder: Folder) -> None:
    store(folder.archive, 1)
    other = "http://127.0.0.1:8099"
    folder.capture(f"{other}/en/rss", feed((1, "One"), site=other))
    folder.capture(f"{other}/posts?_l=en&page=1", page((1, "One")))
    assert list(folder.rebuilt()[0]) == [("1", "api"), ("1", "rss")]
    urls = folder.told("SELECT url FROM sighting")
    assert sorted(urls) == [(f"{SITE}/en/posts/mill_1",), (f"{SITE}/posts/mill_1",)]


def test_a_list_that_has_moved_is_followed(folder: Folder) -> None:
    store(folder.archive, 1)
    folder.capture(FEED, f"{SITE}/feeds/en.xml", status=301, second=1)
    folder.capture(f"{SITE}/feeds/en.xml", "/feeds/new.xml", status=302, second=2)
    folder.capture(f"{SITE}/feeds/new.xml", feed((1, "One")), second=3)
    assert list(folder.rebuilt()[0]) == [("1", "rss")]


@pytest.mark.parametrize(
    ("uri", "body"),
    [
        (FEED, "<html><p>Closed"),
        (FEED, "\x00\x01"),
        (f"{SITE}/robots.txt", "User-agent: *"),
        (f"{SITE}/de/rss", feed((1, "One"))),  # a list of which this code knows nothing
        ("https://other.example/nowhere", feed((1, "One"))),
        (API.format(edition="en", page="1x"), page((1, "One"))),
    ],
)
def test_what_is_no_list_tells_nothing(folder: Folder, uri: str, body: str) -> None:
    store(folder.archive, 1)
    folder.capture(uri, body)
    sightings, said = folder.rebuilt()
    assert sightings == {}
    assert "1 others" in said[0]


def test_the_answer_tells_for_what_an_article_was_asked(folder: Folder) -> None:
    asked = {
        1: Link(f"{SITE}/posts/1", "ids"),
        2: Link(f"{SITE}/posts/mill_2", "urls"),
        3: Link("http://uza.uz/posts/mill_3", "wayback"),
        4: Link(f"{SITE}/en/posts/mill_4", "rss"),  # a redirect led there
        5: Link(f"{SITE}/en/posts/mill_5", "rss", "en", "Listed"),
    }
    for number, found in asked.items():
        store(folder.archive, number)
        folder.capture(found.url, "<p>A mill", **asked_for(number, found))
    assert folder.rebuilt()[0] == {("1", "ids"): None, ("2", "urls"): None, ("4", "rss"): None}
    sources = [bits for (bits,) in folder.told("SELECT roads FROM article ORDER BY id")]
    assert sources == [16, 32, 64, 1, 0]


def test_what_was_asked_for_and_never_there_is_absent_again(folder: Folder) -> None:
    for number, answers in {1: [404, 410], 2: [404, 200], 3: [404], 4: [503]}.items():
        link = Link(f"{SITE}/posts/{number}", "wayback" if number == 3 else "ids")
        for status in answers:
            told = asked_for(number, link)
            folder.capture(link.url, "<p>Nothing", status=status, **told)
    sightings, _ = folder.rebuilt()
    assert sightings == {("1", "ids"): None}
    rows = folder.told("SELECT id, url, state, reason, due, roads FROM article")
    assert rows == [("uza:1", f"{SITE}/posts/1", "absent", "HTTP 410", None, 16)]


def asked_for(number: int, link: Link) -> dict[str, Any]:
    """Return what a capture of an article tells of it."""
    return {"article_id": f"uza:{number}", "found": msgspec.json.encode(link).decode()}


def test_nothing_is_noted_of_what_was_withdrawn(folder: Folder) -> None:
    store(folder.archive, 1)
    store(folder.archive, 1, version=2, change="withdrawn", reason="a court order")
    folder.capture(FEED, feed((1, "One")))
    assert folder.rebuilt()[0] == {}


def test_a_damaged_capture_of_a_list_costs_what_it_said(folder: Folder) -> None:
    store(folder.archive, 1)
    folder.capture(FEED, feed((1, "One")), second=1)
    folder.capture(FEED, feed((1, "Two")), second=2)
    folder.archive.close()
    (file,) = (folder.folder / "warc").glob("*.gz")
    data = bytearray(file.read_bytes())
    data[-20] ^= 255
    file.write_bytes(data)
    said: list[str] = []
    sources = Rediscovery([RssFeed(FEED, "en")], Site(SITE, RULES.address), RULES)
    Rebuild(folder.folder, said.append, skip_damaged=True, sources=sources).make()
    assert folder.told("SELECT road FROM sighting") == [("rss",)]


def test_progress_is_said_of_a_long_archive(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.maintenance.rediscover.PROGRESS", 2)
    monkeypatch.setattr("crawler.maintenance.rediscover.GROUP", 2)
    store(folder.archive, 1)
    for number in range(5):
        folder.capture(FEED, feed((1, f"Title {number}")), second=number)
    _, said = folder.rebuilt()
    assert said[:2] == [f"{n} of 5 captures of lists and feeds read again" for n in (2, 4)]

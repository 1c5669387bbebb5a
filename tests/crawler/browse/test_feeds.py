"""Feeds as a feed reader gets them from ``scrapy browse``."""

import asyncio
import json
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.extract.agencies import find_agency
from crawler.feeds.collect import Feeds
from crawler.store.archive import Archive
from crawler.store.reader import ArchiveReader
from crawler.system.clock import now, rfc3339
from tests.crawler.archives import store
from tests.crawler.feeds.valid import check_atom, check_json_feed
from tests.days import pass_time, start_day

pytest.importorskip("datasette", reason="datasette is not installed: make data")
pytest.importorskip("tantivy", reason="tantivy is not installed: make data")
from crawler.browse.feeds import LiveFeeds
from crawler.browse.index import bring_up_to_date
from crawler.browse.pages import Served

Get = Callable[..., Any]
CODE = '"><b>&'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with closing(Archive(tmp_path / "uza")) as archive:
        seen = {"fetched_at": rfc3339(now()), "edition": "en", "language": "en"}
        store(archive, 1, **seen, title="A bridge")
        store(archive, 2, **seen, title=CODE)
        store(archive, 1, **seen, version=2, change="edited", title="A new bridge",
              changed_fields=["title"])  # fmt: skip
    return tmp_path / "uza"


@pytest.fixture
def get(folder: Path) -> Get:
    from crawler.browse.server import make_server

    with ArchiveReader(folder) as reader:
        bring_up_to_date([reader], folder)
    server = make_server([Served(folder, find_agency("uza").rules)], folder)

    async def ask(address: str, headers: dict[str, str]) -> Any:
        await server.invoke_startup()
        return await server.client.get(address, headers=headers)

    return lambda address, **headers: asyncio.run(ask(address, headers))


def told(get: Get, address: str) -> list[tuple[str, int]]:
    """Return of which versions a feed tells, in both formats."""
    path, _, query = address.partition("?")
    atom, answer = get(f"{path}.atom?{query}"), get(f"{path}.json?{query}")
    assert atom.headers["content-type"].startswith("application/atom+xml")
    assert answer.headers["content-type"].startswith("application/feed+json")
    assert answer.headers["cache-control"] == "max-age=60"
    check_atom(atom.content)
    check_json_feed(answer.content)
    items = json.loads(answer.content)["items"]
    return [(item["_archive"]["id"], item["_archive"]["version"]) for item in items]


def test_agencies_editions_articles_and_searches_have_feeds(get: Get) -> None:
    everything = [("uza:2", 1), ("uza:1", 2), ("uza:1", 1)]
    assert told(get, "/feeds/uza/changes") == everything
    assert told(get, "/feeds/uza/edition/en/new") == [("uza:2", 1), ("uza:1", 1)]
    assert told(get, "/feeds/article/uza%3A1/changes") == [("uza:1", 2), ("uza:1", 1)]
    assert told(get, "/feeds/article/uza:1/gone") == []
    assert told(get, "/feeds/search/changes?q=changed:title") == [("uza:1", 2)]
    assert told(get, "/feeds/search/changes?q=bridge&edition=en&sort=relevance") == everything[1:]
    assert told(get, "/feeds/search/changes?edition=ru") == []


def test_a_feed_and_its_entries_have_addresses_here(get: Get) -> None:
    feed = json.loads(get("/feeds/search/changes.json?q=new+bridge").content)
    assert feed["feed_url"] == "http://localhost/feeds/search/changes.json?q=new+bridge"
    assert feed["home_page_url"] == "http://localhost"
    (item,) = feed["items"]
    assert item["url"] == "http://localhost/article/uza%3A1?version=2"
    assert get(item["url"].removeprefix("http://localhost")).status_code == 200
    ids = {get(f"/feeds/search/new.atom?q={word}").text.partition("<id>")[2][:45]
           for word in ("bridge", "road")}  # fmt: skip
    assert len(ids) == 2


def test_who_has_a_feed_already_gets_it_only_when_it_changes(get: Get) -> None:
    first = get("/feeds/uza/new.atom")
    again = get("/feeds/uza/new.atom", **{"If-None-Match": f'W/{first.headers["etag"]}, "x"'})
    assert (again.status_code, again.content) == (304, b"")
    other = get("/feeds/uza/edited.atom", **{"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


def test_pages_name_their_feeds(get: Get) -> None:
    for page, feed in (
        ("/", "/feeds/uza/changes.atom"),
        ("/?q=bridge&edition=en", "/feeds/search/changes.atom?q=bridge&amp;edition=en"),
        ("/article/uza%3A1", "/feeds/article/uza%3A1/changes.atom"),
    ):
        text = get(page).text
        assert '<link rel="alternate" type="application/atom+xml" title="Changes' in text
        assert text.count(f'href="{feed}"') == 2, page
        assert get(feed.replace("&amp;", "&")).status_code == 200


@pytest.mark.parametrize(
    ("address", "status", "message"),
    [
        ("/feeds/ria/changes.atom", 404, "There are no feeds of ria."),
        ("/feeds/uza/edition/xx/new.atom", 404, "There are no feeds of uza/edition/xx."),
        ("/feeds/article/uza:7/new.atom", 404, "There are no feeds of article/uza:7."),
        ("/feeds/article/ria:1/new.atom", 404, "There are no feeds of article/ria:1."),
        ("/feeds/uza/other.atom", 404, "There is no such page here."),
        ("/feeds/%3Cb%3E/new.atom", 404, "There are no feeds of &lt;b&gt;."),
        ("/feeds/search/new.atom", 400, "needs words or filters: ?q=WORDS"),
        ("/feeds/search/new.atom?q=after:soon", 400, "after:soon is not a day"),
    ],
)
def test_what_is_no_feed_is_said_in_our_frame(
    get: Get, address: str, status: int, message: str
) -> None:
    page = get(address)
    assert page.status_code == status
    assert message in page.text
    assert "<h1" in page.text


def test_journals_are_read_again_after_a_minute_and_new_versions_have_no_page_yet(
    folder: Path, get: Get
) -> None:
    assert len(told(get, "/feeds/uza/changes")) == 3
    with closing(Archive(folder)) as archive:
        store(archive, 3, edition="en", fetched_at=rfc3339(now()))
    assert len(told(get, "/feeds/uza/changes")) == 3
    try:
        pass_time(timedelta(seconds=61))
        items = json.loads(get("/feeds/uza/changes.json").content)["items"]
    finally:
        start_day()
    urls = {item["_archive"]["id"]: item["url"] for item in items}
    assert urls["uza:3"] == "https://uza.uz/posts/3"
    assert urls["uza:2"] == "http://localhost/article/uza%3A2?version=1"


def test_only_so_many_feeds_are_remembered_and_made_again_only_of_other_journals(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []

    def make(*given: Any) -> Feeds:
        made.append(given)
        return Feeds(*given)

    monkeypatch.setattr("crawler.browse.feeds.Feeds", make)
    feeds = LiveFeeds({"uza": folder})
    for number in range(40):
        feeds.feed("search", "new", f"word{number}", "http://localhost")
    assert (len(feeds._kept), len(made)) == (16, 40)
    try:
        pass_time(timedelta(seconds=61))
        feeds.feed("search", "new", "word39", "http://localhost")
        assert len(made) == 40
        pass_time(timedelta(days=1))
        feeds.feed("search", "new", "word39", "http://localhost")
        assert len(made) == 41
    finally:
        start_day()

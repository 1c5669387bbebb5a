"""Feeds of the browsed archives, as ``scrapy feeds`` writes them, made on request.

    /feeds/AGENCY/changes.atom   /feeds/AGENCY/edition/CODE/edited.json
    /feeds/article/ID/changes.atom   /feeds/search/new.atom?q=WORDS

They are read from the journals, so they may have articles that the index does not have yet.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from urllib.parse import quote, urlencode

from crawler.browse.engine import FACETS
from crawler.browse.pages import Missing
from crawler.feeds.collect import Feeds, Wanted, slug
from crawler.feeds.entry import urn
from crawler.feeds.formats import FORMATS, Feed
from crawler.feeds.saved_searches import SavedSearch
from crawler.store.changes import Position
from crawler.store.reader import ArchiveReader
from crawler.system.clock import now, steady
from crawler.text.search_query import BadQuery, parse

PATTERN = rf"(?P<path>.+)/(?P<name>changes|new|edited|gone)\.(?P<form>{'|'.join(FORMATS)})"
SECONDS = 60  # a feed is kept before the journals are read again
_MOST = 16  # cached folders of feeds


@dataclass(slots=True)
class _Kept:
    """The cached feeds of a folder by name, with the day and journals they were made from."""

    feeds: dict[str, Feed]
    made_of: tuple[str, list[Mapping[str, int]]]
    looked_at: float


class LiveFeeds:
    """The feeds of some archives. ``folders``: by agency."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._folders = folders
        self._kept: dict[tuple[str, str, str], _Kept] = {}
        self._lock = Lock()  # for one request at a time

    def feed(self, path: str, name: str, words: str, room: str) -> Feed:
        """Return a feed. This may take seconds. ``room``: the address of the server.

        Raises ``Missing`` if there is no such feed, ``BadQuery`` if the words are not a valid
        query.
        """
        key = (path, words if path == "search" else "", room)
        with self._lock:
            kept = self._kept.pop(key, None)
            if kept is None or kept.looked_at < steady() - SECONDS:
                kept = self._made(key, kept)
            self._kept[key] = kept  # the last one in the cache
            if len(self._kept) > _MOST:
                del self._kept[next(iter(self._kept))]
        if name not in kept.feeds:
            raise Missing("There are no feeds of {0}.", path)
        return kept.feeds[name]

    def _made(self, key: tuple[str, str, str], before: _Kept | None) -> _Kept:
        """Return the feeds of a folder, made again only if the journals have changed."""
        path, words, room = key
        folder, wanted, agencies = _asked(path, words, self._folders)
        with ExitStack() as opened:
            folders = (self._folders[agency] for agency in agencies)
            archives = [opened.enter_context(ArchiveReader(each, checked=True)) for each in folders]
            made_of = _state(archives)
            if before and before.made_of == made_of:
                return replace(before, looked_at=steady())
            if not all(each in archives[0] for each in wanted.articles):
                return _Kept({}, made_of, steady())
            feeds = Feeds(archives, replace(wanted, reading_room=room)).of(folder)
        address, query = f"{room}/feeds/{quote(path)}", urlencode({"q": words} if words else {})
        served = {name: _at(f"{address}/{name}", query, feed) for name, feed in feeds.items()}
        return _Kept(served, made_of, steady())


def _state(archives: Iterable[ArchiveReader]) -> tuple[str, list[Mapping[str, int]]]:
    """Return the day and the lengths of the journals: if they are the same, so are the feeds."""
    return now().date().isoformat(), [Position.here(reader).lengths for reader in archives]


def as_indexed(database: sqlite3.Connection, feed: Feed) -> Feed:
    """Return a feed whose entries only link to pages that the index already has."""
    query = "SELECT 1 FROM version WHERE article_id = ? AND number = ?"
    entries = []
    for entry in feed.entries:
        is_there = database.execute(query, (entry.row.id, entry.row.version)).fetchone()
        entries.append(entry if is_there else replace(entry, page=None))
    return replace(feed, entries=entries)


def words_of(query: Mapping[str, str]) -> str:
    """Return the words and the chosen facets of a search page's address as one query."""
    chosen = (f'{kind}:"{query[kind]}"' for kind in FACETS if query.get(kind))
    return " ".join(filter(None, (query.get("q", ""), *chosen)))


def _asked(path: str, words: str, known: Iterable[str]) -> tuple[str, Wanted, list[str]]:
    """Return the folder of the feeds, the selection for it, and the agencies."""
    kind, _, article_id = path.partition("/")
    if path == "search":
        if (query := parse(words)) is None:
            raise BadQuery("a feed of a search needs words or filters: ?q=WORDS")
        search = SavedSearch("search", words, query)
        return "search/search", Wanted(searches=(search,)), [*known]
    agency = article_id.partition(":")[0] if kind == "article" else kind
    if agency not in known:
        raise Missing("There are no feeds of {0}.", path)
    if kind == "article":
        return f"article/{slug(article_id)}", Wanted(articles=(article_id,)), [agency]
    return path, Wanted(), [agency]


def _at(address: str, query: str, feed: Feed) -> Feed:
    """Return a feed as served at an address, which decides its id."""
    asked = f"?{query}" if query else ""
    addresses = {form: f"{address}.{form}{asked}" for form in FORMATS}
    return replace(feed, id=urn(address, query), addresses=addresses)

"""Feeds of what is browsed, as ``scrapy feeds`` writes them, made when somebody asks for one.

    /feeds/AGENCY/changes.atom   /feeds/AGENCY/edition/CODE/edited.json
    /feeds/article/ID/changes.atom   /feeds/search/new.atom?q=WORDS

They are read from the journals, so they tell what the index does not have yet.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Lock
from urllib.parse import quote, urlencode

from crawler.browse.engine import FACETS
from crawler.browse.pages import Missing
from crawler.feeds.collect import Feeds, Wanted, slug
from crawler.feeds.entry import Entry, urn
from crawler.feeds.formats import FORMATS, Feed
from crawler.feeds.saved_searches import SavedSearch
from crawler.store.reader import ArchiveReader
from crawler.system.clock import steady
from crawler.text.query import BadQuery, parse

PATTERN = rf"(?P<path>.+)/(?P<name>changes|new|edited|gone)\.(?P<form>{'|'.join(FORMATS)})"
SECONDS = 60  # that a feed is shown again before the journals are read again
_MOST = 32  # folders of feeds that are remembered


class LiveFeeds:
    """The feeds of some archives; ``folders`` by agency."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._folders = folders
        self._kept: dict[tuple[str, str, str], tuple[float, dict[str, Feed]]] = {}
        self._lock = Lock()  # journals are read for one reader at a time

    def feed(
        self, database: sqlite3.Connection, path: str, name: str, words: str, room: str
    ) -> Feed:
        """Return a feed; ``room``: where all is served.

        Raises ``Missing`` if there is no such feed, ``BadQuery`` for words that make no sense.
        """
        key = (path, words if path == "search" else "", room)
        with self._lock:
            if key not in self._kept or self._kept[key][0] < steady() - SECONDS:
                self._keep(key, self._made(*key))
            found = self._kept[key][1].get(name)
        if found is None:
            raise Missing(f"There are no feeds of {path}.")
        entries = [_as_indexed(database, entry) for entry in found.entries]
        return replace(found, entries=entries)

    def _keep(self, key: tuple[str, str, str], feeds: dict[str, Feed]) -> None:
        self._kept.pop(key, None)
        if len(self._kept) == _MOST:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = steady(), feeds

    def _made(self, path: str, words: str, room: str) -> dict[str, Feed]:
        """Read the journals; return the feeds of a folder by their names."""
        folder, wanted, agencies = _asked(path, words, self._folders)
        with ExitStack() as opened:
            archives = [
                opened.enter_context(ArchiveReader(self._folders[agency], checked=True))
                for agency in agencies
            ]
            if not all(each in archives[0] for each in wanted.articles):
                return {}
            feeds = Feeds(archives, replace(wanted, reading_room=room)).of(folder)
        query = f"?{urlencode({'q': words})}" if words else ""
        return {
            name: _at(f"{room}/feeds/{quote(path)}/{name}", query, feed)
            for name, feed in feeds.items()
        }


def words_of(query: Mapping[str, str]) -> str:
    """Return the words and the chosen facets of a search page's address as one query."""
    chosen = (f'{kind}:"{query[kind]}"' for kind in FACETS if query.get(kind))
    return " ".join(filter(None, (query.get("q", ""), *chosen)))


def _asked(path: str, words: str, known: Iterable[str]) -> tuple[str, Wanted, list[str]]:
    """Return the folder of the feeds, what is wanted for it, and of which agencies."""
    kind, _, article_id = path.partition("/")
    if path == "search":
        if (query := parse(words)) is None:
            raise BadQuery("a feed of a search needs words or filters: ?q=WORDS")
        search = SavedSearch("search", words, query)
        return "search/search", Wanted(searches=(search,)), [*known]
    agency = article_id.partition(":")[0] if kind == "article" else kind
    if agency not in known:
        raise Missing(f"There are no feeds of {path}.")
    if kind == "article":
        return f"article/{slug(article_id)}", Wanted(articles=(article_id,)), [agency]
    return path, Wanted(), [agency]


def _at(address: str, query: str, feed: Feed) -> Feed:
    """Return a feed as it is served at an address, which gives it its id."""
    addresses = {form: f"{address}.{form}{query}" for form in FORMATS}
    return replace(feed, id=urn(address, query), addresses=addresses)


def _as_indexed(database: sqlite3.Connection, entry: Entry) -> Entry:
    """Return an entry without a link to its page, if there is no such page yet."""
    query = "SELECT 1 FROM version WHERE article_id = ? AND number = ?"
    is_there = database.execute(query, (entry.row.id, entry.row.version)).fetchone()
    return entry if is_there else replace(entry, page=None)

"""Decide which feeds are made, and collect the newest changes for each of them.

No state is kept between two calls: feeds are made from the archive alone, so they contain no
withdrawn article.
"""

import heapq
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from crawler.errors import StorageError, UsageError
from crawler.extract.agencies import find_agency
from crawler.feeds.entry import Entry, entry_of, notice_of, urn
from crawler.feeds.formats import FORMATS, Feed
from crawler.feeds.matching import Matcher, searches_for
from crawler.feeds.saved_searches import SavedSearch
from crawler.model.article import Article
from crawler.store.changes import KINDS, recent_changes
from crawler.store.reader import ArchiveReader
from crawler.system.clock import now
from crawler.text.folding import fold_spelling

MOST = 100  # entries of a feed
DAYS = 30  # before today that feeds cover
_ALL = "changes"
_NAMES = {
    _ALL: "all changes",
    "new": "new",
    "edited": "edited",
    "gone": "taken down, or back again",
}
_FILE_OF = {"back": "gone"}  # readers who saw an article go also see its return
_UNFIT = re.compile(r"[^\w.-]+")
_PUBLISHER = "agency news archive"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The feeds made in addition to those of agencies and editions, and the addresses to link to.

    ``days``: days before today that feeds cover. ``address``: URL under which the feeds are served.
    ``reading_room``: URL of ``scrapy browse``.
    """

    authors: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    searches: tuple[SavedSearch, ...] = ()
    days: int = DAYS
    address: str | None = None
    reading_room: str | None = None


@dataclass(slots=True)
class Scope:
    """The subject of the feeds in one folder, and the newest changes for each of these feeds."""

    title: str
    home: str | None = None
    note: str = ""
    newest: dict[str, list[tuple[str, str, int, Article]]] = field(
        default_factory=lambda: {name: [] for name in _NAMES}
    )

    def add(self, row: Article) -> None:
        """Add a change, unless the feed is full of newer ones."""
        for name in (_ALL, _FILE_OF.get(row.change, row.change)):
            heap = self.newest[name]
            place = heapq.heappushpop if len(heap) == MOST else heapq.heappush
            place(heap, (row.fetched_at, row.id, row.version, row))

    def rows(self, name: str) -> list[Article]:
        """Return the changes in a feed, newest first."""
        ordered = sorted(self.newest[name], key=lambda each: each[:3], reverse=True)
        return [row for *_, row in ordered]


class Feeds:
    """The feeds of some archives, each by its path relative to the output folder or base URL."""

    def __init__(self, archives: Iterable[ArchiveReader], wanted: Wanted) -> None:
        self.archives = {reader.folder.name: reader for reader in archives}
        self.wanted = wanted
        self.scopes = dict(self._scopes())
        self._entries: dict[tuple[str, int], Entry] = {}
        self._matcher = Matcher(wanted.searches)
        self._since = now() - timedelta(days=wanted.days)
        for reader in self.archives.values():
            self._take(reader)

    def __iter__(self) -> Iterator[tuple[str, Feed]]:
        for path in self.scopes:
            for name, feed in self.of(path).items():
                yield f"{path}/{name}", feed

    def of(self, path: str) -> dict[str, Feed]:
        """Return the feeds of a folder by name; empty if there is no such folder."""
        scope = self.scopes.get(path)
        return {name: self._feed(path, scope, name) for name in scope.newest} if scope else {}

    def _scopes(self) -> Iterator[tuple[str, Scope]]:
        notices = {agency: notice_of(reader) for agency, reader in self.archives.items()}
        for agency, reader in self.archives.items():
            rules = find_agency(agency).rules.address
            title = f"Made up, not of {rules.host}" if notices[agency] else rules.host
            yield agency, Scope(title, rules.site, notices[agency])
            for edition in _editions(reader):
                scope = Scope(f"{title}, edition {edition}", rules.site, notices[agency])
                yield f"{agency}/edition/{slug(edition)}", scope
        together = " ".join(filter(None, notices.values()))
        for search in self.wanted.searches:
            yield f"search/{search.name}", Scope(f"{search.name}: {search.text}", note=together)
        for name in self.wanted.authors:
            yield _author(name), Scope(name, note=together)
        for article_id in self.wanted.articles:
            yield self._article(article_id, notices)

    def _article(self, article_id: str, notices: Mapping[str, str]) -> tuple[str, Scope]:
        """Return the path and scope of the feed of one article, which contains all its changes."""
        agency = _agency_of(article_id)
        versions = self.archives[agency][article_id].versions
        title, url = versions[-1].title, versions[0].url
        scope = Scope(f"{article_id}: {title}", url, notices[agency])
        for row in versions:
            if row.change in KINDS:
                scope.add(row)
        return f"article/{slug(article_id)}", scope

    def _take(self, reader: ArchiveReader) -> None:
        for row in recent_changes(reader, self._since):
            for scope in filter(None, map(self.scopes.get, self._paths(row))):
                scope.add(row)

    def _paths(self, row: Article) -> Iterator[str]:
        """Yield the folders whose feeds contain a change; not all of them have to exist."""
        yield row.agency
        if row.edition:
            yield f"{row.agency}/edition/{slug(row.edition)}"
        if self.wanted.authors:
            yield from {_author(person.name) for person in row.authors}
        if self.wanted.searches:
            for search in searches_for(self.archives[row.agency], row, self._matcher):
                yield f"search/{search.name}"

    def _feed(self, path: str, scope: Scope, name: str) -> Feed:
        rows, base = scope.rows(name), self.wanted.address
        return Feed(
            id=urn(base or "", path, name),
            title=f"{scope.title}: {_NAMES[name]}",
            author=_PUBLISHER,
            updated=rows[0].fetched_at if rows else f"{self._since:%Y-%m-%d}T00:00:00Z",
            entries=[self._entry(row) for row in rows],
            note=scope.note,
            addresses={each: f"{base}/{path}/{name}.{each}" for each in FORMATS} if base else {},
            home=self.wanted.reading_room or scope.home,
        )

    def _entry(self, row: Article) -> Entry:
        key = (row.id, row.version)
        if key not in self._entries:
            reader = self.archives[row.agency]
            self._entries[key] = entry_of(reader, row, self.wanted.reading_room)
        return self._entries[key]


def feeds_of(
    folders: Sequence[Path], wanted: Wanted, damaged: list[StorageError]
) -> Iterator[tuple[str, Feed]]:
    """Yield the feeds of archives by path: those of each one, then those of all together.

    A damaged archive is left out, and its error is added to ``damaged``. Raises ``UsageError`` for
    an article of another agency, and for an author without a name.
    """
    _check(wanted, [folder.name for folder in folders])
    sound, own = [], replace(wanted, authors=(), searches=())
    for folder in folders:
        articles = tuple(each for each in wanted.articles if _agency_of(each) == folder.name)
        try:
            with ArchiveReader(folder) as reader:
                found = list(Feeds([reader], replace(own, articles=articles)))
        except StorageError as error:
            damaged.append(error)
        else:
            sound.append(folder)
            yield from found
    if sound and (wanted.authors or wanted.searches):
        with ExitStack() as opened:
            archives = [opened.enter_context(ArchiveReader(each, checked=True)) for each in sound]
            for path, feed in Feeds(archives, replace(wanted, articles=())):
                if path.startswith(("author/", "search/")):
                    yield path, feed


def _check(wanted: Wanted, agencies: Sequence[str]) -> None:
    for name in wanted.authors:
        if not slug(name):
            raise UsageError(f"--author {name}: expected a name")
    for article_id in wanted.articles:
        if _agency_of(article_id) not in agencies:
            known = ", ".join(agencies)
            raise UsageError(f"--article {article_id}: expected an id of an article of: {known}")


def _agency_of(article_id: str) -> str:
    return article_id.partition(":")[0]


def _author(name: str) -> str:
    return f"author/{slug(fold_spelling(name))}"


def slug(text: str) -> str:
    """Return a text in a form that can be the name of a folder."""
    return _UNFIT.sub("-", text).strip("-.")


def _editions(reader: ArchiveReader) -> list[str]:
    query = "SELECT DISTINCT edition FROM article_count WHERE edition != '' AND number > 0"
    return sorted(edition for (edition,) in reader.database.execute(query))

"""The data for browsing: a database of articles and an index of their words.

Both are in one folder, made from the journals of one or more archives. The database records the
number of versions in the index. If it differs, for example after a process was killed, both are
made again.
"""

import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec

from crawler.browse.engine import Engine, versions_in
from crawler.errors import StorageError
from crawler.model.article import SCHEMA as ROW_SCHEMA
from crawler.model.schema import is_newer
from crawler.store.newest_versions import lines_at, newest_lines
from crawler.store.reader import ArchiveReader
from crawler.text.search_query import document, label

LAYOUT = "11"  # a new number: everything is made again
DATABASE, WORDS = "browse.sqlite", "browse.index"
_VERSIONS = "versions in the index"  # key in the database's meta
_TABLES = files("crawler.browse").joinpath("tables.sql")
ROOM = 1_000_000_000  # places for articles of the same second; undated ones are all of one

# Answered from a database index alone, without reading the articles' texts.
_COUNTS = {
    "month_count": "agency, coalesce(edition, '?'), coalesce(month, ''), count(*) FROM article "
    "INDEXED BY article_counted GROUP BY 1, 2, 3",
    "agency": "agency, count(*), sum(is_edited), sum(change = 'gone'), min(published_at), "
    "max(published_at) FROM article INDEXED BY article_counted GROUP BY 1",
}

_decode = msgspec.json.Decoder(dict[str, Any]).decode


class Unreadable(StorageError):
    """One of the archives is damaged. ``agency``: which one."""

    def __init__(self, agency: str, why: str) -> None:
        super().__init__(why)
        self.agency = agency


def columns_of(row: dict[str, Any], older: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the columns of the table of articles for a row, except its place."""
    published = row["published_at"]
    return {
        "id": row["id"],
        "agency": row["agency"],
        "edition": row["edition"],
        "language": row["language"],
        "year": published[:4] if published else None,
        "month": published[:7] if published and len(published) >= 7 else None,
        "published_at": published,
        "category": row["category"]["name"] if row["category"] else None,
        "authors": msgspec.json.encode([each["name"] for each in row["authors"]]).decode(),
        "change": row["change"],
        "version": row["version"],
        "versions": 1 + len(older),
        "is_edited": any(each["change"] == "edited" for each in (row, *older)),
        "url": row["url"],
        "image": row["images"][0]["url"] if row["images"] else None,
        "has_capture": int(row["capture"] is not None),
        "title": row["title"],
        "summary": row["summary"],
        "body": row["body"],
    }


def first_place(published_at: str | None, article_id: str) -> int:
    """Return the first place for an article in the order of all; later ones have higher places."""
    seconds = int(datetime.fromisoformat(f"{published_at}").timestamp()) if published_at else 0
    return seconds * ROOM + crc32(article_id.encode()) % ROOM


def bring_up_to_date(readers: Sequence[ArchiveReader], folder: Path) -> int:
    """Add the new lines of the journals. Return the number of new or changed articles.

    Everything is made again if it was made from another ledger, or from lines that no longer exist,
    or if an article was withdrawn since, so that no file contains it any more. Raises
    ``sqlite3.Error``, ``OSError`` and ``Unreadable``; then nothing has changed, or everything is
    made again next time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    state, before = _state(readers), _made_from(folder)
    if not _goes_on(before, state) or any(_has_withdrawn(each, before) for each in readers):
        _remove(folder)
        before = {}
    filling = _Filling(folder)
    try:
        return filling.take(readers, before, state)
    finally:
        filling.database.close()


def _made_from(folder: Path) -> dict[str, str]:
    """Return the state that database and index were made from. Empty if they do not match."""
    with closing(_opened(folder / DATABASE)) as database:
        before = dict(database.execute("SELECT key, value FROM meta"))
    return before if before.pop(_VERSIONS, "") == str(versions_in(folder / WORDS)) else {}


def _remove(folder: Path) -> None:
    (folder / DATABASE).unlink(missing_ok=True)
    shutil.rmtree(folder / WORDS, ignore_errors=True)


class _Filling:
    """The database and the index, while articles are added."""

    def __init__(self, folder: Path) -> None:
        self.database = _opened(folder / DATABASE)
        self.engine = Engine(folder / WORDS)

    def take(
        self, readers: Sequence[ArchiveReader], before: dict[str, str], state: dict[str, str]
    ) -> int:
        """Add new articles, and record the new state."""
        try:
            with self.database:
                taken = 0
                for reader in readers:
                    with _named(reader):
                        taken += self._take_archive(reader, before)
                if taken:
                    self._count()
                self.database.execute("DELETE FROM meta")
                self.database.executemany("INSERT INTO meta VALUES (?, ?)", state.items())
                number = self.engine.commit()
                self.database.execute("INSERT INTO meta VALUES (?, ?)", (_VERSIONS, str(number)))
            return taken
        except BaseException:
            self.engine.rollback()
            raise

    def _take_archive(self, reader: ArchiveReader, before: dict[str, str]) -> int:
        journal, taken = reader.journal.folder, 0
        ids = _touched(reader, before) if before else None
        if ids is None:
            lines = newest_lines(reader.database, journal)
        else:
            lines = lines_at(_places(reader, ids), journal)
        for taken, line in enumerate(lines, 1):  # noqa: B007
            row = _known(line, reader.folder.name)
            if before:
                self._forget(row["id"])
            self._take_article(row, _older(reader, row))
        return taken

    def _forget(self, article_id: str) -> None:
        self.engine.forget(article_id)
        for table, key in (("article", "id"), ("version", "article_id"),
                           ("translation", "article_id")):  # fmt: skip
            self.database.execute(f"DELETE FROM {table} WHERE {key} = ?", (article_id,))

    def _take_article(self, row: dict[str, Any], older: list[dict[str, Any]]) -> None:
        article = columns_of(row, older)
        article["place"] = place = self._free_place(row)
        self.database.execute(
            f"INSERT INTO article ({', '.join(article)}) VALUES (:{', :'.join(article)})", article
        )
        self.database.executemany(
            "INSERT OR REPLACE INTO translation VALUES (?, ?, ?)",
            [(row["id"], each["id"], each["evidence"]) for each in row["translations"]],
        )
        self.database.executemany(
            "INSERT INTO version VALUES (?, ?, ?, ?, ?, ?)",
            [_version(each, is_newest=each is row) for each in (row, *older)],
        )
        self._index(row, older, place)

    def _free_place(self, row: dict[str, Any]) -> int:
        place = first_place(row["published_at"], row["id"])
        while self.database.execute("SELECT 1 FROM article WHERE place = ?", (place,)).fetchone():
            place += 1
        return place

    def _index(self, row: dict[str, Any], older: list[dict[str, Any]], place: int) -> None:
        """Index each version, except those with the same words as a later one."""
        labels, newest, seen = list(_of_the_article(row, older)), document(row), set()
        for each in (row, *older):
            version = newest if each is row else document(each)
            if version[:3] in seen or each["change"] == "withdrawn":
                continue
            seen.add(version[:3])
            own = frozenset(label for label in version.labels if label[0] not in ("is", "changed"))
            key = (row["id"], place, each["version"])
            after = None if each is row else newest
            self.engine.add(version._replace(labels=own), key, labels, _facets(each), after)

    def _count(self) -> None:
        for table, query in _COUNTS.items():
            self.database.execute(f"DELETE FROM {table}")
            self.database.execute(f"INSERT INTO {table} SELECT {query}")


def _of_the_article(row: dict[str, Any], older: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield the labels that all versions of an article get, whichever version they are true for."""
    for name in (row["id"], row["id"].partition(":")[2]):
        yield "id", name
    for person in row["authors"]:
        yield label("author", person["name"])
    if row["change"] == "gone":
        yield "is", "gone"
    if any(each["change"] == "edited" for each in (row, *older)):
        yield "is", "edited"
    changes = [each for each in (row, *older) if each["change"] != "respelled"]
    for name in {name for each in changes for name in each["changed_fields"]}:
        yield label("changed", name)


def _facets(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "agency": row["agency"],
        "edition": row["edition"],
        "year": (row["published_at"] or "")[:4],
        "category": row["category"] and row["category"]["name"],
        "author": [person["name"] for person in row["authors"]],
    }


def _version(row: dict[str, Any], *, is_newest: bool) -> tuple[Any, ...]:
    texts = (None, None) if is_newest else (row["title"], row["body"])
    return row["id"], row["version"], row["change"], row["fetched_at"], *texts


def _opened(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path)
    database.execute("PRAGMA cache_size = -65536")  # KB; with SQLite's 2 MB, pages are read twice
    if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
        database.executescript(f"BEGIN;{_TABLES.read_text('utf-8')}COMMIT;")
    return database


def _state(readers: Iterable[ArchiveReader]) -> dict[str, str]:
    """Return the state that everything is made from: this layout, ledgers, lengths of journals."""
    state = {"layout": LAYOUT}
    for reader in readers:
        agency, query = reader.folder.name, "SELECT value FROM meta WHERE key = 'id'"
        with _named(reader):
            (state[f"ledger {agency}"],) = reader.database.execute(query).fetchone()
            state |= {_file(agency, name): str(length) for name, length in _lengths(reader)}
    return state


@contextmanager
def _named(reader: ArchiveReader) -> Iterator[None]:
    """Turn the error of a damaged archive into one that says which archive it is."""
    try:
        yield
    except StorageError as error:
        raise Unreadable(reader.folder.name, str(error)) from error


def _lengths(reader: ArchiveReader) -> list[tuple[str, int]]:
    query = "SELECT name, length FROM file WHERE name LIKE '%.jsonl'"
    return reader.database.execute(query).fetchall()


def _file(agency: str, name: str) -> str:
    return f"file {agency}/{name}"


def _goes_on(before: dict[str, str], state: dict[str, str]) -> bool:
    """Return whether everything of the previous state still exists."""
    return bool(before) and all(
        int(value) <= int(state.get(key, -1))
        if key.startswith("file ")
        else value == state.get(key)
        for key, value in before.items()
    )


def _has_withdrawn(reader: ArchiveReader, before: dict[str, str]) -> bool:
    """Return whether an article was withdrawn since."""
    query = "SELECT 1 FROM version WHERE article_id = ? AND change = 'withdrawn'"
    with _named(reader):
        touched = _touched(reader, before)
        return any(reader.database.execute(query, (each,)).fetchone() for each in touched)


def _known(line: bytes, agency: str) -> dict[str, Any]:
    try:
        row = _decode(line)
        newer = is_newer(row["schema"])
    except (msgspec.DecodeError, LookupError, ValueError) as error:
        raise StorageError(
            f"journal: a line that begins with {line[:40]!r} is no row ({error}); restore the "
            "journal from a backup, or go on without damaged lines by: "
            f"scrapy rebuild {agency} --skip-damaged"
        ) from error
    if newer:
        raise StorageError(
            f"journal: {row['id']} version {row['version']} is of schema {row['schema']}, and this "
            f"program knows {ROW_SCHEMA}; update the project"
        )
    return row


def _touched(reader: ArchiveReader, before: dict[str, str]) -> list[str]:
    """Return the articles that the journal has new lines about."""
    found: set[str] = set()
    for name, length in _lengths(reader):
        known = int(before.get(_file(reader.folder.name, name), 0))
        if known < length:
            query = "SELECT article_id FROM version WHERE file = ? AND offset >= ?"
            found.update(name for (name,) in reader.database.execute(query, (name, known)))
    return sorted(found)


def _places(reader: ArchiveReader, ids: Iterable[str]) -> list[tuple[str, int, int]]:
    """Return the places of the newest versions of some articles in the journal."""
    query = (
        "SELECT file, offset, length FROM version JOIN article ON article.id = article_id "
        "AND number = article.version WHERE article_id = ?"
    )
    return [reader.database.execute(query, (article_id,)).fetchone() for article_id in ids]


def _older(reader: ArchiveReader, row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the other versions of an article, the latest first."""
    query = "SELECT count(*) FROM version WHERE article_id = ?"
    if reader.database.execute(query, (row["id"],)).fetchone() == (1,):
        return []
    others = [each for each in reader.versions(row["id"]) if each["version"] != row["version"]]
    return sorted(others, key=lambda each: (each["fetched_at"], each["version"]), reverse=True)

"""The database that is browsed: its tables, brought up to date with the journal.

Plain ``sqlite3`` fills them: sqlite-utils takes in a quarter fewer articles a second, and its
search indexes what a column holds, where ours holds folded words that no column keeps.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec

from crawler.errors import StorageError
from crawler.model.article import SCHEMA as ROW_SCHEMA
from crawler.model.schema import is_newer
from crawler.store.export import lines_at, newest_lines
from crawler.store.reader import ArchiveReader
from crawler.text.orthography import fold_for_search, fold_spelling

LAYOUT = "2"  # another number: the database is made again
_TABLES = files("crawler.browse").joinpath("tables.sql")
_ROOM = 1000  # articles that can have been published in one second

_decode = msgspec.json.Decoder(dict[str, Any]).decode
_VERSION = "article_id, number, change, fetched_at"
_FORGET = "INSERT INTO search (search, rowid, title, body, authors, facets) VALUES ('delete', "


def columns_of(row: dict[str, Any], versions: int) -> dict[str, Any]:
    """Return what the table of articles keeps of a row, all but its place."""
    published = row["published_at"]
    return {
        "id": row["id"],
        "edition": row["edition"],
        "language": row["language"],
        "year": published[:4] if published else None,
        "month": published[:7] if published and len(published) >= 7 else None,
        "published_at": published,
        "category": row["category"]["name"] if row["category"] else None,
        "authors": msgspec.json.encode([each["name"] for each in row["authors"]]).decode(),
        "change": row["change"],
        "version": row["version"],
        "versions": versions,
        "url": row["url"],
        "image": row["images"][0]["url"] if row["images"] else None,
        "has_capture": int(row["capture"] is not None),
        "title": row["title"],
        "summary": row["summary"],
        "body": row["body"],
    }


def first_place(published_at: str | None, article_id: str) -> int:
    """Return where an article stands among all, unless another does; later ones have more."""
    seconds = int(datetime.fromisoformat(f"{published_at}").timestamp()) if published_at else 0
    return seconds * _ROOM + crc32(article_id.encode()) % _ROOM


def indexed(article: dict[str, Any]) -> tuple[str, str, str, str]:
    """Return what the index is told of an article, and is told again to forget it."""
    names = msgspec.json.decode(article["authors"])
    is_respelled = (article["language"] or "").startswith(("uz", "kaa"))
    fold = fold_spelling if is_respelled else fold_for_search
    return (
        fold(article["title"]),
        fold(article["body"]),
        fold(" ; ".join(names)),
        " ".join(_facets(article, names)),
    )


def _facets(article: dict[str, Any], authors: list[str]) -> Iterator[str]:
    for kind in ("edition", "year", "category"):
        if article[kind]:
            yield facet(kind, article[kind])
    for name in authors:
        yield facet("author", name)


def facet(kind: str, value: str) -> str:
    """Return a facet's value as one word; authors and categories are the same in all spellings."""
    folded = fold_spelling(value) if kind in ("author", "category") else value
    return f"{kind}{crc32(folded.encode()):08x}"


def bring_up_to_date(reader: ArchiveReader, path: Path) -> int:
    """Take in what the journal has gained; return how many articles were new or changed.

    What was made from another ledger, or from lines that are no longer there, is made again.
    Raises ``sqlite3.Error`` and ``StorageError``; then everything is as it was.
    """
    state = _state(reader)
    database = _opened(path)
    try:
        before = dict(database.execute("SELECT key, value FROM meta"))
        if not _goes_on(before, state):
            database.close()
            path.unlink()
            database, before = _opened(path), {}
        with database:
            taken = _take(reader, database, before)
            database.execute("DELETE FROM meta")
            database.executemany("INSERT INTO meta VALUES (?, ?)", sorted(state.items()))
        return taken
    finally:
        database.close()


def _opened(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path)
    database.execute("PRAGMA cache_size = -65536")  # KB; with SQLite's 2 MB a page is read again
    if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
        database.executescript(f"BEGIN;{_TABLES.read_text('utf-8')}COMMIT;")
    return database


def _state(reader: ArchiveReader) -> dict[str, str]:
    """Return what the database is made from: this layout, the ledger, the journal's lengths."""
    (ledger,) = reader.database.execute("SELECT value FROM meta WHERE key = 'id'").fetchone()
    lengths = reader.database.execute("SELECT name, length FROM file WHERE name LIKE '%.jsonl'")
    files = {f"file {name}": str(length) for name, length in lengths}
    return {"layout": LAYOUT, "ledger": ledger, **files}


def _goes_on(before: dict[str, str], state: dict[str, str]) -> bool:
    """Tell whether everything the database was made from is still there."""
    return all(
        int(value) <= int(state.get(key, -1)) if key.startswith("file ") else value == state[key]
        for key, value in before.items()
    )


def _take(reader: ArchiveReader, database: sqlite3.Connection, before: dict[str, str]) -> int:
    journal, taken = reader.journal.folder, 0
    if before:
        ids = _touched(reader, before)
        _take_versions(reader, database, ids)
        lines = lines_at(_places(reader, ids), journal)
    else:
        versions = reader.database.execute(f"SELECT {_VERSION} FROM version")
        database.executemany("INSERT INTO version VALUES (?, ?, ?, ?)", versions)
        lines = newest_lines(reader.database, journal)
    for taken, line in enumerate(lines, 1):  # noqa: B007
        row = _known(line, reader.folder.name)
        if before:
            _forget(database, row["id"])
        _take_article(database, row)
    if taken:
        database.execute("DELETE FROM month_count")
        database.execute(
            "INSERT INTO month_count SELECT coalesce(edition, '?'), coalesce(month, ''), count(*) "
            "FROM article GROUP BY 1, 2"
        )
    return taken


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
    """Return the articles of which the journal tells something since then."""
    found: set[str] = set()
    for name, length in reader.database.execute("SELECT name, length FROM file").fetchall():
        known = int(before.get(f"file {name}", 0))
        if known < length:
            query = "SELECT article_id FROM version WHERE file = ? AND offset >= ?"
            found.update(name for (name,) in reader.database.execute(query, (name, known)))
    return sorted(found)


def _places(reader: ArchiveReader, ids: Iterable[str]) -> list[tuple[str, int, int]]:
    """Return where the newest versions of some articles stand in the journal."""
    query = (
        "SELECT file, offset, length FROM version JOIN article ON article.id = article_id "
        "AND number = article.version WHERE article_id = ?"
    )
    return [reader.database.execute(query, (article_id,)).fetchone() for article_id in ids]


def _take_versions(reader: ArchiveReader, database: sqlite3.Connection, ids: Iterable[str]) -> None:
    """Replace what is known of the versions of some articles: withdrawn ones have lost theirs."""
    for article_id in ids:
        database.execute("DELETE FROM version WHERE article_id = ?", (article_id,))
        versions = reader.database.execute(
            f"SELECT {_VERSION} FROM version WHERE article_id = ?", (article_id,)
        )
        database.executemany("INSERT INTO version VALUES (?, ?, ?, ?)", versions)


def _take_article(database: sqlite3.Connection, row: dict[str, Any]) -> None:
    (versions,) = database.execute(
        "SELECT count(*) FROM version WHERE article_id = ?", (row["id"],)
    ).fetchone()
    article = columns_of(row, versions)
    place = first_place(row["published_at"], row["id"])
    while database.execute("SELECT 1 FROM article WHERE place = ?", (place,)).fetchone():
        place += 1
    article["place"] = place
    database.execute(
        f"INSERT INTO article ({', '.join(article)}) VALUES (:{', :'.join(article)})", article
    )
    database.execute(
        "INSERT INTO search (rowid, title, body, authors, facets) VALUES (?, ?, ?, ?, ?)",
        (place, *indexed(article)),
    )
    database.executemany(
        "INSERT OR REPLACE INTO translation VALUES (?, ?, ?)",
        [(row["id"], each["id"], each["evidence"]) for each in row["translations"]],
    )


def _forget(database: sqlite3.Connection, article_id: str) -> None:
    names = ("place", "edition", "language", "year", "category", "authors", "title", "body")
    found = database.execute(
        f"SELECT {', '.join(names)} FROM article WHERE id = ?", (article_id,)
    ).fetchone()
    if found:
        article = dict(zip(names, found, strict=True))
        database.execute(f"{_FORGET}?, ?, ?, ?, ?)", (article["place"], *indexed(article)))
        database.execute("DELETE FROM article WHERE id = ?", (article_id,))
        database.execute("DELETE FROM translation WHERE article_id = ?", (article_id,))

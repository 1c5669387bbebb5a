"""The database that is browsed, brought up to date with the journal."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from crawler.browse.tables import COLUMNS, LAYOUT, SCHEMA, columns_of, first_place, indexed
from crawler.errors import StorageError
from crawler.items import SCHEMA as ROW_SCHEMA
from crawler.newest import lines_at, newest_lines
from crawler.reader import Reader
from crawler.schema import is_newer

_decode = msgspec.json.Decoder(dict[str, Any]).decode
_VERSION = "article_id, number, change, fetched_at"
_INSERT = f"INSERT INTO article ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
_FORGET = "INSERT INTO search (search, rowid, title, body, authors, facets) VALUES ('delete', "


def bring_up_to_date(reader: Reader, path: Path) -> int:
    """Take in what the journal has gained; return how many articles were new or changed.

    What was made from another ledger, or from lines that are no longer there, is made anew.
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
        database.executescript(f"BEGIN;{SCHEMA}COMMIT;")
    return database


def _state(reader: Reader) -> dict[str, str]:
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


def _take(reader: Reader, database: sqlite3.Connection, before: dict[str, str]) -> int:
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


def _touched(reader: Reader, before: dict[str, str]) -> list[str]:
    """Return the articles of which the journal tells something since then."""
    found: set[str] = set()
    for name, length in reader.database.execute("SELECT name, length FROM file").fetchall():
        known = int(before.get(f"file {name}", 0))
        if known < length:
            query = "SELECT article_id FROM version WHERE file = ? AND offset >= ?"
            found.update(name for (name,) in reader.database.execute(query, (name, known)))
    return sorted(found)


def _places(reader: Reader, ids: Iterable[str]) -> list[tuple[str, int, int]]:
    """Return where the newest versions of some articles stand in the journal."""
    query = (
        "SELECT file, offset, length FROM version JOIN article ON article.id = article_id "
        "AND number = article.version WHERE article_id = ?"
    )
    return [reader.database.execute(query, (article_id,)).fetchone() for article_id in ids]


def _take_versions(reader: Reader, database: sqlite3.Connection, ids: Iterable[str]) -> None:
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
    database.execute(_INSERT, [article[name] for name in COLUMNS])
    database.execute(
        "INSERT INTO search (rowid, title, body, authors, facets) VALUES (?, ?, ?, ?, ?)",
        (place, *indexed(article)),
    )
    database.executemany(
        "INSERT OR REPLACE INTO translation VALUES (?, ?, ?)",
        [(row["id"], each["id"], each["evidence"]) for each in row["translations"]],
    )


def _forget(database: sqlite3.Connection, article_id: str) -> None:
    names = ("place", "edition", "year", "category", "authors", "title", "body")
    found = database.execute(
        f"SELECT {', '.join(names)} FROM article WHERE id = ?", (article_id,)
    ).fetchone()
    if found:
        article = dict(zip(names, found, strict=True))
        database.execute(f"{_FORGET}?, ?, ?, ?, ?)", (article["place"], *indexed(article)))
        database.execute("DELETE FROM article WHERE id = ?", (article_id,))
        database.execute("DELETE FROM translation WHERE article_id = ?", (article_id,))

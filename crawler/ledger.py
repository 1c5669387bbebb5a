"""The ledger: the SQLite file that knows every article, sighting, version and mark.

Nothing is committed here; the ``Archive`` commits journal and ledger together.
"""

import sqlite3
import uuid
from dataclasses import dataclass
from pathlib import Path

from crawler.discovery.walk import Mark
from crawler.errors import StorageError
from crawler.frontier import Frontier
from crawler.items import Article

SCHEMA_VERSION = 1

_TABLES = """
CREATE TABLE article (
    id TEXT PRIMARY KEY,
    url TEXT NOT NULL,                 -- canonical, fixed when the article is first found
    address TEXT NOT NULL,             -- where to fetch it: the one that last answered, or as found
    state TEXT NOT NULL,               -- pending stored failed refused absent
    reason TEXT,                       -- of the last failure, refusal or absence
    attempts INTEGER NOT NULL DEFAULT 0,   -- failures in a row
    due REAL,                          -- Unix time of the next fetch; null: none is planned
    priority INTEGER NOT NULL,
    backfill TEXT,                     -- the backfill that asked for it, if one did
    found_at TEXT NOT NULL,
    version INTEGER,                   -- the newest
    title TEXT,
    content_hash TEXT,
    first_seen_at TEXT,
    fetched_at TEXT
) WITHOUT ROWID;
CREATE INDEX article_due ON article (priority, due, id DESC) WHERE due IS NOT NULL;
CREATE TABLE sighting (                -- what each road said of an article, last
    article_id TEXT NOT NULL,
    road TEXT NOT NULL,
    url TEXT NOT NULL,
    edition TEXT, title TEXT, published_raw TEXT, modified_raw TEXT, category TEXT,
    PRIMARY KEY (article_id, road)
) WITHOUT ROWID;
CREATE TABLE version (
    article_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    change TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    source TEXT NOT NULL, code TEXT NOT NULL,          -- of the extractor
    file TEXT NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
    PRIMARY KEY (article_id, number)
) WITHOUT ROWID;
CREATE TABLE mark (
    edition TEXT NOT NULL,
    road TEXT NOT NULL,
    floor TEXT,                        -- order of the last entry of page 1 at the last whole walk
    page_one TEXT NOT NULL,            -- identities on that page 1, joined by newlines
    walked_at TEXT NOT NULL,
    PRIMARY KEY (edition, road)
) WITHOUT ROWID;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE file (name TEXT PRIMARY KEY, length INTEGER NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Known:
    """A recorded version of an article, and where its line stands in the journal."""

    number: int
    content_hash: str
    source: str
    code: str
    file: str
    offset: int
    length: int


class Ledger:
    """One agency's ledger file; reads see what this run wrote, committed or not."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.database = sqlite3.connect(path, isolation_level=None)
        except sqlite3.Error as error:
            raise StorageError(f"{path}: cannot be opened ({error})") from error
        try:
            self.database.execute("PRAGMA journal_mode = WAL")
            self.database.execute("PRAGMA synchronous = FULL")
            self._migrate()
            self.database.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            self.database.close()
            raise StorageError(
                f"{path}: cannot be opened ({error}); if it is damaged, restore a backup"
            ) from error
        self.frontier = Frontier(self.database)

    def _migrate(self) -> None:
        (found,) = self.database.execute("PRAGMA user_version").fetchone()
        if found > SCHEMA_VERSION:
            self.database.close()
            raise StorageError(
                f"{self.path}: made by a newer release (ledger version {found}, this one knows "
                f"{SCHEMA_VERSION}); update the project"
            )
        if found == 0:
            self.database.executescript(
                f"BEGIN;{_TABLES}PRAGMA user_version = {SCHEMA_VERSION};COMMIT;"
            )
            self.database.execute("INSERT INTO meta VALUES ('id', ?)", (uuid.uuid4().hex,))
            self.database.execute("INSERT INTO meta VALUES ('generation', '0')")

    # What the ledger is.

    @property
    def identity(self) -> tuple[str, int]:
        """The ledger's own random id, and how many runs have opened it."""
        meta = dict(self.database.execute("SELECT key, value FROM meta"))
        return meta["id"], int(meta["generation"])

    def next_generation(self) -> None:
        """Count one more run that opened the ledger."""
        self.database.execute(
            "UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'"
        )

    def committed_lengths(self) -> dict[str, int]:
        """Length of each journal file as far as the ledger covers it, by file name."""
        return dict(self.database.execute("SELECT name, length FROM file"))

    def commit(self, lengths: dict[str, int]) -> None:
        """Make everything since the last commit durable, with the files' new lengths."""
        self.database.executemany(
            "INSERT OR REPLACE INTO file VALUES (?, ?)", sorted(lengths.items())
        )
        self.database.execute("COMMIT")
        self.database.execute("BEGIN IMMEDIATE")

    def close(self) -> None:
        """Close the file; what was not committed is dropped."""
        self.database.close()

    # Versions.

    def origin(self, article_id: str) -> tuple[str, str] | None:
        """Return the article's URL and first fetch, fixed at version 1; None if not stored."""
        row: tuple[str, str] | None = self.database.execute(
            "SELECT url, first_seen_at FROM article WHERE id = ? AND version IS NOT NULL",
            (article_id,),
        ).fetchone()
        return row

    def versions(self, article_id: str) -> list[Known]:
        """Return the recorded versions of an article, newest first (by fetch, then number)."""
        rows = self.database.execute(
            "SELECT number, content_hash, source, code, file, offset, length FROM version "
            "WHERE article_id = ? ORDER BY fetched_at DESC, number DESC",
            (article_id,),
        )
        return [Known(*row) for row in rows]

    def record(self, row: Article, place: tuple[str, int, int]) -> None:
        """Note a version that stands in the journal at ``place``: file, offset, length."""
        assert row.extractor is not None
        self.database.execute(
            "INSERT INTO version (article_id, number, change, content_hash, fetched_at, source, "
            "code, file, offset, length) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                row.id,
                row.version,
                row.change,
                row.content_hash,
                row.fetched_at,
                row.extractor.source,
                row.extractor.code,
                *place,
            ),
        )
        self.frontier.settle(row.id, "stored")
        self.database.execute(
            "UPDATE article SET version = ?, title = ?, content_hash = ?, fetched_at = ?, "
            "first_seen_at = ? WHERE id = ?",
            (row.version, row.title, row.content_hash, row.fetched_at, row.first_seen_at, row.id),
        )

    # Marks.

    def mark(self, edition: str, road: str) -> Mark | None:
        """Return how far the last whole walk of a listing had come, if there was one."""
        row = self.database.execute(
            "SELECT floor, page_one FROM mark WHERE edition = ? AND road = ?", (edition, road)
        ).fetchone()
        return Mark(row[0], tuple(row[1].split("\n"))) if row else None

    def set_mark(self, edition: str, road: str, mark: Mark) -> None:
        """Remember a walk that was completed."""
        self.database.execute(
            "INSERT OR REPLACE INTO mark VALUES (?, ?, ?, ?, datetime('now'))",
            (edition, road, mark.floor, "\n".join(mark.page_one)),
        )

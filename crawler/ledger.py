"""The ledger: the SQLite file that knows every article, address, version, mark and run.

Work is queued in it: an article with a ``due`` time is to be fetched, now or later. Nothing is
committed here; the ``Archive`` commits journal and ledger together.
"""

import sqlite3
import time
import uuid
from collections.abc import Collection
from dataclasses import astuple, dataclass
from pathlib import Path

from crawler.discovery.found import LISTING_ROADS, Found
from crawler.discovery.walk import Mark
from crawler.errors import StorageError
from crawler.identity import Identity
from crawler.items import Article

SCHEMA_VERSION = 1

# Order of work: what listings found, then what failed before, then what a backfill asked for.
FRESH, RETRY, BACKFILL = 0, 1, 2

_TABLES = """
CREATE TABLE article (
    id TEXT PRIMARY KEY,
    url TEXT NOT NULL,                 -- canonical, fixed when the article is first found
    address TEXT NOT NULL,             -- where to fetch it: the one that last answered, or as found
    state TEXT NOT NULL,               -- pending stored failed refused absent
    reason TEXT,                       -- of the last failure, refusal or absence
    attempts INTEGER NOT NULL DEFAULT 0,   -- failures in a row
    due INTEGER,                       -- Unix time of the next fetch; null: none is planned
    priority INTEGER NOT NULL,
    backfill TEXT,                     -- the backfill that asked for it, if one did
    found_at TEXT NOT NULL,
    version INTEGER,                   -- the newest
    title TEXT,
    content_hash TEXT,
    first_seen_at TEXT,
    fetched_at TEXT
) WITHOUT ROWID;
CREATE INDEX article_due ON article (priority, due) WHERE due IS NOT NULL;
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
class Work:
    """An article to fetch, with what is known of it."""

    id: str
    url: str
    address: str
    found: Found


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
        self.database = sqlite3.connect(path, isolation_level=None)
        self.database.execute("PRAGMA journal_mode = WAL")
        self.database.execute("PRAGMA synchronous = FULL")
        self._migrate()
        self.database.execute("BEGIN")

    def _migrate(self) -> None:
        (found,) = self.database.execute("PRAGMA user_version").fetchone()
        if found > SCHEMA_VERSION:
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
        self.database.execute("BEGIN")

    def close(self) -> None:
        """Close the file; what was not committed is dropped."""
        self.database.close()

    # Work.

    def discover(
        self, identity: Identity, found: Found, *, backfill: str | None = None, again: bool = False
    ) -> bool:
        """Take note of a found article; return whether that made it work of this run.

        A new article is work. A known one is when ``again`` asks for it, or when the listing
        contradicts what the same road said of it before (another title or time of change).
        """
        contradicts = self._sight(identity.id, found)
        row = self.database.execute(
            "SELECT state, due, backfill FROM article WHERE id = ?", (identity.id,)
        ).fetchone()
        if row is None:
            self._insert(identity, found, backfill)
            return True
        state, due, owner = row
        if due is not None and due <= time.time():
            return self._claim(identity.id, owner, backfill)
        if again or (contradicts and state == "stored"):
            self._queue(identity.id, backfill)
            return True
        return False

    def _sight(self, article_id: str, found: Found) -> bool:
        before = self.database.execute(
            "SELECT title, modified_raw FROM sighting WHERE article_id = ? AND road = ?",
            (article_id, found.road),
        ).fetchone()
        if before == (found.title, found.modified_raw):
            return False
        self.database.execute(
            "INSERT OR REPLACE INTO sighting (article_id, url, road, edition, title, "
            "published_raw, modified_raw, category) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (article_id, *astuple(found)),
        )
        return before is not None

    def _insert(self, identity: Identity, found: Found, backfill: str | None) -> None:
        moment = int(time.time())
        self.database.execute(
            "INSERT INTO article (id, url, address, state, due, priority, backfill, found_at) "
            "VALUES (?, ?, ?, 'pending', ?, ?, ?, datetime(?, 'unixepoch'))",
            (
                identity.id,
                identity.url,
                found.url,
                moment,
                BACKFILL if backfill else FRESH,
                backfill,
                moment,
            ),
        )

    def _claim(self, article_id: str, owner: str | None, backfill: str | None) -> bool:
        """Let a backfill serve an article that already waits; return whether it is new to it."""
        if backfill is None or owner == backfill:
            return False
        self.database.execute(
            "UPDATE article SET backfill = ? WHERE id = ?", (backfill, article_id)
        )
        return True

    def _queue(self, article_id: str, backfill: str | None) -> None:
        self.database.execute(
            "UPDATE article SET due = ?, priority = ?, backfill = ? WHERE id = ?",
            (int(time.time()), BACKFILL if backfill else FRESH, backfill, article_id),
        )

    def work(self, most: int, under_way: Collection[str], backfill: str | None) -> list[Work]:
        """Return at most so many articles that are due and not under way, in order of work.

        With ``backfill``, only what that backfill found.
        """
        rows = self.database.execute(
            "SELECT id, url, address FROM article WHERE due <= ? AND (? IS NULL OR backfill = ?) "
            "ORDER BY priority, due LIMIT ?",
            (int(time.time()), backfill, backfill, most + len(under_way)),
        )
        chosen = [row for row in rows if row[0] not in under_way][:most]
        return [Work(id_, url, address, self._hints(id_)) for id_, url, address in chosen]

    def _hints(self, article_id: str) -> Found:
        """Return what the best-informed road said: the API, if it did."""
        row = self.database.execute(
            "SELECT url, road, edition, title, published_raw, modified_raw, category "
            "FROM sighting WHERE article_id = ? ORDER BY road <> 'api', edition IS NULL LIMIT 1",
            (article_id,),
        ).fetchone()
        return Found(*row)

    def backlog(self, backfill: str | None) -> int:
        """Count the articles that are due, of one backfill or of all."""
        (count,) = self.database.execute(
            "SELECT count(*) FROM article WHERE due <= ? AND (? IS NULL OR backfill = ?)",
            (int(time.time()), backfill, backfill),
        ).fetchone()
        return int(count)

    def is_listed(self, article_id: str) -> bool:
        """Tell whether a listing of the site itself has shown the article."""
        places = ", ".join("?" * len(LISTING_ROADS))
        return bool(
            self.database.execute(
                f"SELECT 1 FROM sighting WHERE article_id = ? AND road IN ({places}) LIMIT 1",
                (article_id, *LISTING_ROADS),
            ).fetchone()
        )

    # Outcomes.

    def settle(self, article_id: str, state: str, reason: str | None = None) -> None:
        """Take an article off the queue with what became of it."""
        self.database.execute(
            "UPDATE article SET state = ?, reason = ?, due = NULL, attempts = 0, backfill = NULL "
            "WHERE id = ?",
            (state, reason, article_id),
        )

    def fail(self, article_id: str, reason: str, wait: int, most: int) -> None:
        """Note a failure; try again after ``wait`` seconds, four times longer each time.

        After ``most`` failures in a row the article is given up: it stays as failed.
        """
        (attempts,) = self.database.execute(
            "SELECT attempts FROM article WHERE id = ?", (article_id,)
        ).fetchone()
        due = None if attempts + 1 >= most else int(time.time()) + wait * 4**attempts
        self.database.execute(
            "UPDATE article SET state = iif(version IS NULL, 'failed', state), reason = ?, "
            "attempts = attempts + 1, due = ?, priority = ? WHERE id = ?",
            (reason, due, RETRY, article_id),
        )

    def unchanged(self, article_id: str, fetched_at: str) -> None:
        """Note that an article was fetched and says what its newest version says."""
        self.settle(article_id, "stored")
        self.database.execute(
            "UPDATE article SET fetched_at = ? WHERE id = ?", (fetched_at, article_id)
        )

    def answered(self, article_id: str, address: str) -> None:
        """Remember the address that answered with the article."""
        self.database.execute(
            "UPDATE article SET address = ? WHERE id = ? AND address <> ?",
            (address, article_id, address),
        )

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
        self.settle(row.id, "stored")
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

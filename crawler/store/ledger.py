"""The ledger: the SQLite file with every article, sighting, version and checkpoint.

Nothing is committed here; the ``Archive`` commits journal and ledger together.
"""

import sqlite3
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from operator import attrgetter
from pathlib import Path
from typing import Any

from crawler.errors import StorageError
from crawler.model.article import Article
from crawler.model.link import Checkpoint
from crawler.model.versions import Known
from crawler.store.capture_queue import ArchivedPages
from crawler.store.database import Database, first_value, note, noted, of_another_release
from crawler.store.frontier import Frontier, PendingArticle
from crawler.store.migrations import MIGRATIONS, SCHEMA_VERSION
from crawler.store.states import States
from crawler.system.clock import now, rfc3339
from crawler.warc.index import CaptureIndex

_TOLD = ("run", "article", "version")  # tables that have a row if anything was ever recorded


class Ledger:
    """One agency's ledger file. Reads see what this run wrote, committed or not."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.database = Database.of(path)
        except sqlite3.Error as error:
            raise StorageError(f"{path}: cannot be opened ({error})") from error
        try:
            self.database.check()
            self.database.execute("PRAGMA journal_mode = WAL")
            self.database.execute("PRAGMA synchronous = FULL")
            self._migrate()
            self.database.check_schema()
            self.database.execute("BEGIN IMMEDIATE")
        except StorageError:
            self.database.close()
            raise
        except sqlite3.Error as error:
            self.database.close()
            raise StorageError(
                f"{path}: cannot be opened ({error}); if it is damaged, make it again by: "
                f"scrapy rebuild {path.parent.name}"
            ) from error
        self.states = States(self.database)
        self.frontier = Frontier(self.states)
        self.archived = ArchivedPages(self.frontier)
        self.captures = CaptureIndex(self.database)

    def _migrate(self) -> None:
        (found,) = self.database.execute("PRAGMA user_version").fetchone()
        if found > SCHEMA_VERSION:
            raise of_another_release(self.path, found)
        for number, step in enumerate(MIGRATIONS[found:], found + 1):
            self.database.executescript(f"BEGIN;{step}PRAGMA user_version = {number};COMMIT;")
        self.database.execute("INSERT OR IGNORE INTO meta VALUES ('id', ?)", (uuid.uuid4().hex,))
        self.database.execute("INSERT OR IGNORE INTO meta VALUES ('generation', '0')")

    # The ledger itself.

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
        self.database.execute("DELETE FROM meta WHERE key = 'closed'")

    @property
    def is_closed(self) -> bool:
        """Whether the last run ended normally, so that it left nothing beyond its last commit."""
        return noted(self.database, "closed") is not None

    @property
    def is_used(self) -> bool:
        """Whether the ledger has any run, article or version."""
        known = " OR ".join(f"EXISTS (SELECT 1 FROM {name})" for name in _TOLD)
        return bool(first_value(self.database, f"SELECT {known}"))

    def mark_closed(self) -> None:
        """Mark the next commit as the last one of a run."""
        note(self.database, "closed", "yes")

    def committed_lengths(self) -> dict[str, int]:
        """The committed length of each journal file, by file name."""
        return dict(self.database.execute("SELECT name, length FROM file"))

    def commit(self, lengths: dict[str, int]) -> None:
        """Make everything since the last commit durable, with the new lengths of the files."""
        self.database.executemany(
            "INSERT OR REPLACE INTO file VALUES (?, ?)", sorted(lengths.items())
        )
        self.database.execute("COMMIT")
        self.database.execute("BEGIN IMMEDIATE")

    def roll_back(self) -> None:
        """Undo everything since the last commit."""
        self.database.execute("ROLLBACK")
        self.database.execute("BEGIN IMMEDIATE")

    def close(self) -> None:
        """Close the file. Changes that were not committed are lost."""
        self.database.close()

    # Pending articles.

    def pending(self, most: int, in_flight: Collection[str]) -> list[PendingArticle]:
        """Return pending articles, at most ``most``, then captures of others in web archives."""
        batch = self.frontier.pending(most, in_flight)
        if self.frontier.scope.backfill is None:  # only backfills have captures
            return batch
        taken = {*in_flight, *(pending.id for pending in batch)}
        return batch + self.archived.pending(most - len(batch), taken)

    def backlog(self) -> int:
        """Count what is due in this run."""
        return self.frontier.backlog() + self.archived.backlog()

    # Versions.

    def origin(self, article_id: str) -> tuple[str, str] | None:
        """Return the article's URL and first fetch, as set by version 1. None if not stored."""
        row: tuple[str, str] | None = self.database.execute(
            "SELECT url, first_seen_at FROM article WHERE id = ? AND version IS NOT NULL",
            (article_id,),
        ).fetchone()
        return row

    def layout(self, article_id: str) -> str | None:
        """Return the layout that an article's newest version was read in. None if not stored."""
        query = (
            "SELECT coalesce(layout, '') FROM article JOIN version "
            "ON article_id = id AND number = article.version WHERE id = ?"
        )
        layout: str | None = first_value(self.database, query, (article_id,))
        return layout

    def versions(self, article_id: str) -> list[Known]:
        """Return the recorded versions of an article, newest first (by fetch, then number)."""
        rows = self.database.execute(
            "SELECT is_visit, article_id, number, change, fetched_at, content_hash, source, code, "
            "file, offset, length, layout FROM version WHERE article_id = ? ORDER BY number DESC",
            (article_id,),
        )
        return newest_first(rows)

    def record(self, row: Article, place: tuple[str, int, int], *, visited: bool = True) -> None:
        """Record a version that the journal has at ``place``: file, offset, length.

        A version that was ``visited`` sets the article's state and its next visit. So does the
        first version, however it was read.
        """
        assert row.extractor is not None
        self.database.execute(
            "INSERT INTO version (article_id, number, change, content_hash, fetched_at, source, "
            "code, file, offset, length, edition, layout, is_visit) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(row.id, row.version, row.change, row.content_hash, row.fetched_at),
                *(row.extractor.source, row.extractor.code, *place),
                *(row.edition, row.extractor.layout, is_visit(row)),
            ),
        )
        if row.capture:
            self.captures.tell_version(row.capture, row.version)
        if newest := self.versions(row.id)[0].number == row.version:
            self._tell_newest(row)
        if row.change == "withdrawn":
            self.states.withdrawn(row.id, row.reason)
            return
        if row.archive_url:  # an archive says nothing about the site of today
            return
        if newest and row.change == "gone":
            self.states.gone(row.id, f"HTTP {row.evidence[-1].status}")
        elif newest and (visited or row.version == 1):
            self.states.fetched(row.id, row.fetched_at)

    def restore(self, row: Article, place: tuple[str, int, int]) -> None:
        """Record a version found in the journal, and its article if it is new."""
        self.states.restored(row)
        self.record(row, place)

    def withdraw_versions(self, article_id: str, hashes: Mapping[int, str]) -> None:
        """Record that each version, by its number, is now only a tombstone with that hash."""
        self.database.execute(
            "UPDATE version_count SET number = number - (SELECT count(*) FROM version "
            "WHERE article_id = ? AND version.change = version_count.change)",
            (article_id,),
        )
        self.database.executemany(
            "UPDATE version SET change = 'withdrawn', content_hash = ? "
            "WHERE article_id = ? AND number = ?",
            [(hashes[number], article_id, number) for number in hashes],
        )
        self.database.execute(
            "INSERT INTO version_count VALUES ('withdrawn', ?) "
            "ON CONFLICT DO UPDATE SET number = number + excluded.number",
            (len(hashes),),
        )

    def describe(self, row: Article) -> None:
        """Add to a version of an earlier release what counters and monitors need."""
        assert row.extractor is not None
        self.database.execute(
            "UPDATE version SET edition = ?, layout = ? WHERE article_id = ? AND number = ?",
            (row.edition, row.extractor.layout, row.id, row.version),
        )
        query = "SELECT version FROM article WHERE id = ?"
        if first_value(self.database, query, (row.id,)) == row.version:
            self._tell_newest(row)

    def _tell_newest(self, row: Article) -> None:
        """Copy the newest version's fields to the article, and mark the years it affects."""
        news = {year := (row.published_at or "")[:4] or None}
        if row.version > 1:
            query = "SELECT year FROM article WHERE id = ?"
            news.add(first_value(self.database, query, (row.id,)))
        self.database.executemany(
            "INSERT OR IGNORE INTO changed_year VALUES (?)", [(name or "",) for name in news]
        )
        self.database.execute(
            "UPDATE article SET version = ?, title = ?, content_hash = ?, first_seen_at = ?, "
            "edition = ?, published_at = ?, year = ? WHERE id = ?",
            (
                *(row.version, row.title, row.content_hash, row.first_seen_at),
                *(row.edition, row.published_at, year, row.id),
            ),
        )

    def undescribed(self) -> Iterator[tuple[str, int, int]]:
        """Yield the places of versions for which an earlier release recorded less; oldest first."""
        return self.database.execute(
            "SELECT file, offset, length FROM version WHERE edition IS NULL AND layout IS NULL "
            "ORDER BY file, offset"
        )

    def prove(self, article_id: str, number: int, code: str) -> None:
        """Record that the present extractor reads a version's page with the same result."""
        self.database.execute(
            "UPDATE version SET code = ? WHERE article_id = ? AND number = ?",
            (code, article_id, number),
        )

    # Runs.

    def runs(self) -> list[str]:
        """Return the ids of all runs, oldest first."""
        return [run for (run,) in self.database.execute("SELECT id FROM run ORDER BY id")]

    def keep_report(self, run: str, report: bytes, *, ended: bool = False) -> None:
        """Save a run's report so far, as JSON."""
        self.database.execute(
            "INSERT OR REPLACE INTO run (id, ended, report) VALUES (?, ?, ?)",
            (run, ended, report.decode()),
        )

    def killed_runs(self) -> list[tuple[str, bytes]]:
        """Return id and last report of runs that never ended."""
        rows = self.database.execute("SELECT id, report FROM run WHERE NOT ended ORDER BY id")
        return [(run, report.encode()) for run, report in rows]

    # Checkpoints.

    def checkpoint(self, edition: str, source: str) -> Checkpoint | None:
        """Return how far the last complete crawl of a listing came. None if there was none."""
        row = self.database.execute(
            "SELECT floor, page_one, total FROM mark WHERE edition = ? AND road = ?",
            (edition, source),
        ).fetchone()
        return Checkpoint(row[0], tuple(row[1].split("\n")), row[2]) if row else None

    def set_checkpoint(self, edition: str, source: str, checkpoint: Checkpoint) -> None:
        """Save how far a complete crawl came."""
        self.database.execute(
            "INSERT OR REPLACE INTO mark VALUES (?, ?, ?, ?, datetime(?), ?)",
            (
                edition,
                source,
                checkpoint.floor,
                "\n".join(checkpoint.page_one),
                rfc3339(now()),
                checkpoint.total,
            ),
        )


def newest_first(rows: Iterable[tuple[Any, ...]]) -> list[Known]:
    """Order an article's versions; they are given from the highest number down.

    A version recorded before a visit was also fetched before it. If its time contradicts that, it
    came from a clock that ran ahead, or from an archive, and is treated as no newer than the visit.
    """
    versions, last = [], "~"  # later than any time
    for visited, *told in rows:
        known = Known(*told)
        if known.fetched_at > last:
            known = replace(known, fetched_at=last)
        elif visited:
            last = known.fetched_at
        versions.append(known)
    return sorted(versions, key=attrgetter("fetched_at"), reverse=True)


def is_visit(row: Article) -> bool:
    """Return whether a version was recorded when it was fetched.

    One from an archive, or read again from its capture, was fetched earlier.
    """
    if row.archive_url or row.change == "older" or row.run.startswith("reparse-"):
        return False
    return row.change != "reparsed" or _digits(row.fetched_at) >= _digits(row.run[:16])


def _digits(moment: str) -> str:
    return "".join(filter(str.isdigit, moment))

"""The frontier: which articles are to be fetched, in which order, and what became of them."""

import sqlite3
import time
from collections.abc import Collection
from dataclasses import astuple, dataclass

from crawler.discovery.found import LISTING_ROADS, Found
from crawler.identity import Identity

# Order of work: what listings found, then what failed before, then what a backfill asked for.
FRESH, RETRY, BACKFILL = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Work:
    """An article to fetch, with what is known of it."""

    id: str
    url: str
    address: str
    found: Found


class Frontier:
    """The ledger's articles as work; an article with a ``due`` time waits to be fetched.

    A run works on what was due when it began, and on what it finds (due at once: 0, whatever the
    clock says); what fails is due later, for a later run, so that each article ends once a run.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database
        self.began = time.time()

    def discover(
        self, identity: Identity, found: Found, *, backfill: str | None = None, again: bool = False
    ) -> bool:
        """Take note of a found article; return whether that made it work of this run.

        A new article is work. A known one is when ``again`` asks for it, when the listing
        contradicts what the same road said of it before (another title or time of change), or
        when the site lists at last what was absent.
        """
        row = self.database.execute(
            "SELECT state, due, backfill FROM article WHERE id = ?", (identity.id,)
        ).fetchone()
        if row is None:
            self._sight(identity.id, found)
            self._insert(identity, found, backfill)
            return True
        state, due, owner = row
        listed_at_last = (
            state == "absent" and found.road in LISTING_ROADS and not self.is_listed(identity.id)
        )
        contradicts = self._sight(identity.id, found)
        if due is not None and due < self.began:
            return self._claim(identity.id, owner, backfill)
        speaks = due is None and (contradicts or listed_at_last)
        if again or speaks:
            self._queue(identity.id, backfill, found.url if speaks else None)
        return again or speaks

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
        self.database.execute(
            "INSERT INTO article (id, url, address, state, due, priority, backfill, found_at) "
            "VALUES (?, ?, ?, 'pending', 0, ?, ?, datetime('now'))",
            (identity.id, identity.url, found.url, BACKFILL if backfill else FRESH, backfill),
        )

    def _claim(self, article_id: str, owner: str | None, backfill: str | None) -> bool:
        """Let a backfill serve an article that already waits; return whether it is new to it."""
        if backfill is None or owner == backfill:
            return False
        self.database.execute(
            "UPDATE article SET backfill = ? WHERE id = ?", (backfill, article_id)
        )
        return True

    def _queue(self, article_id: str, backfill: str | None, address: str | None) -> None:
        """Make a known article work; a listing that has news of it may have a new address, too."""
        self.database.execute(
            "UPDATE article SET due = 0, priority = ?, backfill = ?, "
            "address = coalesce(?, address) WHERE id = ?",
            (BACKFILL if backfill else FRESH, backfill, address, article_id),
        )

    def work(self, most: int, under_way: Collection[str], backfill: str | None) -> list[Work]:
        """Return at most so many articles that are due and not under way, in order of work.

        Of those found at once the highest ids come first: ids grow with time. With ``backfill``,
        only what that backfill found.
        """
        rows = self.database.execute(
            "SELECT id, url, address FROM article WHERE due < ? AND (? IS NULL OR backfill = ?) "
            "ORDER BY priority, due, id DESC LIMIT ?",
            (self.began, backfill, backfill, most + len(under_way)),
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
            "SELECT count(*) FROM article WHERE due < ? AND (? IS NULL OR backfill = ?)",
            (self.began, backfill, backfill),
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
        due = None if attempts + 1 >= most else time.time() + wait * 4**attempts
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

"""The frontier: the articles to fetch, and their order."""

from collections.abc import Collection
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from crawler.model.identity import Identity
from crawler.model.link import LISTING_SOURCES, Link
from crawler.store.database import first_value
from crawler.store.states import BACKFILL, FRESH, RETRY, REVISIT, States, Validators
from crawler.system.clock import steady

PRIORITIES = (FRESH, REVISIT, RETRY, BACKFILL)

_told = attrgetter("url", "source", "edition", "title", "published_raw", "modified_raw", "category")


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the frontier that a run serves: a backfill's articles, and some priorities."""

    backfill: str | None = None
    priorities: tuple[int, ...] = PRIORITIES

    def holds(self, priority: int, backfill: str | None) -> bool:
        """Return whether an article of that priority, asked for by that backfill, is served."""
        asked_for = backfill is not None and backfill == self.backfill
        return asked_for or priority in self.priorities


@dataclass(frozen=True, slots=True)
class MementoLink:
    """A capture of an article in a web archive.

    ``digest``: of its payload, as the archive's index has it. ``taken_at``: RFC 3339 in UTC.
    ``url``: the address of the page as it was captured.
    """

    digest: str
    taken_at: str
    url: str


@dataclass(frozen=True, slots=True)
class PendingArticle:
    """An article to fetch, with what is known of it. ``archived``: its capture, if from an archive.

    ``attempts``: failures in a row so far.
    """

    id: str
    url: str
    address: str
    link: Link
    validators: Validators | None = None
    archived: MementoLink | None = None
    attempts: int = 0


class Frontier:
    """The articles that are pending: those in the ledger with a ``due`` time.

    A round of a run serves what was due when it began, and what it discovers (due at once, whatever
    the clock says). Failed articles are due later, so each article ends once per round. ``scope``:
    what the run serves.
    """

    def __init__(self, states: States) -> None:
        self.states = states
        self.database = states.database
        self.began = steady()
        self.scope = Scope()

    # Discovery.

    def discover(
        self, identity: Identity, link: Link, *, backfill: str | None = None, again: bool = False
    ) -> bool:
        """Record a discovered article. Return whether this run must now fetch it.

        A new article is pending. A known one is pending if ``again`` asks for it, if the listing
        contradicts what was known (another title or time of change), or if the site lists an
        article that was absent, gone, or known only from web archives. An article that was missing
        or gone exists if the site lists it. A withdrawn one is never pending.
        """
        row = self.database.execute(
            "SELECT state, due, priority, backfill, title FROM article WHERE id = ?",
            (identity.id,),
        ).fetchone()
        if row is None:
            self.sight(identity.id, link)
            self.states.discovered(identity, link, backfill)
            return True
        state, due, priority, owner, title = row
        if state == "withdrawn":  # and what the source says is not recorded
            return False
        is_listed = link.source in LISTING_SOURCES
        listed_at_last = state == "archived" or (
            state == "absent" and is_listed and not self.is_listed(identity.id)
        )
        if state in ("missing", "gone") and is_listed:
            self.states.listed(identity.id)
        contradicts = self.sight(identity.id, link, title)
        waits = due is not None and state in ("pending", "failed")
        served = due is not None and due < self.began and self.scope.holds(priority, owner)
        if waits and due < self.began:
            return self._claim(identity.id, owner, backfill) and not served
        speaks = not waits and (contradicts or listed_at_last or (state == "gone" and is_listed))
        if not (again or speaks):
            return False
        self.states.discovered_again(identity.id, backfill, link.url if speaks else None)
        return not served

    def sight(self, article_id: str, link: Link, title: str | None = None) -> bool:
        """Record an entry of a source. Return whether it contradicts earlier data."""
        before = self.database.execute(
            "SELECT title, modified_raw, edition FROM sighting WHERE article_id = ? AND road = ?",
            (article_id, link.source),
        ).fetchone()
        if before is not None:
            *told_before, edition = before
            says = [link.title, link.modified_raw]
            if says in (told_before, [None, None]) or edition not in (None, link.edition):
                self._see_again(article_id, link.source, is_same=says == told_before)
                return False
        contradicts = before is not None
        if not contradicts and title and link.title and not self.is_listed(article_id):
            contradicts = title.split() != link.title.split()
        self.database.execute(
            "INSERT OR REPLACE INTO sighting (article_id, url, road, edition, title, "
            "published_raw, modified_raw, category, seen_at, told_at, changed_at) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, iif(?10, ?9, NULL))",
            (article_id, *_told(link), steady(), before is not None),
        )
        return contradicts

    def _see_again(self, article_id: str, source: str, *, is_same: bool) -> None:
        """Record that a source shows an article. ``is_same``: with the same title and time."""
        self.database.execute(
            "UPDATE sighting SET seen_at = ?1, told_at = iif(?2, ?1, told_at) "
            "WHERE article_id = ?3 AND road = ?4",
            (steady(), is_same, article_id, source),
        )

    def _claim(self, article_id: str, owner: str | None, backfill: str | None) -> bool:
        """Assign an article that is already pending to a backfill. Return whether that is new."""
        if backfill is None or owner == backfill:
            return False
        self.database.execute(
            "UPDATE article SET backfill = ? WHERE id = ?", (backfill, article_id)
        )
        return True

    def is_listed(self, article_id: str, since: float = 0) -> bool:
        """Return whether a listing of the site has shown the article ``since`` a Unix time."""
        places = ", ".join("?" * len(LISTING_SOURCES))
        query = (
            f"SELECT 1 FROM sighting WHERE article_id = ? AND road IN ({places}) "
            "AND coalesce(seen_at, 0) >= ? LIMIT 1"
        )
        return bool(first_value(self.database, query, (article_id, *LISTING_SOURCES, since)))

    def is_listed_now(self, article_id: str) -> bool:
        """Return whether a listing has shown the article in this round of the run."""
        return self.is_listed(article_id, self.began)

    def visit_all(self, backfill: str) -> None:
        """Make every stored article pending for a backfill, unless some are still left from before.

        They wait behind all others: there may be a million, most of them unchanged.
        """
        query = "SELECT 1 FROM article WHERE backfill = ? AND due < ? LIMIT 1"
        if not first_value(self.database, query, (backfill, self.began)):
            self.database.execute(
                "UPDATE article SET due = 0, priority = ?, backfill = ? "
                "WHERE version IS NOT NULL AND state NOT IN ('archived', 'withdrawn')",
                (BACKFILL, backfill),
            )

    def visit(self, article_id: str, backfill: str) -> bool:
        """Make one article pending for a backfill. Return False if it is unknown or withdrawn."""
        cursor = self.database.execute(
            "UPDATE article SET due = 0, priority = ?, backfill = ? "
            "WHERE id = ? AND state <> 'withdrawn'",
            (REVISIT, backfill, article_id),
        )
        return cursor.rowcount == 1

    # Fetching.

    def pending(self, most: int, in_flight: Collection[str]) -> list[PendingArticle]:
        """Return due articles, at most ``most``, that are not in flight, in order of priority.

        Of those discovered at once, the highest ids come first: ids grow with time.
        """
        chosen: list[PendingArticle] = []
        for condition, values in self.queues():
            rows = self.database.execute(
                "SELECT id, url, address, edition, state, attempts, "
                "strftime('%s', fetched_at) + 1, etag, last_modified, size, code "
                f"FROM article WHERE {condition} ORDER BY priority, due, id DESC LIMIT ?",
                (*values, most + len(in_flight)),
            )
            fresh = [row for row in rows if row[0] not in in_flight]
            chosen += [self._pending(row) for row in fresh[: most - len(chosen)]]
            if len(chosen) == most:
                break
        return chosen

    def queues(self) -> list[tuple[str, tuple[object, ...]]]:
        """Return the scope as conditions that do not overlap, each served by an index."""
        backfill = self.scope.backfill
        others = "priority = ? AND due < ? AND (? IS NULL OR backfill IS NOT ?)"
        queues: list[tuple[str, tuple[object, ...]]] = [
            (others, (priority, self.began, backfill, backfill))
            for priority in self.scope.priorities
        ]
        if backfill is not None:
            own = "backfill = ? AND priority = ? AND due < ?"
            queues += [(own, (backfill, priority, self.began)) for priority in PRIORITIES]
        return queues

    def _pending(self, row: tuple[Any, ...]) -> PendingArticle:
        article_id, url, address, edition, state, attempts, visited, *told = row
        validators = Validators(*told) if state == "stored" and told[-1] else None
        is_known = state in ("stored", "missing", "gone")
        since = min(self.began, visited or self.began) if is_known else 0
        link = self._hints(article_id, since)
        link = link or Link(address, "urls", edition)
        return PendingArticle(article_id, url, address, link, validators, attempts=attempts)

    def _hints(self, article_id: str, since: float) -> Link | None:
        """Return what the best-informed source said: the API, if it did.

        Its time of change counts only if what it said changed ``since`` a Unix time, the last visit
        or the beginning of the round. If the article changed after that, the time is out of date.
        """
        row = self.database.execute(
            "SELECT url, road, edition, title, published_raw, "
            "iif(coalesce(changed_at, 0) >= ?, modified_raw, NULL), category "
            "FROM sighting WHERE article_id = ? ORDER BY road <> 'api', edition IS NULL LIMIT 1",
            (since, article_id),
        ).fetchone()
        return Link(*row) if row else None

    def times_of_change(self, article_id: str) -> list[str]:
        """Return the times of change that sources last told of an article, as they write them."""
        query = "SELECT modified_raw FROM sighting WHERE article_id = ? AND modified_raw <> ''"
        return [raw for (raw,) in self.database.execute(query, (article_id,))]

    def last_read(self, but: str, layout: str | None) -> PendingArticle | None:
        """Return the stored article that was read last from a page, in one layout or in any."""
        row = self.database.execute(
            "SELECT id, article.url, address FROM article JOIN version "
            "ON article_id = id AND number = article.version WHERE state = 'stored' AND id <> ? "
            "AND source = 'page' AND (? IS NULL OR layout = ?) "
            "ORDER BY article.fetched_at DESC, id DESC LIMIT 1",
            (but, layout, layout),
        ).fetchone()
        if row is None:
            return None
        article_id, url, address = row
        return PendingArticle(article_id, url, address, Link(address, "urls"))

    def backlog(self) -> int:
        """Count the articles that are due in this run."""
        return sum(
            first_value(self.database, f"SELECT count(*) FROM article WHERE {condition}", values)
            for condition, values in self.queues()
        )

    def failed(self, backfill: str) -> int:
        """Count the articles of a backfill whose last fetch failed."""
        query = "SELECT count(*) FROM article WHERE backfill = ? AND priority = ?"
        return int(first_value(self.database, query, (backfill, RETRY)))

"""The state of each article, when it is visited again, and withdrawals that have begun."""

import sqlite3
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import attrgetter

from crawler.model.article import Article, Sighting
from crawler.model.identity import Identity
from crawler.model.link import Link
from crawler.store.database import first_value, note
from crawler.system.clock import now, rfc3339, steady

# Seconds after publication; the setting has the same in hours.
REVISIT_AGES = (3_600.0, 21_600.0, 86_400.0, 259_200.0, 604_800.0, 2_592_000.0)
# Order of fetching: new in a listing, revisits, failed before, backfills.
FRESH, REVISIT, RETRY, BACKFILL = 0, 1, 2, 3

_KEY = "withdrawing "  # followed by the article's id, in the meta table

DAY = 86_400.0  # seconds
YEAR = 365 * DAY
# Each article has its own day for its yearly visit, so a day's articles spread over months.
SPREAD = 180 * DAY


@dataclass(frozen=True, slots=True)
class Validators:
    """What a site needs to say that a page has not changed since ``code`` last read it.

    Without ETag and Last-Modified the page is always fetched. ``size``: bytes of its body.
    """

    etag: str | None
    last_modified: str | None
    size: int | None
    code: str | None


_told = attrgetter(*Validators.__dataclass_fields__)


class States:
    """The state of each article. Only this class writes ``article.state``; each event is a method.

    ::

                  discovered           fetched           missing            gone
        (unknown) ----------> pending --------> stored ----------> missing ------> gone
            |                  ^ |                ^                   |              |
            | captured         | |                +-- listed, fetched +--------------+
            v                  | |
        archived --------------+ +-- failed ---> failed (tried again, until it is given up)
              discovered_again   +-- settled --> refused, absent (until discovered_again)

    A failed or refused article becomes stored when it is ``fetched``, and pending when an audit has
    it ``requeued``. An article that a rebuild finds in the journal is ``restored``. From each
    state, ``withdrawn`` leads to withdrawn, for good.

    An article with a version stays stored whatever a later visit brings, until it is missing.
    ``ages``: when it is visited again, in seconds after publication.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database
        self.ages: Sequence[float] = REVISIT_AGES

    def state(self, article_id: str) -> str | None:
        """Return an article's state. None if it is not known."""
        query = "SELECT state FROM article WHERE id = ?"
        state: str | None = first_value(self.database, query, (article_id,))
        return state

    def edition(self, article_id: str) -> str | None:
        """Return an article's edition: its newest version's, else the first that listed it."""
        query = "SELECT edition FROM article WHERE id = ?"
        edition: str | None = first_value(self.database, query, (article_id,))
        return edition

    def is_anothers(self, article_id: str, own_ids: Collection[str]) -> bool:
        """Return whether a page belongs to another known article than the one requested.

        ``own_ids``: from the addresses that the page gives as its own. Unknown ids say nothing: a
        site may write these addresses in another way.
        """
        is_own = not own_ids or article_id in own_ids
        return not is_own and any(self.state(each) for each in own_ids)

    # How it becomes known.

    def discovered(self, identity: Identity, link: Link, backfill: str | None) -> None:
        """A source, or a backfill, shows an unknown article: it is pending at once."""
        self.database.execute(
            "INSERT INTO article (id, url, address, edition, state, due, priority, backfill, "
            "found_at) VALUES (?, ?, ?, ?, 'pending', 0, ?, ?, datetime(?))",
            (
                *(identity.id, identity.url, link.url, link.edition),
                *(BACKFILL if backfill else FRESH, backfill, rfc3339(now())),
            ),
        )

    def discovered_again(self, article_id: str, backfill: str | None, address: str | None) -> None:
        """A known article is pending again; the listing may have a new address."""
        self.database.execute(
            "UPDATE article SET due = 0, priority = ?, backfill = ?, state = iif(state <> "
            "'archived', state, iif(version IS NULL, 'pending', 'stored')), "
            "address = coalesce(?, address) WHERE id = ?",
            (BACKFILL if backfill else FRESH, backfill, address, article_id),
        )

    def captured(self, identity: Identity, address: str) -> None:
        """A web archive has the article. This changes nothing if the article is known."""
        known_at = rfc3339(now())
        self._insert(identity.id, identity.url, address, "archived", known_at)

    def restored(self, row: Article) -> None:
        """A version of the article exists. This changes nothing if the article is known.

        A journal does not say how many visits found it.
        """
        state = "archived" if row.archive_url else "stored"
        self._insert(row.id, row.url, row.url, state, row.first_seen_at, visits=None)

    def _insert(
        self, article_id: str, url: str, address: str, state: str, found_at: str,
        *, visits: int | None = 0,
    ) -> None:  # fmt: skip
        self.database.execute(
            "INSERT OR IGNORE INTO article (id, url, address, state, priority, found_at, visits) "
            "VALUES (?, ?, ?, ?, ?, datetime(?), ?)",
            (article_id, url, address, state, REVISIT, found_at, visits),
        )

    def listed(self, article_id: str) -> None:
        """The site lists an article that was missing or gone, so it exists.

        Its rows stay as they are until its page is fetched. If it was gone, that page is requested
        in full, because a new row must say that the article is back.
        """
        self.database.execute("DELETE FROM absence WHERE article_id = ?", (article_id,))
        self.database.execute(
            "UPDATE article SET code = iif(state = 'gone', NULL, code), state = 'stored', "
            "reason = NULL WHERE id = ?",
            (article_id,),
        )

    def requeued(self, state: str, where: str, values: Sequence[object]) -> int:
        """Articles in a state may be tried as often as new ones. Return their number."""
        return self.database.execute(
            "UPDATE article SET state = 'pending', reason = NULL, attempts = 0, due = 0, "
            f"priority = ? WHERE state = ? AND {where}",
            (RETRY, state, *values),
        ).rowcount

    # Results of a fetch.

    def settled(self, article_id: str, state: str, reason: str | None = None) -> None:
        """The article is no longer pending, for this reason; a stored one is visited again."""
        self.database.execute(
            "UPDATE article SET state = iif(version IS NULL, ?, state), reason = ?, due = ?, "
            "priority = ?, attempts = 0, backfill = NULL WHERE id = ?",
            (state, reason, self._next_visit(article_id), REVISIT, article_id),
        )

    def fetched(self, article_id: str, fetched_at: str) -> None:
        """The article was fetched and has the content of its newest version."""
        self.database.execute("DELETE FROM absence WHERE article_id = ?", (article_id,))
        self.database.execute(
            "UPDATE article SET state = 'stored', fetched_at = ?, reason = NULL, due = ?, "
            "priority = ?, attempts = 0, backfill = NULL, visits = visits + 1 WHERE id = ?",
            (fetched_at, self._next_visit(article_id, is_there=True), REVISIT, article_id),
        )

    def _next_visit(self, article_id: str, *, is_there: bool = False) -> float | None:
        """Return when a stored article is visited next. None for one that is not stored.

        An article that was gone may exist again.
        """
        row = self.database.execute(
            "SELECT coalesce(published_at, first_seen_at), state FROM article "
            "WHERE id = ? AND version IS NOT NULL",
            (article_id,),
        ).fetchone()
        if row is None:
            return None
        anchor, state = row
        seldom = state == "gone" and not is_there
        return next_visit(article_id, anchor, steady(), self.ages[-1:] if seldom else self.ages)

    def failed(self, article_id: str, reason: str, wait: int, most: int) -> None:
        """The fetch failed. Try again after ``wait`` seconds, four times longer each time.

        After ``most`` failures in a row the article is given up: it stays failed. A stored one
        waits for its next revisit.
        """
        query = "SELECT attempts FROM article WHERE id = ?"
        attempts = first_value(self.database, query, (article_id,))
        given_up = attempts + 1 >= most
        due = self._next_visit(article_id) if given_up else steady() + wait * 4**attempts
        self.database.execute(
            "UPDATE article SET state = iif(version IS NULL, 'failed', state), reason = ?, "
            "attempts = iif(? AND version IS NOT NULL, 0, attempts + 1), due = ?, priority = ? "
            "WHERE id = ?",
            (reason, given_up, due, RETRY, article_id),
        )

    def doubt_the_clock(self) -> None:
        """Make due what is planned impossibly far ahead: that was written by a wrong clock."""
        last = steady() + max(self.ages, default=0) + YEAR + SPREAD
        self.database.execute(
            "UPDATE article SET due = 0 WHERE priority IN (?, ?, ?, ?) AND due > ?",
            (FRESH, REVISIT, RETRY, BACKFILL, last),
        )

    # Articles that no longer exist.

    def note_absence(self, article_id: str, answers: Sequence[Sighting]) -> None:
        """Record the responses of a visit that show a stored article to be missing.

        Responses with a later date are removed: their clock ran ahead.
        """
        self.database.execute(
            "DELETE FROM absence WHERE article_id = ? AND at > ?",
            (article_id, max(each.at for each in answers)),
        )
        self.database.executemany(
            "INSERT OR REPLACE INTO absence (article_id, at, asked, url, status) "
            "VALUES (?, ?, ?, ?, ?)",
            [(article_id, each.at, each.asked, each.url, each.status) for each in answers],
        )

    def absences(self, article_id: str) -> list[Sighting]:
        """Return the responses that show an article to be missing, oldest first.

        Each visit requests the page, and the page before the API.
        """
        rows = self.database.execute(
            "SELECT status, at, asked, url FROM absence WHERE article_id = ? "
            "ORDER BY at, asked = 'api'",
            (article_id,),
        )
        return [Sighting(*row) for row in rows]

    def missing(self, article_id: str, reason: str, due: float) -> None:
        """A stored article is missing. ``due``: when to look again."""
        self.database.execute(
            "UPDATE article SET state = 'missing', reason = ?, due = ?, priority = ?, "
            "attempts = 0, backfill = NULL WHERE id = ?",
            (reason, due, REVISIT, article_id),
        )

    def gone(self, article_id: str, reason: str) -> None:
        """The article is gone. It is still visited, but seldom."""
        self.database.execute("UPDATE article SET state = 'gone' WHERE id = ?", (article_id,))
        self.settled(article_id, "gone", reason)

    def withdrawn(self, article_id: str, reason: str | None) -> None:
        """The article must never be fetched again. Remove what was recorded about it.

        Its addresses stay, so that it can be recognised.
        """
        self.database.execute(
            "UPDATE article SET state = 'withdrawn', reason = coalesce(?, reason), due = NULL, "
            "backfill = NULL, attempts = 0, title = NULL, etag = NULL, last_modified = NULL, "
            "size = NULL, code = NULL WHERE id = ?",
            (reason, article_id),
        )
        self.database.execute(
            "UPDATE sighting SET title = NULL, published_raw = NULL, modified_raw = NULL, "
            "category = NULL WHERE article_id = ?",
            (article_id,),
        )
        for statement in (
            "DELETE FROM absence WHERE article_id = ?",
            "UPDATE archived SET due = NULL WHERE article_id = ?",
        ):
            self.database.execute(statement, (article_id,))

    def hide_address(self, article_id: str, url: str) -> None:
        """Delete the addresses of a withdrawn article; ``url`` replaces them."""
        self.database.execute(
            "UPDATE article SET url = ?1, address = ?1 WHERE id = ?2", (url, article_id)
        )
        for table in ("sighting", "archived"):
            self.database.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))

    # The last response.

    def answered(self, article_id: str, address: str) -> None:
        """Save the address that returned the article."""
        self.database.execute(
            "UPDATE article SET address = ? WHERE id = ? AND address <> ?",
            (address, article_id, address),
        )

    def validate_with(self, article_id: str, validators: Validators) -> None:
        """Save the validators of the page, once its content is recorded."""
        self.database.execute(
            "UPDATE article SET etag = ?, last_modified = ?, size = ?, code = ? WHERE id = ?",
            (*_told(validators), article_id),
        )


def begin_withdrawal(database: sqlite3.Connection, article_id: str) -> None:
    """Record that an article is being removed from the archive."""
    note(database, _KEY + article_id, "")


def end_withdrawal(database: sqlite3.Connection, article_id: str) -> None:
    """Record that nothing of an article is left in the archive."""
    database.execute("DELETE FROM meta WHERE key = ?", (_KEY + article_id,))


def unfinished_withdrawals(database: sqlite3.Connection) -> list[str]:
    """Return the ids of articles whose withdrawal has begun but not finished."""
    keys = database.execute("SELECT key FROM meta WHERE key GLOB ? ORDER BY key", (f"{_KEY}*",))
    return [key.removeprefix(_KEY) for (key,) in keys]


def find_unfinished(database: sqlite3.Connection) -> None:
    """Note again, in a ledger made from the files, which withdrawals have left something there."""
    database.execute(
        "UPDATE capture SET kind = 'withdrawn' WHERE article_id IN "
        "(SELECT id FROM article WHERE state = 'withdrawn')"
    )
    left = database.execute(
        "SELECT id FROM article WHERE state = 'withdrawn' AND "
        "(EXISTS (SELECT 1 FROM version WHERE article_id = id AND change <> 'withdrawn') "
        "OR EXISTS (SELECT 1 FROM capture WHERE article_id = id))"
    )
    for (article_id,) in left.fetchall():
        begin_withdrawal(database, article_id)


def next_visit(article_id: str, anchor: str, moment: float, ages: Sequence[float]) -> float:
    """Return when to visit an article next: Unix time, after ``moment``.

    ``anchor``: RFC 3339, when it was published, else first seen; ``ages``: seconds after that,
    ascending. Beyond the last age comes a visit a year, spread by the article's id.
    """
    born = datetime.fromisoformat(anchor)
    start = min(born.replace(tzinfo=born.tzinfo or UTC).timestamp(), moment)
    for age in ages:
        if start + age > moment:
            return start + age
    share = zlib.crc32(article_id.encode()) / 2**32
    due = start + (ages[-1] if ages else 0) + YEAR + share * SPREAD
    return due + max(0, (moment - due) // YEAR + 1) * YEAR

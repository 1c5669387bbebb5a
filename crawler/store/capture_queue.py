"""The ledger's captures in web archives: which are pending, and how the others ended."""

from collections.abc import Collection, Iterator

from crawler.extract.memento import Memento, read_memento
from crawler.model.identity import Identity
from crawler.model.link import Link
from crawler.store.database import first_value
from crawler.store.frontier import Frontier, MementoLink, PendingArticle
from crawler.system.clock import steady

_READ_AT_ONCE = 100  # more than asked for: one capture per article is fetched at a time


class ArchivedPages:
    """Captures that are pending for the backfill that found them, and for no other run.

    Of an article's captures with equal content, only the latest is kept. A capture proves nothing
    about the live site: an article that only web archives have gets the state ``archived``, and is
    not requested until the site itself lists it.
    """

    def __init__(self, frontier: Frontier) -> None:
        self.database = frontier.database
        self.frontier = frontier

    # Search results.

    def note(self, identity: Identity, memento: Memento, digest: str) -> bool:
        """Record a capture. Return whether this run must fetch it.

        Raises ``FalseTime``, with nothing recorded, if the capture's time is impossible.
        """
        backfill = self.frontier.scope.backfill
        assert backfill is not None, "only a backfill searches archives"
        if self.frontier.states.state(identity.id) == "withdrawn":
            return False
        known = self.database.execute(
            "SELECT due, backfill FROM archived WHERE article_id = ? AND digest = ?",
            (identity.id, digest),
        ).fetchone()
        if known is None:
            self._insert(identity, memento, digest, backfill)
            return True
        due, owner = known
        if due is None:
            return False
        self._renew(identity.id, digest, memento, backfill)
        return bool(owner != backfill and due < self.frontier.began)

    def _insert(self, identity: Identity, memento: Memento, digest: str, backfill: str) -> None:
        taken_at = memento.taken_at
        self.frontier.states.captured(identity, memento.original)
        self.database.execute(
            "INSERT INTO archived (article_id, digest, taken_at, address, state, due, backfill) "
            "VALUES (?, ?, ?, ?, 'pending', 0, ?)",
            (identity.id, digest, taken_at, memento.raw, backfill),
        )

    def _renew(self, article_id: str, digest: str, memento: Memento, backfill: str) -> None:
        """Assign a pending capture to a backfill, and let a later one with equal content count."""
        self.database.execute(
            "UPDATE archived SET backfill = ?, taken_at = max(taken_at, ?), "
            "address = iif(taken_at < ?, ?, address) WHERE article_id = ? AND digest = ?",
            (backfill, memento.taken_at, memento.taken_at, memento.raw, article_id, digest),
        )

    def address(self, article_id: str, digest: str) -> str:
        """Return the address of a capture. Raises ``LookupError`` if it is not known."""
        query = "SELECT address FROM archived WHERE article_id = ? AND digest = ?"
        address: str | None = first_value(self.database, query, (article_id, digest))
        if address is None:
            raise LookupError(f"{article_id}: no capture with {digest}")
        return address

    # The position of a search.

    def place(self, query: str) -> str | None:
        """Return the saved position of the backfill's search."""
        saved = "SELECT place FROM search WHERE query = ? AND backfill = ?"
        place: str | None = first_value(self.database, saved, (query, self.frontier.scope.backfill))
        return place

    def set_place(self, query: str, place: str) -> None:
        """Save the position of the search, in one commit with what it has found so far."""
        self.database.execute(
            "INSERT OR REPLACE INTO search VALUES (?, ?, ?)",
            (query, self.frontier.scope.backfill, place),
        )

    # Fetching.

    def pending(self, most: int, in_flight: Collection[str]) -> list[PendingArticle]:
        """Return due captures, at most ``most``, each of another article, the latest first."""
        rows = self.database.execute(
            "SELECT article_id, url, digest, taken_at, archived.address FROM archived "
            "JOIN article ON id = article_id WHERE archived.backfill = ? AND archived.due < ? "
            "ORDER BY taken_at DESC LIMIT ?",
            (self.frontier.scope.backfill, self.frontier.began, most + _READ_AT_ONCE),
        )
        chosen: dict[str, PendingArticle] = {}
        for pending in map(_pending, rows):
            if pending.id not in in_flight and len(chosen) < most:
                chosen.setdefault(pending.id, pending)
        return list(chosen.values())

    def backlog(self) -> int:
        """Count the captures that are due in this run."""
        query = "SELECT count(*) FROM archived WHERE backfill = ? AND due < ?"
        due = self.frontier.scope.backfill, self.frontier.began
        return int(first_value(self.database, query, due))

    def settle(self, article_id: str, digest: str, reason: str | None = None) -> None:
        """Record that a capture is done. ``reason``: why it produced no version, if it did not."""
        self.database.execute(
            "UPDATE archived SET state = 'done', reason = ?, attempts = 0, due = NULL "
            "WHERE article_id = ? AND digest = ?",
            (reason, article_id, digest),
        )

    def fail(self, article_id: str, digest: str, reason: str, wait: int, most: int) -> None:
        """Record a failure. The capture is tried again, at most ``most`` times in all."""
        self.database.execute(
            "UPDATE archived SET state = 'failed', reason = ?, attempts = attempts + 1, "
            "due = iif(attempts + 1 >= ?, NULL, ? + ? * (1 << 2 * attempts)) "
            "WHERE article_id = ? AND digest = ?",
            (reason, most, steady(), wait, article_id, digest),
        )

    def of_article(self, article_id: str) -> Iterator[tuple[str, str, str | None]]:
        """Yield the captures of an article: address, state, reason; oldest first."""
        return self.database.execute(
            "SELECT address, state, reason FROM archived WHERE article_id = ? ORDER BY taken_at",
            (article_id,),
        )


def _pending(row: tuple[str, str, str, str, str]) -> PendingArticle:
    article_id, url, digest, taken_at, address = row
    memento = read_memento(address, {})
    assert memento is not None
    link = Link(memento.original, "warc" if memento.in_file else "wayback")
    return PendingArticle(
        article_id, url, address, link, archived=MementoLink(digest, taken_at, address)
    )

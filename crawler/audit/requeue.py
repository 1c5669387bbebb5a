"""Queues what an audit found missing: ids, and articles that were never fetched."""

import sqlite3
from collections.abc import Callable

from crawler.audit.coverage import bounds, each_missing_range, joined, read_ids
from crawler.audit.report import conditions
from crawler.errors import UsageError
from crawler.model.identity import identify
from crawler.model.link import Link
from crawler.model.rules import AgencyRules
from crawler.store.archive import Archive
from crawler.store.selection import Selection

OWNER = "audit"  # the backfill's name; plain runs fetch these last
MOST = 1_000_000  # ids queued at once; more are a mistake, or months of requests
GROUP = 10_000  # per commit


class Requeue:
    """Queues what is missing in an archive that is open for writing, and thus locked.

    1. Each missing id becomes pending, after everything else. One that is pending already stays as
       it is.
    2. Failed and refused articles become pending, too, with all their retries.
    3. Absent ones stay absent: the site itself says that they do not exist.

    ``address``: returns the address of an article by its native id alone.
    """

    def __init__(self, archive: Archive, rules: AgencyRules, address: Callable[[int], str]) -> None:
        self.archive = archive
        self.database = archive.ledger.database
        self.rules = rules
        self.address = address

    def queue(self, selection: Selection) -> dict[str, int]:
        """Queue what is missing of the selected articles. Return the numbers, by kind.

        Raises ``UsageError``, with nothing queued, if there are too many, and ``StorageError`` if
        the ledger cannot be written.
        """
        try:
            within = bounds(self.database, selection)
            _check(self.database, within)
            queued = self._unfetched(selection, within)
            return {"ids": self._ids(within), **queued}
        except sqlite3.Error as error:
            raise self.archive.unwritable(error) from error

    def _ids(self, within: range) -> int:
        queued = 0
        for missing in each_missing_range(self.database, within):
            for number in missing:
                self._discover(self.address(number))
                queued += 1
                if queued % GROUP == 0:
                    self.archive.commit()
        return queued

    def _discover(self, address: str) -> None:
        identity = identify(address, self.rules.address, self.rules.name)
        self.archive.ledger.frontier.discover(identity, Link(address, "ids"), backfill=OWNER)

    def _unfetched(self, selection: Selection, within: range) -> dict[str, int]:
        where, values = joined(conditions(selection, within))
        requeued = self.archive.ledger.states.requeued
        return {state: requeued(state, where, values) for state in ("failed", "refused")}


def _check(database: sqlite3.Connection, within: range) -> None:
    ids = read_ids(database, within, 0)
    if ids and (wanted := ids.missing - ids.queued) > MOST:
        raise UsageError(
            f"--fix would queue {wanted:,} ids, more than {MOST:,}; narrow it by --since and "
            "--until"
        )

"""Withdrawals that were begun: the ledger remembers them until nothing of them is left to do."""

import sqlite3

_KEY = "withdrawing "  # and the article's id, in the table of what the ledger is


def begin_withdrawal(database: sqlite3.Connection, article_id: str) -> None:
    """Note that an article is being taken out of the archive."""
    database.execute("INSERT OR REPLACE INTO meta VALUES (?, '')", (_KEY + article_id,))


def end_withdrawal(database: sqlite3.Connection, article_id: str) -> None:
    """Note that nothing of an article is left in the archive."""
    database.execute("DELETE FROM meta WHERE key = ?", (_KEY + article_id,))


def unfinished_withdrawals(database: sqlite3.Connection) -> list[str]:
    """Return the ids of the articles that are withdrawn, but not yet out of every file."""
    keys = database.execute("SELECT key FROM meta WHERE key GLOB ? ORDER BY key", (f"{_KEY}*",))
    return [key.removeprefix(_KEY) for (key,) in keys]


def find_unfinished(database: sqlite3.Connection) -> None:
    """Note anew, in a ledger made from the files, which withdrawals have left something there."""
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

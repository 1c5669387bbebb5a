"""Finds the copies and translations of an article, which may contain the same information."""

from calendar import monthrange
from datetime import date, timedelta

from crawler.release.rows import read_rows
from crawler.release.similarity.marks import Marks
from crawler.store.newest_versions import newest_places
from crawler.store.reader import ArchiveReader
from crawler.store.selection import Selection

COPY, TRANSLATION = "nearly the same text", "the same story in another edition"


def relatives_of(reader: ArchiveReader, article_id: str) -> dict[str, str]:
    """Return the ids of an article's relatives, each with its strongest relation.

    They are looked for from the month before its own to the month after. Empty for a withdrawn
    article. Raises ``StorageError``.
    """
    texts, stories = _marked(reader, _around(_published(reader, article_id)))
    if article_id not in texts:
        return {}
    told = {name: TRANSLATION for name in stories if stories[name] == stories[article_id]}
    told |= {name: COPY for name in texts if texts[name] == texts[article_id]}
    return {name: told[name] for name in sorted(told) if name != article_id}


def _published(reader: ArchiveReader, article_id: str) -> str | None:
    found = reader.database.execute("SELECT published_at FROM article WHERE id = ?", (article_id,))
    return next((day for (day,) in found), None)


def _around(published: str | None) -> dict[str, object]:
    """Return conditions for the ledger: articles of three months, or the undated ones."""
    if published is None:
        return {"published_at IS ?": None}
    day = date.fromisoformat(published[:10])
    since = (day.replace(day=1) - timedelta(days=1)).replace(day=1)
    after = day.replace(day=monthrange(day.year, day.month)[1]) + timedelta(days=1)
    until = after.replace(day=monthrange(after.year, after.month)[1])
    return Selection(since, until).published


def _marked(
    reader: ArchiveReader, conditions: dict[str, object]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return, by id, the first article with nearly the same text, and the story."""
    marks, texts, stories = Marks(), {}, {}
    places = newest_places(reader.database, conditions, "article.published_at, article.id")
    for row, _, sketched in read_rows(places, reader.journal.folder, None):
        near, stories[row.id], _ = marks.find(row, sketched)
        texts[row.id] = near.id if near else row.id
    return texts, stories

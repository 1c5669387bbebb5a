"""The ledger by itself: SQLite's own check, counters against a recount, order of versions."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from crawler.store.ledger import newest_first
from crawler.verify.context import Context

# Each: the stored counter, and the same counted again.
_COUNTERS = {
    "article_count": (
        "SELECT state, edition, year, number FROM article_count",
        "SELECT state, coalesce(edition, ''), coalesce(year, ''), count(*) FROM article "
        "GROUP BY 1, 2, 3",
    ),
    "version_count": (
        "SELECT change, number FROM version_count",
        "SELECT change, count(*) FROM version GROUP BY 1",
    ),
    "day_count": (
        "SELECT edition, day, number FROM day_count",
        "SELECT coalesce(edition, ''), substr(published_at, 1, 10), count(*) FROM article "
        "WHERE published_at IS NOT NULL GROUP BY 1, 2",
    ),
}
_ORPHANS = (
    "SELECT DISTINCT 'version', article_id FROM version WHERE NOT EXISTS "
    "(SELECT 1 FROM article WHERE id = article_id) UNION ALL "
    "SELECT DISTINCT 'sighting', article_id FROM sighting WHERE NOT EXISTS "
    "(SELECT 1 FROM article WHERE id = article_id)"
)
_NEW_AGAIN = "SELECT article_id, number FROM version WHERE change = 'new' AND number > 1"
_NEVER_GONE = (
    "SELECT article_id, number FROM version AS later WHERE change = 'back' AND NOT EXISTS "
    "(SELECT 1 FROM version WHERE article_id = later.article_id AND number < later.number "
    "AND change = 'gone') AND number = "
    "(SELECT count(*) FROM version WHERE article_id = later.article_id AND number <= later.number)"
)
_VERSIONS = (
    "SELECT article_id, article.version, article.content_hash, is_visit, article_id, number, "
    "change, version.fetched_at, version.content_hash, source, version.code, file, offset, length "
    "FROM version JOIN article ON article.id = article_id ORDER BY article_id, number DESC"
)
_NOT_GONE = (
    "SELECT id FROM article LEFT JOIN version ON article_id = id AND number = article.version "
    "WHERE state = 'gone' AND change IS NOT 'gone'"
)
_WITHOUT = (
    "SELECT id, version FROM article WHERE version IS NOT NULL AND NOT EXISTS "
    "(SELECT 1 FROM version WHERE article_id = id AND number = article.version)"
)


def check_ledger(context: Context) -> Iterator[str]:
    """Yield what is wrong, one line each. Raises ``StorageError`` if it cannot be read."""
    path = context.folder / "ledger.sqlite"
    for (told,) in context.database.execute("PRAGMA integrity_check"):
        if told != "ok":
            yield f"{path}: is damaged ({' '.join(str(told).split())})"
    for check in (_check_identity, _check_counters, _check_articles, _check_changes):
        for problem in check(context):
            yield f"{path}: {problem}"
    context.database.check_schema()


def _check_identity(context: Context) -> Iterator[str]:
    meta = dict(context.database.execute("SELECT key, value FROM meta"))
    generation = int(meta["generation"])
    near = [f"{meta['id']} {generation + each}" for each in (-1, 0, 1)]  # a run may have started
    try:
        told = (context.folder / "ledger.id").read_text("utf-8", "replace").strip()
    except OSError as error:
        yield f"its ledger.id cannot be read ({error.strerror})"
        return
    if told not in near:
        yield f"is not the ledger that wrote the journal last: ledger.id says {told!r}"


def _check_counters(context: Context) -> Iterator[str]:
    for table, (kept, counted) in _COUNTERS.items():
        here, there = (
            {tuple(names): number for *names, number in context.database.execute(query)}
            for query in (kept, counted)
        )
        for names in sorted(here.keys() | there.keys()):
            if here.get(names, 0) != there.get(names, 0):
                yield (
                    f"{table} {' '.join(filter(None, names))}: says {here.get(names, 0)}, and "
                    f"there are {there.get(names, 0)}"
                )
            context.checked["counters"] += 1


def _check_articles(context: Context) -> Iterator[str]:
    for table, name in context.database.execute(_ORPHANS):
        yield f"{name} has a {table}, but is not an article"
    for name, number in context.database.execute(_WITHOUT):
        yield f"{name} has version {number} as its newest, which is not there"
    for (name,) in context.database.execute(_NOT_GONE):
        yield f"{name} is gone, but has no version with that change"
    for name, versions in groupby(context.database.execute(_VERSIONS), itemgetter(0)):
        rows = list(versions)
        newest = newest_first(row[3:] for row in rows)[0]
        context.checked["articles"] += 1
        _, number, content_hash, *_ = rows[0]
        if number != newest.number:
            yield f"{name} has version {number} as its newest, and it is {newest.number}"
        elif content_hash != newest.content_hash:
            yield f"{name} has the content_hash {content_hash}, its newest version another"


def _check_changes(context: Context) -> Iterator[str]:
    for name, number in context.database.execute(_NEW_AGAIN):
        yield f"{name} version {number} is new, though it is not the first"
    for name, number in context.database.execute(_NEVER_GONE):
        yield f"{name} version {number} is back, but was not gone before"

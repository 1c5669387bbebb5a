"""What a test of a watch begins with: searches, edits, and a look that announces."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from crawler.feeds.saved_searches import SavedSearch
from crawler.store.archive import Archive
from crawler.system.clock import now, rfc3339
from crawler.text.search_query import parse
from crawler.watch.messages import Message, sender
from crawler.watch.outbox import Outbox
from crawler.watch.watch import Done, Watch
from tests.crawler.archives import store


def search(name: str, query: str, **channels: str) -> SavedSearch:
    """Return a saved search."""
    parsed = parse(query)
    assert parsed
    return SavedSearch(name, query, parsed, **channels)


def edit(archive: Archive, number: int, title: str) -> None:
    """Record an article, or an edit of its headline."""
    versions = archive.ledger.versions(f"uza:{number}")
    fields = {"change": "edited", "changed_fields": ["title"]} if versions else {}
    store(
        archive, number, version=len(versions) + 1, title=title, fetched_at=rfc3339(now()), **fields
    )
    archive.commit()


@contextmanager
def watching(
    folder: Path, *searches: SavedSearch, send: Callable[[Message], None] | None = None
) -> Iterator[Callable[[], Done]]:
    """Give what looks and announces once."""
    with Outbox(folder / "watch.sqlite") as outbox:
        watch = Watch(folder, outbox, searches, send or sender("smtp://127.0.0.1:1"))
        watch.drop_others()
        yield partial(watch.once, ["uza"])

"""An archive of recent changes: one article edited, one taken down, one that came back."""

from datetime import timedelta

from crawler.model.article import Person, Sighting
from crawler.store.archive import Archive
from crawler.system.clock import now, rfc3339
from tests.crawler.archives import store

BEGAN = now()  # one moment for all: a second may pass between two calls
ARABIC = "افتتاح <مكتبة> & جديدة"


def ago(hours: float) -> str:
    return rfc3339(BEGAN - timedelta(hours=hours))


def fill(archive: Archive) -> None:
    """Record four articles."""
    english = {"edition": "en", "language": "en"}
    store(
        archive,
        1,
        **english,
        fetched_at=ago(9),
        published_at=ago(10),
        authors=[Person("Nodira Tolzorova"), Person("Olim Bek", "photo")],
    )
    store(archive, 2, edition="ar", language="ar", title=ARABIC, fetched_at=ago(8))
    store(archive, 3, **english, fetched_at=ago(7), published_at=ago(7)[:10])
    store(
        archive,
        1,
        **english,
        version=2,
        change="edited",
        title="A new bridge",
        body="Another text.",
        changed_fields=["title", "body"],
        announced=False,
        fetched_at=ago(6),
    )
    store(
        archive,
        1,
        **english,
        version=3,
        change="respelled",
        title="A bridge",
        fetched_at=ago(5),
    )
    gone = {"version": 2, "change": "gone", "evidence": [Sighting(404, ago(4), "page")]}
    store(archive, 3, **english, **gone, fetched_at=ago(4))
    store(archive, 3, **english, version=3, change="back", fetched_at=ago(3))
    archive.commit()

"""An archive of the replica's posts, edited, copied and gone, as a crawl would have kept it."""

from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.model.article import Capture, Image, Label, Person, Sighting
from crawler.store.archive import Archive
from replica.post import Post
from replica.texts import latin
from replica.world import World
from tests.crawler.archives import store

_SCRIPTS = {"uz": "Cyrl", "ru": "Cyrl", "cn": "Hans", "ar": "Arab"}
_NOW = datetime(2026, 11, 20, 12, 0)


def fill_with_posts(folder: Path, posts: int = 300) -> None:
    """Record them: each eighth is edited, each tenth copied in Latin, each fortieth gone."""
    world = World(seed=7, posts=posts, now=_NOW, imported=10)
    archive = Archive(folder)
    editions = ("uz", "oz", "ru", "en", "fr", "cn", "ar")
    for number, post in enumerate(post for code in editions for post in world.listing(code)):
        _record(archive, number, post)
    archive.close()


def _record(archive: Archive, number: int, post: Post) -> None:
    fields = _fields(post)
    capture = Capture("uza-20261120T120000Z-0001.warc.gz", 1000 * number, 900, "sha256:00")
    store(archive, post.id, **fields, capture=capture)
    version = 1
    if number % 8 == 0:
        version += 1
        later = {"fetched_at": "2026-11-20T18:00:00Z", "changed_fields": ["body"]}
        tail = {"body": fields["body"] + "\n\n" + post.title + "."}
        store(archive, post.id, **{**fields, **later, **tail}, version=version, change="edited")
    if number % 10 == 0 and post.edition == "uz":
        twin = {"edition": "oz", "script": "Latn", "language": "uz-Latn"}
        text = {"body": latin(post.body), "title": latin(post.title)}
        store(archive, post.id + 10_000_000, **{**fields, **twin, **text})
    if number % 40 == 0:
        sights = [Sighting(404, f"2026-11-2{day}T00:00:00Z") for day in (3, 5)]
        gone = {"fetched_at": "2026-11-25T00:00:00Z", "evidence": sights, "change": "gone"}
        store(archive, post.id, **{**fields, **gone}, version=version + 1)


def _fields(post: Post) -> dict[str, Any]:
    return {
        "url": post.canonical_url,
        "title": post.title,
        "body": post.body,
        "summary": post.summary,
        "edition": post.edition,
        "language": post.language,
        "script": _SCRIPTS.get(post.edition, "Latn"),
        "published_at": post.published_minute,
        "published_precision": "minute",
        "published_source": "page",
        "authors": [Person(name, role) for name, role in post.authors],  # type: ignore[arg-type]
        "category": Label(post.category.name, post.category.slug),
        "images": [Image(picture.url) for picture in post.pictures],
        "first_seen_at": "2026-11-20T07:00:00Z",
        "fetched_at": "2026-11-20T07:00:00Z",
    }

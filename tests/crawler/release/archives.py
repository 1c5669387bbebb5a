"""Archives to release: a few articles of each kind that a release has to tell apart."""

import gzip
import json
from pathlib import Path
from typing import Any

from crawler.model.article import Capture, Label, Person, Sighting
from crawler.release.build import Order, build
from crawler.release.documents.manifest import Release
from crawler.store.archive import Archive
from crawler.store.reader import ArchiveReader
from crawler.system.processes import WorkerPool
from replica.texts import UZBEK, latin
from tests.crawler.archives import store

TEXT = "\n\n".join(UZBEK.sentences[:8])
LATER = "2026-11-24T00:00:00Z"
SPORT = Label("Sport", "sport_1")


def fill(archive: Archive) -> None:
    """Record articles of three editions and three years, edits, a copy, and one that is gone."""
    cyrillic: dict[str, Any] = {"edition": "uz", "script": "Cyrl", "language": "uz-Cyrl"}
    at = {"published_at": "2024-05-01T10:00:00+05:00", "published_precision": "minute"}
    store(archive, 1, **cyrillic, **at, body=TEXT, authors=[Person("Ёқуб Толзоров")])
    at["published_at"] = "2024-05-01T11:30:00+05:00"
    store(archive, 2, edition="oz", script="Latn", language="uz-Latn", **at, body=latin(TEXT))
    at["published_at"] = "2025-01-31T23:59:00+05:00"
    capture = Capture("uza.warc.gz", 10, 20, "sha256:00")
    store(archive, 3, edition="en", **at, category=SPORT, capture=capture)
    edited = {"change": "edited", "version": 2, "body": "Body, edited.", "changed_fields": ["body"]}
    store(archive, 3, edition="en", **at, category=SPORT, **edited, fetched_at=LATER)
    store(archive, 4, edition="en", published_at="2023-07-01", published_precision="day")
    gone = {"change": "gone", "version": 2, "evidence": [Sighting(404, LATER)], "fetched_at": LATER}
    store(archive, 4, edition="en", published_at="2023-07-01", published_precision="day", **gone)
    store(archive, 5)


def archive_in(folder: Path) -> Path:
    """Make the archive; return its folder."""
    archive = Archive(folder / "uza")
    fill(archive)
    archive.close()
    return folder / "uza"


def release_of(folder: Path, out: Path, pool: WorkerPool | None = None, **chosen: Any) -> Release:
    """Release an archive, without pictures unless they are asked for."""
    order = Order("uza", "https://uza.uz", out, **{"plots": False, **chosen})
    with ArchiveReader(folder) as reader:
        return build(reader, order, pool)


def rows(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file."""
    with gzip.open(path) as file:
        return [json.loads(line) for line in file]


def articles_in(folder: Path) -> int:
    """Return the number of articles of a release."""
    return sum(len(rows(path)) for path in folder.glob("articles/*/*.gz"))


def told(path: Path) -> list[tuple[str, int]]:
    """Return id and version of the rows of a file."""
    return [(row["id"], row["version"]) for row in rows(path)]


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }

"""Data folders for tests: rows recorded as a run records them, and runs that die."""

import json
from pathlib import Path

from itemadapter import ItemAdapter

from crawler.model.article import Article, Extractor
from crawler.model.fields import content_hash
from crawler.model.identity import Identity
from crawler.model.link import Link
from crawler.store.archive import Archive


def article(number: int, **fields: object) -> Article:
    """Return a valid row."""
    row = Article(
        id=f"uza:{number}",
        agency="uza",
        url=f"https://uza.uz/posts/{number}",
        title=f"Title {number}",
        body="Body.",
        first_seen_at="2026-11-23T00:00:00Z",
        fetched_at="2026-11-23T00:00:00Z",
        extractor=Extractor("current", "page", "c0de"),
    )
    for name, value in fields.items():
        setattr(row, name, value)
    row.content_hash = row.content_hash or content_hash(ItemAdapter(row))
    return row


def store(archive: Archive, number: int, **fields: object) -> None:
    """Record an article's version, as a run does that found it in a list."""
    identity = Identity(f"uza:{number}", f"https://uza.uz/posts/{number}")
    archive.ledger.frontier.discover(identity, Link(identity.url, "api"))
    archive.record(article(number, **fields))
    archive.counted(f"uza:{number}")


def lines(folder: Path) -> list[str]:
    """Return the ids of the journal's rows, in order."""
    return [
        json.loads(line)["id"]
        for file in sorted((folder / "journal").glob("*.jsonl"))
        for line in file.read_text("utf-8").splitlines()
    ]


def crash(archive: Archive) -> None:
    """Give up the archive as a killed process does: nothing more is written."""
    archive._opened.close()

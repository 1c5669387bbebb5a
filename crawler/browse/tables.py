"""The tables of the database that is browsed; it can be made anew from the journal at any time.

Plain ``sqlite3`` fills them: sqlite-utils takes in a quarter fewer articles a second, and its
search indexes what a column holds, where ours holds folded words that no column keeps.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zlib import crc32

import msgspec

from crawler.script_folding import fold_for_search

LAYOUT = "1"  # another number: the database is made anew
SCHEMA = """
CREATE TABLE article (
    place INTEGER PRIMARY KEY,         -- grows with the time of publication
    id TEXT NOT NULL UNIQUE,
    edition TEXT, language TEXT, year TEXT, month TEXT, published_at TEXT,
    category TEXT, authors TEXT NOT NULL,      -- JSON
    change TEXT NOT NULL, version INTEGER NOT NULL, versions INTEGER NOT NULL,
    url TEXT NOT NULL, image TEXT, has_capture INTEGER NOT NULL,
    title TEXT NOT NULL, summary TEXT, body TEXT NOT NULL
);
CREATE INDEX article_image ON article (image) WHERE image IS NOT NULL;
CREATE INDEX article_published ON article (published_at, category);
CREATE TABLE version (
    article_id TEXT NOT NULL, number INTEGER NOT NULL, change TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    PRIMARY KEY (article_id, number)
) WITHOUT ROWID;
CREATE TABLE translation (
    article_id TEXT NOT NULL, other_id TEXT NOT NULL, evidence TEXT NOT NULL,
    PRIMARY KEY (article_id, other_id)
) WITHOUT ROWID;
CREATE INDEX translation_other ON translation (other_id);
CREATE TABLE month_count (             -- "" is an unknown month
    edition TEXT NOT NULL, month TEXT NOT NULL, articles INTEGER NOT NULL,
    PRIMARY KEY (month, edition)
) WITHOUT ROWID;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
-- Only the index is kept: what is found stands in `article`.
CREATE VIRTUAL TABLE search USING fts5 (
    title, body, authors, facets, content = '', tokenize = 'unicode61 remove_diacritics 0'
);
-- Merged only when 16 parts of a size stand: a tenth less work, and searches are as quick.
INSERT INTO search (search, rank) VALUES ('automerge', 0);
"""
COLUMNS = (
    "place", "id", "edition", "language", "year", "month", "published_at", "category", "authors",
    "change", "version", "versions", "url", "image", "has_capture", "title", "summary", "body",
)  # fmt: skip
_ROOM = 1000  # articles that can have been published in one second


def columns_of(row: dict[str, Any], versions: int) -> dict[str, Any]:
    """Return what the table of articles keeps of a row, all but its place."""
    published = row["published_at"]
    return {
        "id": row["id"],
        "edition": row["edition"],
        "language": row["language"],
        "year": published[:4] if published else None,
        "month": published[:7] if published and len(published) >= 7 else None,
        "published_at": published,
        "category": row["category"]["name"] if row["category"] else None,
        "authors": msgspec.json.encode([each["name"] for each in row["authors"]]).decode(),
        "change": row["change"],
        "version": row["version"],
        "versions": versions,
        "url": row["url"],
        "image": row["images"][0]["url"] if row["images"] else None,
        "has_capture": int(row["capture"] is not None),
        "title": row["title"],
        "summary": row["summary"],
        "body": row["body"],
    }


def first_place(published_at: str | None, article_id: str) -> int:
    """Return where an article stands among all, unless another does; later ones have more."""
    seconds = int(datetime.fromisoformat(f"{published_at}").timestamp()) if published_at else 0
    return seconds * _ROOM + crc32(article_id.encode()) % _ROOM


def indexed(article: dict[str, Any]) -> tuple[str, str, str, str]:
    """Return what the index is told of an article, and is told again to forget it."""
    names = msgspec.json.decode(article["authors"])
    return (
        fold_for_search(article["title"]),
        fold_for_search(article["body"]),
        fold_for_search(" ; ".join(names)),
        " ".join(_facets(article, names)),
    )


def _facets(article: dict[str, Any], authors: list[str]) -> Iterator[str]:
    for kind in ("edition", "year", "category"):
        if article[kind]:
            yield facet(kind, article[kind])
    for name in authors:
        yield facet("author", name)


def facet(kind: str, value: str) -> str:
    """Return a facet's value as one word; an author's is the same in either script."""
    folded = fold_for_search(value) if kind == "author" else value
    return f"{kind}{crc32(folded.encode()):08x}"

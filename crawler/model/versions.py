"""Versions of an article: what differs between two, and what is left of a withdrawn one."""

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

import msgspec

from crawler.errors import StorageError
from crawler.model.article import Article
from crawler.model.fingerprint import content_hash

TITLE = "withdrawn"  # a row has to have one
# Where and when it was published, so that who reads a year or an edition finds it withdrawn; and
# what is of the record, not of the article.
_KEPT = (
    "id", "agency", "url", "edition", "published_at", "published_precision",
    "version", "first_seen_at", "fetched_at", "extractor", "run",
)  # fmt: skip
_DEFAULTS = msgspec.to_builtins(Article())
_encode = msgspec.json.encode

# Fields that differ between any two versions, and say nothing of the article.
OF_THE_RECORD = frozenset(
    {
        "schema", "id", "agency", "version", "change", "changed_fields", "announced", "evidence",
        "reason", "content_hash", "first_seen_at", "fetched_at", "capture", "archive_url",
        "extractor", "run",
    }
)  # fmt: skip
# What is read from an answer; the URL is fixed at version 1.
READ_FIELDS = tuple(
    name for name in Article.__dataclass_fields__ if name not in OF_THE_RECORD | {"url"}
)
_read = attrgetter(*READ_FIELDS)

# Content: where the site tells one of these otherwise, it is an edit. content_hash covers them.
CONTENT_FIELDS = ("title", "body", "byline_raw", "published_at", "images")


def tombstone(row: Mapping[str, Any]) -> Article:
    """Return a row as plain JSON values without the article's content."""
    kept = {name: row[name] for name in _KEPT}
    bare = kept | {"title": TITLE, "change": "withdrawn"}
    return msgspec.convert(bare | {"content_hash": content_hash(bare)}, Article)


def farewell(row: Mapping[str, Any]) -> str:
    """Say in a line that, when and why an article was withdrawn; ``row``: its last version."""
    return f"{row['id']} was withdrawn at {row['fetched_at']}: {row['reason']}"


def blank_line(row: Mapping[str, Any], length: int) -> bytes:
    """Return the line to stand in a row's place: its tombstone, of so many bytes.

    If there is no room for every field, those without a value are left out. Raises
    ``StorageError`` if that is still too long.
    """
    fields = msgspec.to_builtins(tombstone(row))
    line = _encode(fields)
    if len(line) >= length:
        line = _encode({name: fields[name] for name in fields if fields[name] != _DEFAULTS[name]})
    if len(line) >= length:
        raise StorageError(
            f"{row['id']} version {row['version']}: its line in the journal has {length} bytes, "
            f"and a tombstone needs {len(line) + 1}"
        )
    return line.ljust(length - 1) + b"\n"


def changed_fields(old: Mapping[str, Any], new: Mapping[str, Any], change: str) -> list[str]:
    """Return the content fields that differ between two rows, as plain JSON values.

    Like the hash, to the minute: an API tells seconds that a page does not. Of a change that is
    ``reparsed``, all that was read otherwise.
    """
    names = READ_FIELDS if change == "reparsed" else CONTENT_FIELDS
    return [name for name in names if _seen(old, name) != _seen(new, name)]


def reads_otherwise(old: Article, new: Article) -> bool:
    """Tell whether two readings of one answer differ."""
    return _read(old) != _read(new)


def _seen(row: Mapping[str, Any], name: str) -> Any:
    return (row[name] or "")[:16] if name == "published_at" else row[name]


def announced(old: Mapping[str, Any], modified_at: str | None) -> bool | None:
    """Tell whether the site admits a change; None if it told no time of change then or now."""
    before = old["modified_at"]
    return modified_at != before if before and modified_at else None

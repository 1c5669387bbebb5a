"""Rows without what an article said: what is left of one that was withdrawn."""

from collections.abc import Mapping
from typing import Any

import msgspec

from crawler.errors import StorageError
from crawler.fingerprint import content_hash
from crawler.items import Article

TITLE = "withdrawn"  # a row has to have one
# Where and when it was published, so that who reads a year or an edition finds it withdrawn; and
# what is of the record, not of the article.
_KEPT = (
    "id", "agency", "url", "edition", "published_at", "published_precision",
    "version", "first_seen_at", "fetched_at", "extractor", "run",
)  # fmt: skip
_DEFAULTS = msgspec.to_builtins(Article())
_encode = msgspec.json.encode


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

"""What differs between two versions of an article."""

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from crawler.items import Article

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

"""What differs between two versions of an article."""

from collections.abc import Mapping
from typing import Any

# Content: a difference in one of these makes a version. They are what content_hash covers.
CONTENT_FIELDS = ("title", "body", "byline_raw", "published_at", "images")


def changed_fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Return the content fields that differ between two rows, as plain JSON values.

    Like the hash, to the minute: an API tells seconds that a page does not.
    """
    return [name for name in CONTENT_FIELDS if _seen(old, name) != _seen(new, name)]


def _seen(row: Mapping[str, Any], name: str) -> Any:
    return (row[name] or "")[:16] if name == "published_at" else row[name]


def announced(old: Mapping[str, Any], modified_at: str | None) -> bool | None:
    """Tell whether the site admits a change; None if it told no time of change then or now."""
    before = old["modified_at"]
    return modified_at != before if before and modified_at else None

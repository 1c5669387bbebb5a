"""The time of day, and how it is written."""

from datetime import UTC, datetime


def rfc3339(moment: datetime) -> str:
    """Write a moment as RFC 3339 in UTC, to the second: ``2026-11-23T18:30:00Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def now() -> datetime:
    """Return the present moment in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)

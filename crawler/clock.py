"""The time of day, and how it is written."""

import time
from datetime import UTC, datetime

_STARTED = time.time() - time.monotonic()


def rfc3339(moment: datetime) -> str:
    """Write a moment as RFC 3339 in UTC, to the second: ``2026-11-23T18:30:00Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def now() -> datetime:
    """Return the present moment in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def steady() -> float:
    """Return the present moment in Unix time, by a clock that is never set back within a run."""
    return _STARTED + time.monotonic()

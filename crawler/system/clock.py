"""The time of day, and how it is written: the only place that asks the machine for it.

``NEWS_ARCHIVE_CLOCK_AHEAD`` puts the clock forward by so many seconds, or back by ``-`` so many:
it is for tests, which live on another day than the machine, and holds for all processes alike.
"""

import math
import os
import time
from datetime import UTC, datetime

from crawler.errors import UsageError

AHEAD = "NEWS_ARCHIVE_CLOCK_AHEAD"
# The day of the first public web page. Archives of today begin in 1996, but a rescued older page
# may be right; what was captured before there was a web cannot be.
FIRST_PAGE = datetime(1991, 8, 6, tzinfo=UTC)
_STARTED = time.time() - time.monotonic()


def rfc3339(moment: datetime) -> str:
    """Write a moment as RFC 3339 in UTC, to the second: ``2026-11-23T18:30:00Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def now() -> datetime:
    """Return the present moment in UTC, to the second."""
    return datetime.fromtimestamp(math.floor(time.time() + ahead()), UTC)


def steady() -> float:
    """Return the present moment in Unix time, by a clock that is never set back within a run."""
    return _STARTED + time.monotonic() + ahead()


def ahead() -> float:
    """Return by how many seconds the clock is ahead of the machine's: 0, but in tests.

    It is read again each time, since a process may be forked for another day than its parent's.
    Raises ``UsageError`` for what is no such number.
    """
    written = os.environ.get(AHEAD)
    if not written:
        return 0
    try:
        seconds = float(written)
        datetime.fromtimestamp(time.time() + seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise UsageError(
            f"{AHEAD}={written}: expected seconds, such as -86400 for yesterday; it is for tests, "
            "so unset it"
        ) from None
    return seconds

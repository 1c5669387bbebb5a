"""The time of day and its written form. No other module asks the machine for the time.

``NEWS_ARCHIVE_CLOCK_AHEAD`` sets the clock forward by so many seconds, or back by ``-`` so many. It
is for tests, which use a day of their own, and applies to all processes.
"""

import math
import os
import time
from datetime import UTC, datetime

from crawler.errors import UsageError

AHEAD = "NEWS_ARCHIVE_CLOCK_AHEAD"
# The day of the first public web page. Today's archives begin in 1996, but an older rescued page is
# possible; a capture from before the web is not.
FIRST_PAGE = datetime(1991, 8, 6, tzinfo=UTC)
_STARTED = time.time() - time.monotonic()


def rfc3339(moment: datetime) -> str:
    """Return a time as RFC 3339 in UTC, to the second: ``2026-11-23T18:30:00Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def now() -> datetime:
    """Return the present time in UTC, to the second."""
    return datetime.fromtimestamp(math.floor(time.time() + ahead()), UTC)


def steady() -> float:
    """Return the present Unix time, by a clock that is never set back within a run."""
    return _STARTED + time.monotonic() + ahead()


def ahead() -> float:
    """Return by how many seconds the clock is ahead of the machine's: 0, except in tests.

    It is read each time, because a process may be forked for another day than its parent's. Raises
    ``UsageError`` if the value is no such number.
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

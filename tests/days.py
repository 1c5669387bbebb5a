"""The day on which the tests live, whatever the machine's clock says."""

import os
import time
from datetime import UTC, datetime, timedelta

from crawler.system.clock import AHEAD, ahead
from replica.world import TASHKENT

DAY = "TESTS_AT"  # a moment, RFC 3339, for tests that know about time; CI names some
USUAL = "2026-12-10T12:00:00+05:00"
START = datetime.fromisoformat(os.environ.get(DAY, USUAL)).astimezone(TASHKENT)
# The replica's last post is some minutes old: its first revisits, an hour after publication, fall
# due before the tests begin or long after, not between two crawls of a slow one.
NOW = (START - timedelta(seconds=280)).replace(tzinfo=None)  # as the replica counts


def start_day() -> None:
    """Set the clock to where the tests begin, for this process and all that it starts."""
    os.environ[AHEAD] = str(START.timestamp() - time.time())


def machine_time() -> datetime:
    """Return the machine's own time, by which TLS and SQLite go."""
    return datetime.fromtimestamp(time.time(), UTC)


def pass_time(period: timedelta) -> None:
    """Put the clock forward, or back, for this process and all that it starts."""
    os.environ[AHEAD] = str(ahead() + period.total_seconds())

"""The choice among the dates that a page gives for the same thing."""

import re
from collections.abc import Sequence
from datetime import datetime

from crawler.rules import TimestampRules
from crawler.timestamp import Timestamp, UnreadableDate, read_timestamp

_ZONE = re.compile(r"(?:Z|GMT|UTC?|:\d\d(?:\.\d+)?[+-]\d\d|[+-]\d\d:?\d\d)\s*\Z")
# Two readings of one moment, one of them in an unnamed zone, differ by hours and quarters of one.
_QUARTER, _FARTHEST = 15 * 60, 15 * 3600  # seconds


def choose_date(raws: Sequence[str], rules: TimestampRules) -> str | None:
    """Return the date to believe: the first that can be read, or the same moment with its zone.

    A day alone gives way to the first time on it. If none can be read, the first stays, for
    people to see; None if there is none.
    """
    read = [(raw, stamp) for raw in raws if raw and (stamp := _read(raw, rules))]
    if not read:
        return next(filter(None, raws), None)
    first, reference = read[0]
    if reference.precision == "day":
        return next((raw for raw, stamp in read if stamp.refines(reference)), first)
    if names_zone(first):
        return first
    zoned = (raw for raw, stamp in read if names_zone(raw) and _is_same(stamp, reference))
    return next(zoned, first)


def names_zone(raw: str) -> bool:
    """Tell whether a date as written ends with its zone."""
    return bool(_ZONE.search(raw)) and ":" in raw


def _read(raw: str, rules: TimestampRules) -> Timestamp | None:
    try:
        return read_timestamp(raw, rules)
    except UnreadableDate:
        return None


def _is_same(stamp: Timestamp, other: Timestamp) -> bool:
    """Tell whether two times can be one moment, the zone of the other aside."""
    if "day" in (stamp.precision, other.precision):
        return False
    moments = [datetime.fromisoformat(one.value).replace(second=0) for one in (stamp, other)]
    apart = abs((moments[0] - moments[1]).total_seconds())
    return apart <= _FARTHEST and apart % _QUARTER == 0

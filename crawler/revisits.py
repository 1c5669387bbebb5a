"""When a stored article is visited again: often while it is young, then once a year."""

import zlib
from collections.abc import Sequence
from datetime import UTC, datetime

DAY = 86_400.0  # seconds
YEAR = 365 * DAY
# A yearly visit falls on a day of the article's own, so that a day's posts spread over months.
SPREAD = 180 * DAY


def next_visit(article_id: str, anchor: str, moment: float, ages: Sequence[float]) -> float:
    """Return when to visit an article next: Unix time, after ``moment``.

    ``anchor``: RFC 3339, when it was published, else first seen; ``ages``: seconds after that,
    ascending. Beyond the last age comes a visit a year, spread by the article's id.
    """
    born = datetime.fromisoformat(anchor)
    start = min(born.replace(tzinfo=born.tzinfo or UTC).timestamp(), moment)
    for age in ages:
        if start + age > moment:
            return start + age
    share = zlib.crc32(article_id.encode()) / 2**32
    due = start + (ages[-1] if ages else 0) + YEAR + share * SPREAD
    return due + max(0, (moment - due) // YEAR + 1) * YEAR

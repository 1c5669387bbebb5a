"""Whether a feed that answers is alive: sites leave feeds behind that no longer move."""

from collections.abc import Sequence
from datetime import datetime

from crawler.discovery.listing import Listing


def find_fault(listing: Listing, orders: Sequence[str | None], moment: datetime) -> str | None:
    """Say what is wrong with the newest page of a listing; None if it is well.

    ``orders`` are the times of its entries as RFC 3339, None where one has no readable time. Only
    a listing with ``stale_days`` promises to be new.
    """
    if listing.stale_days is None or not orders:
        return None
    ages = [(moment - _time(order, moment)).days for order in orders if order]
    if not ages:
        return "a feed without dates"
    past = [age for age in ages if age >= -1]  # an item announced for next year says nothing
    days = min(past, default=0)
    return f"its newest item is {days} days old" if days > listing.stale_days else None


def _time(order: str, moment: datetime) -> datetime:
    """Return the time of an entry; a day alone is one where we are."""
    time = datetime.fromisoformat(order)
    return time if time.tzinfo else time.replace(tzinfo=moment.tzinfo)

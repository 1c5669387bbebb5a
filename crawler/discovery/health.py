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
    times = [order for order in orders if order]
    if not times:
        return "a feed without dates"
    newest = max(map(datetime.fromisoformat, times))
    if newest.tzinfo is None:  # a day alone
        newest = newest.replace(tzinfo=moment.tzinfo)
    days = (moment - newest).days
    return f"its newest item is {days} days old" if days > listing.stale_days else None

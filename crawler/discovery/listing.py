"""Listings: pages of links to an edition's articles, newest first, and whether one is alive."""

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from urllib.parse import urljoin

from crawler.extract.page import Document
from crawler.model.identity import Identity
from crawler.model.link import Link, Source

_ANY_PAGE = 9_876_543_210  # replaced by the page's number; never part of an address itself


class NotAListing(ValueError):
    """A response is not the expected listing. The message says what it is instead."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a listing, in the order of the page. ``total``: if the listing has one.

    An index has no entries of its own but names further pages. One of these may be empty, too.
    """

    entries: Sequence[Link]
    is_last: bool
    total: int | None = None
    is_index: bool = False
    is_part: bool = False


class Listing(ABC):
    """One edition's list at one source.

    ``dated``: entries have their time of publication, so the list can be read down to a day.
    ``tells_last``: a page shows whether it is the last one; otherwise the list ends before the
    first page without entries. ``optional``: the list may be absent (404, or empty).
    ``stale_days``: the greatest age of its newest entry; an older list counts as abandoned.
    """

    stale_days: int | None = None

    source: ClassVar[Source]
    dated: ClassVar[bool] = True
    tells_last: ClassVar[bool] = True

    def __init__(self, edition: str, *, optional: bool = False) -> None:
        self.edition = edition
        self.optional = optional

    @property
    def name(self) -> str:
        """Its edition and source: ``en/rss``."""
        return f"{self.edition}/{self.source}"

    @abstractmethod
    def address(self, page: int) -> str:
        """Return the page's address. Pages are counted from 1."""

    def page_at(self, address: str) -> int | None:
        """Return the number of the page at an address. None if it is no page of this list."""
        if address == self.address(1):
            return 1
        template = re.escape(self.address(_ANY_PAGE))
        match = re.fullmatch(template.replace(str(_ANY_PAGE), "([1-9][0-9]{0,8})"), address)
        return int(match[1]) if match and match.lastindex else None

    @abstractmethod
    def read(self, document: Document) -> ListPage:
        """Read one page. Raises ``NotAListing`` if it is something else."""

    def pass_over(self) -> ListPage | None:
        """Return the page to continue with after an unreadable one; None if the crawl ends."""
        return None

    def order(self, link: Link, identity: Identity) -> str | None:
        """Return the value that an undated list is sorted by, highest first, or None."""
        return None


def find_fault(listing: Listing, orders: Sequence[str | None], moment: datetime) -> str | None:
    """Return what is wrong with the newest page of a listing. None if it is fine.

    ``orders``: the times of its entries in RFC 3339, None for an entry without a readable time.
    Only listings with ``stale_days`` must have new entries.
    """
    if listing.stale_days is None or not orders:
        return None
    ages = [(moment - _time(order, moment)).days for order in orders if order]
    if not ages:
        return "a feed without dates"
    past = [age for age in ages if age >= -1]  # an event announced for next year does not count
    days = min(past, default=0)
    return f"its newest item is {days} days old" if days > listing.stale_days else None


def _time(order: str, moment: datetime) -> datetime:
    """Return the time of an entry. A day without a time is taken in our own zone."""
    time = datetime.fromisoformat(order)
    return time if time.tzinfo else time.replace(tzinfo=moment.tzinfo)


def joined(base: str, address: str) -> str:
    """Complete a relative link. An invalid address is refused later, and counted."""
    try:
        return urljoin(base, address)
    except ValueError:
        return address

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

_ANY_PAGE = 9_876_543_210  # stands for a page's number, and for nothing else in an address


class NotAListing(ValueError):
    """An answer is not the listing that was asked for; the message says what it is instead."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a listing, in the order of the page; ``total`` if the listing tells it.

    An index has no entries of its own but names further pages; a part of one may have none, too.
    """

    entries: Sequence[Link]
    is_last: bool
    total: int | None = None
    is_index: bool = False
    is_part: bool = False


class Listing(ABC):
    """One edition's list at one source.

    ``dated``: entries carry their time of publication, so the list can be walked to a day.
    ``tells_last``: a page tells whether it is the last one; where none does, the list ends before
    the first page without entries. ``optional``: that the list is not there (404, or empty) is
    normal. ``stale_days``: how old its newest entry may be before the listing counts as given up.
    """

    stale_days: int | None = None

    source: ClassVar[Source]
    dated: ClassVar[bool] = True
    tells_last: ClassVar[bool] = True

    def __init__(self, edition: str, *, optional: bool = False) -> None:
        self.edition = edition
        self.optional = optional

    @abstractmethod
    def address(self, page: int) -> str:
        """Return where the page stands; pages are counted from 1."""

    def page_at(self, address: str) -> int | None:
        """Return which page of the list stands at an address; None if none does."""
        if address == self.address(1):
            return 1
        template = re.escape(self.address(_ANY_PAGE))
        match = re.fullmatch(template.replace(str(_ANY_PAGE), "([1-9][0-9]{0,8})"), address)
        return int(match[1]) if match and match.lastindex else None

    @abstractmethod
    def read(self, document: Document) -> ListPage:
        """Read one page; raise ``NotAListing`` if it is something else."""

    def pass_over(self) -> ListPage | None:
        """Return what to read on with behind a page that cannot be read; None if it ends all."""
        return None

    def order(self, link: Link, identity: Identity) -> str | None:
        """Return what entries of an undated listing sort by, the newest highest; or None."""
        return None


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


def joined(base: str, address: str) -> str:
    """Complete a link of a page; one that is no address at all is refused later, and counted."""
    try:
        return urljoin(base, address)
    except ValueError:
        return address

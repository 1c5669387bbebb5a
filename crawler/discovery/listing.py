"""Listings: pages of links to an edition's articles, newest first, and how far to read them.

A crawl ends where the last complete one began, never merely at known posts. A checkpoint has the
first page of that crawl, and how far down the next one must go. Everything above that point is new,
has moved, or was missed before.

Posts are backdated by up to a day, so a new one may stand far down a list, on a page whose other
posts are all known. So a list with dates is read until it is a day older than the newest post of
the last crawl, even if page 1 has not changed, unless the list's total shows that nothing is new.
Of a list without dates, a few pages are always read.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import urljoin

from crawler.extract.document import Document
from crawler.model.identity import Identity
from crawler.model.link import Checkpoint, Link, Source

_ANY_PAGE = 9_876_543_210  # replaced by the page's number; never part of an address itself
# How many pages to read at least of a listing without dates.
UNDATED_PAGES = 3
# Source: the fact sheet of the first agency; pictures are younger than their posts.
BACKDATED = timedelta(days=1)
DAY_ALONE = len("2024-05-01")
# This many old posts on a page do not show how far down it goes.
STRAYS = 2
# Limits how often a crawl looks again if servers disagree about the total.
SECOND_LOOKS = 20


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


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a page: the article's id, and the value that the listing is sorted by."""

    id: str
    order: str | None


class Paging:
    """Decides after each page whether to read on, from a checkpoint or down to a horizon."""

    def __init__(
        self, checkpoint: Checkpoint | None, horizon: str | None, *, dated: bool = False
    ) -> None:
        """``horizon``: the lowest value that is wanted; used only without a checkpoint.

        ``dated``: the values are times, or days.
        """
        self.checkpoint = checkpoint
        self.horizon = horizon
        self.dated = dated
        self.page = 1
        self.arrived = False  # the goal was reached; a crawl that ended without it is not complete
        self._page_one: tuple[Entry, ...] = ()
        self._before: tuple[Entry, ...] = ()
        self._total: int | None = None  # as on the last page, and as on page 1
        self._total_at_first: int | None = None
        self._second_looks = 0

    @property
    def next_checkpoint(self) -> Checkpoint:
        """The checkpoint to set once the crawl is complete."""
        ids = tuple(entry.id for entry in self._page_one)
        return Checkpoint(self._floor(), ids, self._total_at_first)

    def _floor(self) -> str | None:
        lowest, highest = _lowest(self._page_one), _highest(self._page_one)
        if lowest is None or highest is None or not self.dated:
            return lowest
        return min(lowest, _before_backdated(highest))

    def read_page(
        self,
        entries: Sequence[Entry],
        *,
        is_last: bool,
        is_index: bool = False,
        total: int | None = None,
    ) -> int | None:
        """Record a page. Return the number of the next one to read, None at the end.

        A page without entries ends the crawl, unless it is an index of further pages.
        """
        page = tuple(entries)
        if self.page == 1 and not self._before:
            self._page_one, self._total_at_first = page, total
        shrunk = self._has_shrunk(total)
        reached = bool(page) and not is_index and self._reached(page)
        nothing_more = not is_index and (not page or page == self._before)
        if (is_last or reached or nothing_more) and not shrunk:
            # A list may end above the goal for no reason, and be complete the next time.
            no_goal = self.checkpoint is None and not self.horizon
            self.arrived = no_goal or reached or (is_last and bool(page or is_index))
            return None
        self._before = page
        # Deleted posts moved others up, over the boundary between two pages: read that part again.
        self.page = max(1, self.page - 1) if shrunk else self.page + 1
        return self.page

    def _has_shrunk(self, total: int | None) -> bool:
        """Return whether posts were deleted since the last page, as far as that is plausible."""
        before, self._total = self._total, total
        shrunk = total is not None and before is not None and total < before
        self._second_looks += shrunk
        return shrunk and self._second_looks <= SECOND_LOOKS

    def _reached(self, page: tuple[Entry, ...]) -> bool:
        if self.checkpoint and self._nothing_new(page, self.checkpoint):
            return True
        lowest, goal = _lowest(page), self.checkpoint.floor if self.checkpoint else self.horizon
        if not (lowest and goal):
            return self.page >= UNDATED_PAGES
        if self.checkpoint is None:
            return lowest < goal
        return lowest <= goal and (self.dated or self.page >= UNDATED_PAGES)

    def _nothing_new(self, page: tuple[Entry, ...], checkpoint: Checkpoint) -> bool:
        """Return whether page 1 and the total are those of the last complete crawl."""
        same = self.page == 1 and tuple(entry.id for entry in page) == checkpoint.page_one
        return same and checkpoint.total is not None and checkpoint.total == self._total


def _lowest(page: Sequence[Entry]) -> str | None:
    """Return how far down a page goes. A few old posts among many are pinned or backdated."""
    orders = sorted(entry.order for entry in page if entry.order)
    return orders[min(STRAYS, len(orders) // 4)] if orders else None


def _highest(page: Sequence[Entry]) -> str | None:
    """Return how far up a page goes. A few posts among many have a date in the future."""
    orders = sorted((entry.order for entry in page if entry.order), reverse=True)
    return orders[min(STRAYS, len(orders) // 4)] if orders else None


def _before_backdated(order: str) -> str:
    """Return the time, or the day, before which no new post is expected."""
    if len(order) == DAY_ALONE:  # from the beginning of the day
        return (datetime.fromisoformat(order) - 2 * BACKDATED).date().isoformat()
    return (datetime.fromisoformat(order) - BACKDATED).isoformat()

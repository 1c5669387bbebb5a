"""Paging through a listing: when to read on, and when the crawl is complete. No I/O here.

A crawl ends where the last complete one began, never merely at known posts. A checkpoint has the
first page of that crawl, and how far down the next one must go. Everything above that point is new,
has moved, or was missed before.

Posts are backdated by up to a day, so a new one may stand far down a list, on a page whose other
posts are all known. So a list with dates is read until it is a day older than the newest post of
the last crawl, even if page 1 has not changed, unless the list's total shows that nothing is new.
Of a list without dates, a few pages are always read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.model.link import Checkpoint

# How many pages to read at least of a listing without dates.
UNDATED_PAGES = 3
# Source: the fact sheet of the first agency; pictures are younger than their posts.
BACKDATED = timedelta(days=1)
DAY_ALONE = len("2024-05-01")
# This many old posts on a page do not show how far down it goes.
STRAYS = 2
# Limits how often a crawl looks again if servers disagree about the total.
SECOND_LOOKS = 20


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

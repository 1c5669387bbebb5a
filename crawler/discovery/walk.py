"""A walk down a listing: when to read on, and when the walk is complete. No I/O here.

A walk ends where the last complete walk began, never merely at known posts: a mark remembers the
first page of that walk, and how far down the next one must go. Whatever is read before that point
is new, shifted, or was missed.

Posts are dated back by up to a day, so a new one may stand far down a list, on a page whose other
posts are all known. A list with dates is therefore read on until it is a day older than the newest
post of the last walk, even if page 1 is as it was, unless the list's total says that there is
nothing new. Of a list without dates a few pages are always read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.model.link import Mark

# How far a walk goes at least on a listing without dates, where no day can be told.
UNDATED_PAGES = 3
# Source: the fact sheet of the first agency, by pictures that are younger than their posts.
BACKDATED = timedelta(days=1)
DAY_ALONE = len("2024-05-01")
# Old posts on a page that do not tell how far down it goes.
STRAYS = 2
# How often a walk looks again: servers that count differently must not hold it for ever.
SECOND_LOOKS = 20


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a page: the article's id, and what the listing sorts by."""

    id: str
    order: str | None


class Walk:
    """Decides after each page whether to read on, from a mark or down to a horizon."""

    def __init__(self, mark: Mark | None, horizon: str | None, *, dated: bool = False) -> None:
        """``horizon``: an order below which nothing is wanted; counts only without a mark.

        ``dated``: that orders are times, or days alone.
        """
        self.mark = mark
        self.horizon = horizon
        self.dated = dated
        self.page = 1
        self.arrived = False  # where it was to; a walk that ended without is no whole one
        self._page_one: tuple[Step, ...] = ()
        self._before: tuple[Step, ...] = ()
        self._total: int | None = None  # as the last page told it, and as page 1 did
        self._total_at_first: int | None = None
        self._second_looks = 0

    @property
    def next_mark(self) -> Mark:
        """The mark to set once the walk is complete."""
        ids = tuple(step.id for step in self._page_one)
        return Mark(self._floor(), ids, self._total_at_first)

    def _floor(self) -> str | None:
        lowest, highest = _lowest(self._page_one), _highest(self._page_one)
        if lowest is None or highest is None or not self.dated:
            return lowest
        return min(lowest, _before_backdated(highest))

    def take(
        self,
        steps: Sequence[Step],
        *,
        is_last: bool,
        is_index: bool = False,
        total: int | None = None,
    ) -> int | None:
        """Take note of a page; return the number of the next one to read, None at the end.

        A page without entries ends the walk, unless it is an index of further pages.
        """
        page = tuple(steps)
        if self.page == 1 and not self._before:
            self._page_one, self._total_at_first = page, total
        shrunk = self._has_shrunk(total)
        reached = bool(page) and not is_index and self._reached(page)
        nothing_more = not is_index and (not page or page == self._before)
        if (is_last or reached or nothing_more) and not shrunk:
            # A list may stop for no reason above the goal, and go on the next time.
            no_goal = self.mark is None and not self.horizon
            self.arrived = no_goal or reached or (is_last and bool(page or is_index))
            return None
        self._before = page
        # Posts that were taken down moved others up, past the gap between two pages: look again.
        self.page = max(1, self.page - 1) if shrunk else self.page + 1
        return self.page

    def _has_shrunk(self, total: int | None) -> bool:
        """Tell whether posts were taken down since the last page, as long as it is believable."""
        before, self._total = self._total, total
        shrunk = total is not None and before is not None and total < before
        self._second_looks += shrunk
        return shrunk and self._second_looks <= SECOND_LOOKS

    def _reached(self, page: tuple[Step, ...]) -> bool:
        if self.mark and self._nothing_new(page, self.mark):
            return True
        lowest, goal = _lowest(page), self.mark.floor if self.mark else self.horizon
        if not (lowest and goal):
            return self.page >= UNDATED_PAGES
        if self.mark is None:
            return lowest < goal
        return lowest <= goal and (self.dated or self.page >= UNDATED_PAGES)

    def _nothing_new(self, page: tuple[Step, ...], mark: Mark) -> bool:
        """Tell whether page 1 and the total are those of the last complete walk."""
        same = self.page == 1 and tuple(step.id for step in page) == mark.page_one
        return same and mark.total is not None and mark.total == self._total


def _lowest(page: Sequence[Step]) -> str | None:
    """Return how far down a page goes; a few old posts among many are pinned or backdated."""
    orders = sorted(step.order for step in page if step.order)
    return orders[min(STRAYS, len(orders) // 4)] if orders else None


def _highest(page: Sequence[Step]) -> str | None:
    """Return where a page begins; a few posts among many are dated in the future."""
    orders = sorted((step.order for step in page if step.order), reverse=True)
    return orders[min(STRAYS, len(orders) // 4)] if orders else None


def _before_backdated(order: str) -> str:
    """Return the time, or the day, before which nothing new is expected any more."""
    if len(order) == DAY_ALONE:  # from its first minute
        return (datetime.fromisoformat(order) - 2 * BACKDATED).date().isoformat()
    return (datetime.fromisoformat(order) - BACKDATED).isoformat()

"""A walk down a listing: when to read on, and when the walk is complete. No I/O here.

A walk ends where the last complete walk began, never merely at known posts: a mark remembers the
first page of that walk, and how far down it went. Whatever is read before that point is
new, shifted, or was missed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

# How far a first walk goes on a listing without dates, where 48 hours cannot be told.
UNDATED_PAGES = 3
# Old posts on a page that do not tell how far down it goes.
STRAYS = 2
# How often a walk looks again: servers that count differently must not hold it for ever.
SECOND_LOOKS = 20


@dataclass(frozen=True, slots=True)
class Mark:
    """Page 1 of the last complete walk: its articles, and the order it went down to."""

    floor: str | None
    page_one: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a page: the article's id, and what the listing sorts by."""

    id: str
    order: str | None


class Walk:
    """Decides after each page whether to read on, from a mark or down to a horizon."""

    def __init__(self, mark: Mark | None, horizon: str | None) -> None:
        """``horizon``: an order below which nothing is wanted; counts only without a mark."""
        self.mark = mark
        self.horizon = horizon
        self.page = 1
        self.arrived = False  # where it was to; a walk that ended without is no whole one
        self._page_one: tuple[Step, ...] = ()
        self._before: tuple[Step, ...] = ()
        self._total: int | None = None
        self._second_looks = 0

    @property
    def next_mark(self) -> Mark:
        """The mark to set once the walk is complete."""
        return Mark(_lowest(self._page_one), tuple(step.id for step in self._page_one))

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
            self._page_one = page
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
        lowest = _lowest(page)
        if self.mark is not None:
            if self.page == 1 and tuple(step.id for step in page) == self.mark.page_one:
                return True
            if lowest and self.mark.floor:
                return lowest <= self.mark.floor
        elif lowest and self.horizon:
            return lowest < self.horizon
        return self.page >= UNDATED_PAGES


def _lowest(page: Sequence[Step]) -> str | None:
    """Return how far down a page goes; a few old posts among many are pinned or backdated."""
    orders = sorted(step.order for step in page if step.order)
    return orders[min(STRAYS, len(orders) // 4)] if orders else None

"""Articles per day as a picture: a row per year and edition, a column per day, gaps in red."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import log1p, nan
from typing import TYPE_CHECKING

from crawler.audit.gaps import Gap
from crawler.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PostsByDay = Mapping[str, Mapping[date, int]]
Grid = list[list[float]]

COLUMNS = 366  # as in a leap year, so that each day has the same column in every year
MONTHS = [date(2000, month, 1) for month in range(1, 13)]
WIDTH, ROW, HEADING = 12.0, 0.16, 0.5  # inches


def day_grid(posts: Mapping[date, int], years: range) -> Grid:
    """Return a value per day, one row per year, from the first post to the last, else NaN.

    The values are logarithmic, so that days with few articles are visible beside those with many.
    """
    grid = _empty(years)
    day, last = min(posts), max(posts)
    while day <= last:
        _set(grid, years, day, log1p(posts.get(day, 0)))
        day += timedelta(days=1)
    return grid


def gap_grid(gaps: Sequence[Gap], years: range) -> Grid:
    """Return 1 for each day of a gap, in the same shape."""
    grid = _empty(years)
    for gap in gaps:
        for offset in range(gap.days):
            _set(grid, years, gap.first + timedelta(days=offset), 1.0)
    return grid


def _empty(years: range) -> Grid:
    return [[nan] * COLUMNS for _ in years]


def _set(grid: Grid, years: range, day: date, value: float) -> None:
    if day.year in years:
        grid[day.year - years.start][_column(day)] = value


def _column(day: date) -> int:
    return (day.replace(year=2000) - date(2000, 1, 1)).days


def draw_calendar(posts: PostsByDay, gaps: Mapping[str, Sequence[Gap]]) -> bytes:
    """Return the picture as PNG. Raises ``UsageError`` without matplotlib or without articles."""
    if not posts:
        raise UsageError("--png: no article with a date is chosen, so there is nothing to draw")
    years = {edition: _years(days) for edition, days in posts.items()}
    heights = [len(span) * ROW + HEADING for span in years.values()]
    figure = _figure(sum(heights) + HEADING)
    axes = figure.subplots(len(posts), 1, squeeze=False, height_ratios=heights)[:, 0]
    for axis, (edition, days) in zip(axes, posts.items(), strict=True):
        _draw(axis, years[edition], days, gaps.get(edition, ()))
        axis.set_title(_title(edition, days, gaps.get(edition, ())), loc="left", fontsize=9)
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=100)
    return picture.getvalue()


def _figure(height: float) -> "Figure":
    """Return an empty figure. Matplotlib is an extra and only imported here."""
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise UsageError("--png needs matplotlib; install it by: make data") from error
    return Figure(figsize=(WIDTH, height), layout="constrained")


def _years(days: Mapping[date, int]) -> range:
    return range(min(days).year, max(days).year + 1)


def _title(edition: str, days: Mapping[date, int], gaps: Sequence[Gap]) -> str:
    thin = sum(gap.days for gap in gaps)
    return (
        f"{edition}: {sum(days.values()):,} articles, {max(days.values()):,} on the busiest day, "
        f"{thin:,} days with too few (red)"
    )


def _draw(axis: "Axes", years: range, days: Mapping[date, int], gaps: Sequence[Gap]) -> None:
    for grid, colours, most in (
        (day_grid(days, years), "Greens", None),
        (gap_grid(gaps, years), "autumn_r", 1),  # 1 is red
    ):
        axis.imshow(grid, cmap=colours, vmin=0, vmax=most, aspect="auto", interpolation="none")
    axis.set_yticks(range(len(years)), [str(year) for year in years], fontsize=7)
    axis.set_xticks(
        [_column(month) for month in MONTHS], [f"{month:%b}" for month in MONTHS], fontsize=7
    )

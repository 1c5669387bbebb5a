import io
import sys
from datetime import date, timedelta
from math import isnan, log1p

import pytest

from crawler.audit.calendar import day_grid, draw_calendar, gap_grid
from crawler.audit.gaps import Gap
from crawler.errors import UsageError

FIRST = date(2023, 12, 30)
POSTS = {FIRST + timedelta(days=day): 10 for day in range(120) if day != 70}
GAP = Gap(first=date(2024, 2, 28), last=date(2024, 3, 1), posts=0, usual=30)
RED = (255, 0, 0)


def has_red(png: bytes) -> bool:
    from matplotlib.image import imread  # a third of a second, for those alone who look

    pixels = imread(io.BytesIO(png), format="png")[:, :, :3]
    assert pixels.shape[1] == 1200
    return any((abs(row * 255 - RED) < 1).all(axis=1).any() for row in pixels)


def test_a_day_stands_in_one_column_in_every_year() -> None:
    grid = day_grid({FIRST: 3, date(2025, 3, 1): 1}, range(2023, 2026))
    assert [len(row) for row in grid] == [366] * 3
    assert grid[0][364] == log1p(3)
    assert grid[1][59] == 0  # 29 February
    assert isnan(grid[2][59])
    assert grid[2][60] == log1p(1)
    assert isnan(grid[0][363])  # before the first post
    assert isnan(grid[2][61])  # after the last


def test_each_day_of_a_gap_is_marked_in_the_years_drawn() -> None:
    (row,) = gap_grid([GAP], range(2024, 2025))
    assert [day for day, mark in enumerate(row) if mark == 1] == [58, 59, 60]
    (other,) = gap_grid([GAP], range(2023, 2024))
    assert all(isnan(mark) for mark in other)


def test_the_picture_is_a_png_in_which_gaps_are_red() -> None:
    editions = {"en": POSTS, "ru": POSTS}
    marked = draw_calendar(editions, {"ru": [GAP]})
    assert marked.startswith(b"\x89PNG")
    assert has_red(marked)
    assert not has_red(draw_calendar(editions, {}))


def test_without_anything_to_draw_one_line_says_so() -> None:
    with pytest.raises(UsageError, match="nothing to draw"):
        draw_calendar({}, {})


def test_without_matplotlib_one_line_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(UsageError, match="make data"):
        draw_calendar({"en": POSTS}, {})

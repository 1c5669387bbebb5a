"""A bar chart in SVG: articles over time, by edition."""

from collections.abc import Iterable
from typing import NamedTuple

from crawler.text.dates import all_months

_COLOURS = (
    "#2f6690", "#d1495b", "#edae49", "#66a182", "#8d6a9f", "#00798c", "#bc6c25", "#6c757d",
    "#9a031e", "#3d5a80",
)  # fmt: skip
WIDTH, HEIGHT = 960, 220
_MOST_BARS = 240  # months, of twenty years
_MOST_NAMED = 24  # months; of more, only the years are named
_LEFT, _BELOW = 44, 22


class Bar(NamedTuple):
    """A piece of a bar, in SVG units, with its label."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    told: str
    step: str  # its month, or its year


class Chart(NamedTuple):
    """Bars, ticks and legend of a chart."""

    bars: list[Bar]
    ticks: list[tuple[float, str]]
    highest: int
    legend: list[tuple[str, str]]


def chart(counts: Iterable[tuple[str, str, int]]) -> Chart:
    """Return the chart of (edition, month, articles), by year if there are too many months."""
    told = list(counts)
    months = all_months({month for _, month, _ in told})
    by_year = len(months) > _MOST_BARS
    steps = sorted({month[:4] for month in months}) if by_year else months
    stacks: dict[str, dict[str, int]] = {step: {} for step in steps}
    for edition, month, number in told:
        stack = stacks[month[:4] if by_year else month]
        stack[edition] = stack.get(edition, 0) + number
    editions = sorted({edition for edition, _, _ in told})
    colours = {each: _COLOURS[place % len(_COLOURS)] for place, each in enumerate(editions)}
    highest = max((sum(stack.values()) for stack in stacks.values()), default=0)
    return Chart(_bars(stacks, colours, highest), _ticks(steps), highest, list(colours.items()))


def _bars(stacks: dict[str, dict[str, int]], colours: dict[str, str], highest: int) -> list[Bar]:
    step = (WIDTH - _LEFT) / max(len(stacks), 1)
    room = HEIGHT - _BELOW
    bars = []
    for place, (name, stack) in enumerate(stacks.items()):
        y = float(room)
        for edition in sorted(stack):
            height = stack[edition] / highest * (room - 8)
            y -= height
            told = f"{edition} {stack[edition]:,}"
            bars.append(
                Bar(
                    _LEFT + place * step,
                    y,
                    max(step * 0.88, 0.5),
                    height,
                    colours[edition],
                    told,
                    name,
                )
            )
    return bars


def _ticks(steps: list[str]) -> list[tuple[float, str]]:
    """Return places and names for about ten steps, or years if there are many months."""
    step = (WIDTH - _LEFT) / max(len(steps), 1)
    named = list(enumerate(steps))
    if len(steps) > _MOST_NAMED:
        named = [(place, name[:4]) for place, name in named if name[4:] in ("", "-01")]
    every = max(len(named) // 10, 1)
    return [(_LEFT + place * step, name) for place, name in named[::every]]

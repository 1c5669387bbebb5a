"""The results of a benchmark: a table, the goals with measured values, raw figures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

GOALS = "### Goals\n"  # heads the last table


@dataclass(frozen=True, slots=True)
class Goal:
    """A limit and the measured value; with ``at_least`` it is a lower limit."""

    what: str
    limit: float
    measured: float
    unit: str
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the measured value is within the limit."""
        if self.at_least:
            return self.measured >= self.limit
        return self.measured <= self.limit

    @property
    def cells(self) -> list[str]:
        """The goal as a row of a table."""
        sign = "≥" if self.at_least else "≤"
        told = [f"{sign} {self.limit:,g} {self.unit}", f"{self.measured:,.4g} {self.unit}"]
        return [self.what, *told, "met" if self.is_met else "**missed**"]


@dataclass(slots=True)
class Result:
    """The results of a part; ``raw``: any data that can be written as JSON."""

    title: str
    head: Sequence[str]
    rows: list[list[str]]
    goals: list[Goal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    raw: Any = None

    def lines(self) -> Iterator[str]:
        """Yield the results as Markdown."""
        yield from (f"### {self.title}", "", *table(self.head, self.rows), "")
        yield from (line for note in self.notes for line in (note, ""))


def goals(results: Sequence[Result]) -> Iterator[str]:
    """Yield all goals with their measured values, as Markdown."""
    rows = [goal.cells for result in results for goal in result.goals]
    yield from (GOALS.strip(), "", *table(["goal", "limit", "measured", ""], rows), "")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield a Markdown table with aligned columns."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    yield _line(head, widths)
    yield f"|{'|'.join('-' * (width + 2) for width in widths)}|"
    yield from (_line(row, widths) for row in rows)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"


def spread(values: Sequence[float]) -> float:
    """Return the difference of largest and smallest value, as a share of the smallest."""
    return max(values) / min(values) - 1


def middle(values: Sequence[float]) -> float:
    """Return the median."""
    return median(values)

"""The progress of a run: figures for a bar on a terminal, and for a log line."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

SHOWN = ("new", "edited", "unchanged", "failed")
WINDOW = 60.0  # seconds over which the rate is measured, because sites are slow at times


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A run at one moment.

    ``to_do``: pending articles that this run will still fetch. None while listings may show more,
    and once the run is stopping.
    """

    stage: str
    outcomes: Mapping[str, int]
    pending: int
    to_do: int | None
    rate: float

    @property
    def done(self) -> int:
        """The number of articles with an outcome."""
        return sum(self.outcomes.values())

    @property
    def share(self) -> float:
        """The share of the work that is done, from 0 to 1; 0 while that is unknown."""
        return self.done / (self.done + self.to_do) if self.to_do is not None and self.done else 0.0

    @property
    def line(self) -> str:
        """The figures in words, the most important first: a narrow terminal cuts off the others."""
        wait = f" ({duration(self.to_do / self.rate)} to go)" if self.to_do and self.rate else ""
        counts = [f"{self.outcomes.get(name, 0):,} {name}" for name in SHOWN]
        return ", ".join([f"{self.pending:,} pending{wait}", *counts, f"{self.rate:.1f} a second"])


@dataclass
class Rate:
    """Articles per second in the last minutes."""

    samples: deque[tuple[float, int]] = field(default_factory=deque)

    def take(self, moment: float, done: int) -> float:
        """Record the number of done articles at a time in seconds. Return the rate."""
        self.samples.append((moment, done))
        while len(self.samples) > 2 and moment - self.samples[0][0] > WINDOW:
            self.samples.popleft()
        began, before = self.samples[0]
        return (done - before) / (moment - began) if moment > began else 0.0


def duration(seconds: float) -> str:
    """Return a duration in one or two units: ``40 s``, ``12 min``, ``3 h 20 min``, ``2 d 4 h``."""
    if round(seconds) < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    days, hours = divmod(minutes // 60, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"

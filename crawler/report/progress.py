"""How far a run is: figures for a bar on a terminal, and for a line in a log."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

SHOWN = ("new", "edited", "unchanged", "failed")
WINDOW = 60.0  # seconds over which the rate is taken: a site is slow at times


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A run at a moment.

    ``to_do`` is what this run will still do of what is pending; None while listings may tell of
    more, and once the run is to stop.
    """

    stage: str
    outcomes: Mapping[str, int]
    pending: int
    to_do: int | None
    rate: float

    @property
    def done(self) -> int:
        """How many articles have ended in an outcome."""
        return sum(self.outcomes.values())

    @property
    def share(self) -> float:
        """How much of the work is done, from 0 to 1; 0 while that cannot be told."""
        return self.done / (self.done + self.to_do) if self.to_do is not None and self.done else 0.0

    @property
    def line(self) -> str:
        """The figures in words, the most wanted first: a narrow terminal cuts the others off."""
        wait = f" ({duration(self.to_do / self.rate)} to go)" if self.to_do and self.rate else ""
        counts = [f"{self.outcomes.get(name, 0):,} {name}" for name in SHOWN]
        return ", ".join([f"{self.pending:,} pending{wait}", *counts, f"{self.rate:.1f} a second"])


@dataclass
class Rate:
    """Articles a second of late."""

    samples: deque[tuple[float, int]] = field(default_factory=deque)

    def take(self, moment: float, done: int) -> float:
        """Take note of how many are done at a moment, in seconds; return the rate."""
        self.samples.append((moment, done))
        while len(self.samples) > 2 and moment - self.samples[0][0] > WINDOW:
            self.samples.popleft()
        began, before = self.samples[0]
        return (done - before) / (moment - began) if moment > began else 0.0


def duration(seconds: float) -> str:
    """Return a time to wait in one or two units: ``40 s``, ``12 min``, ``3 h 20 min``, ``2 d 4 h``.

    What is left of a minute does not matter once there is one.
    """
    if round(seconds) < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    days, hours = divmod(minutes // 60, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"

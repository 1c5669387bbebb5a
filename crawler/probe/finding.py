"""What is believed of a site, and what a probe found of it."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["as expected", "different", "could not tell"]

_LONGEST = 300  # letters of what was seen that are worth reading in a table


@dataclass(frozen=True, slots=True)
class Finding:
    """A fact once it was checked; ``change`` says what to change unless it is as expected."""

    fact: str
    expected: str
    seen: str
    verdict: Verdict
    change: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing believed of a site.

    ``change`` names the constant that a difference is mended in: ``NAME in path/of/file.py``;
    None if no code relies on the fact.
    """

    name: str
    expected: str
    change: str | None = None

    def holds(self, seen: str) -> Finding:
        """Find it as expected."""
        return Finding(self.name, self.expected, _shown(seen), "as expected")

    def differs(self, seen: str) -> Finding:
        """Find something else."""
        return Finding(self.name, self.expected, _shown(seen), "different", self.change)

    def unclear(self, seen: str) -> Finding:
        """Find no answer to it; ``seen`` says why."""
        return Finding(self.name, self.expected, _shown(seen), "could not tell", self.change)

    def judged(self, as_expected: bool, seen: str) -> Finding:
        """Find it as expected or not."""
        return self.holds(seen) if as_expected else self.differs(seen)


def _shown(seen: str) -> str:
    """Make words of a foreign site safe and short enough for a terminal."""
    line = "".join(sign if sign.isprintable() else " " for sign in seen)
    line = " ".join(line.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"

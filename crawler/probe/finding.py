"""The project's assumptions about a site, and the findings of a probe."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["as expected", "different", "could not tell"]

_LONGEST = 300  # characters of a finding that a table shows


@dataclass(frozen=True, slots=True)
class Finding:
    """A fact after its check. ``change``: what to change if it is not as expected."""

    fact: str
    expected: str
    seen: str
    verdict: Verdict
    change: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One expectation about a site.

    ``change``: the constant to correct if it is wrong: ``NAME in path/of/file.py``. None if no code
    relies on the fact.
    """

    name: str
    expected: str
    change: str | None = None

    def holds(self, seen: str) -> Finding:
        """Return a finding: as expected."""
        return Finding(self.name, self.expected, _shown(seen), "as expected")

    def differs(self, seen: str) -> Finding:
        """Return a finding: not as expected."""
        return Finding(self.name, self.expected, _shown(seen), "different", self.change)

    def unclear(self, seen: str) -> Finding:
        """Return a finding without a result. ``seen``: the reason."""
        return Finding(self.name, self.expected, _shown(seen), "could not tell", self.change)

    def judged(self, as_expected: bool, seen: str) -> Finding:
        """Return a finding: as expected or not."""
        return self.holds(seen) if as_expected else self.differs(seen)


def _shown(seen: str) -> str:
    """Make a site's text safe and short enough for a terminal."""
    line = "".join(sign if sign.isprintable() else " " for sign in seen)
    line = " ".join(line.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"

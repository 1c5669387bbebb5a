"""The run report: what a run had to do, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crawler.errors import PRECEDENCE, ArchiveError
from crawler.monitors import Alarm
from crawler.outcomes import OUTCOMES

# A run in which more than this share of the articles failed has not done its work.
FAILED_SHARE = 0.1
REFUSALS = frozenset({"HTTP 401", "HTTP 403", "HTTP 451", "forbidden by robots.txt"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The figures of one run; ``taken_over + discovered`` equals the outcomes and ``left``.

    ``editions``: the outcomes of each. ``articles``: rows recorded, by edition and road.
    ``fill_rates``: share of those rows that have a field. ``slowest``: URLs and seconds.
    ``bytes_saved``: what 304s did not have to send. ``monitors``: those that failed.
    """

    agency: str
    run: str
    started_at: str
    ended_at: str
    seconds: float
    backfill: str | None
    taken_over: int
    discovered: int
    outcomes: dict[str, int]
    editions: dict[str, dict[str, int]] = field(default_factory=dict)
    left: int
    reasons: dict[str, int] = field(default_factory=dict)
    roads_served: dict[str, int] = field(default_factory=dict)
    roads_failed: dict[str, str] = field(default_factory=dict)
    addresses_refused: dict[str, int] = field(default_factory=dict)
    disagreements: dict[str, int] = field(default_factory=dict)
    articles: dict[str, int] = field(default_factory=dict)
    fill_rates: dict[str, float] = field(default_factory=dict)
    slowest: list[tuple[str, float]] = field(default_factory=list)
    throttling: dict[str, float] = field(default_factory=dict)
    requests: int = 0
    bytes: int = 0
    bytes_saved: int = 0
    monitors: list[Alarm] = field(default_factory=list)
    faults: int = 0
    stopped_by: str | None = None

    @property
    def balances(self) -> bool:
        """Whether every article of the run ended in exactly one outcome, or is left."""
        return self.taken_over + self.discovered == sum(self.outcomes.values()) + self.left

    @property
    def too_many_failed(self) -> bool:
        """Whether more articles failed than a run that did its work may lose for now."""
        done = sum(self.outcomes.values())
        return self.outcomes["failed"] > max(1, FAILED_SHARE * done)

    @property
    def refused_by_site(self) -> bool:
        """Whether no road served, and one was refused."""
        return not self.roads_served and any(
            reason in REFUSALS for reason in self.roads_failed.values()
        )

    def lines(self) -> list[str]:
        """Return the report as lines of a table."""
        work = f"{self.taken_over} taken over + {self.discovered} discovered"
        ends = " + ".join(f"{count} {name}" for name in OUTCOMES if (count := self.outcomes[name]))
        sign = "=" if self.balances else "DOES NOT BALANCE WITH"
        table = [f"articles   {work} {sign} {ends or '0 done'} + {self.left} left"]
        table += _rows("reasons", self.reasons)
        table += _rows("roads", self.roads_served)
        table += _rows("failed", self.roads_failed)
        table += _rows("addresses", self.addresses_refused)
        table += _rows("noted", self.disagreements)
        table += _rows("throttling", self.throttling)
        rate = sum(self.outcomes.values()) / self.seconds if self.seconds else 0
        table.append(
            f"{'run':<10} {self.requests} requests, {self.bytes / 1e6:.1f} MB"
            f"{f' ({self.bytes_saved / 1e6:.1f} saved)' if self.bytes_saved else ''}, "
            f"{self.seconds:.1f} s, {rate:.1f} articles a second"
        )
        return table


def exit_code(report: Report, stopped_by: ArchiveError | None) -> int:
    """Return the gravest exit code that holds."""
    checks: list[tuple[int, object]] = [
        (stopped_by.exit_code if stopped_by else 0, True),
        (1, report.faults or not report.balances),
        (6, report.refused_by_site),
        (3, report.roads_failed or report.too_many_failed),
        (4, report.monitors),
    ]
    return min((code for code, holds in checks if holds), key=PRECEDENCE.index)


def _rows(name: str, figures: Mapping[str, object]) -> list[str]:
    return [
        f"{name if number == 0 else '':<10} {key}: {value}"
        for number, (key, value) in enumerate(sorted(figures.items()))
    ]

"""The result of a run: its figures, its alarms, its exit code and the reason."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from crawler.errors import (
    FAILED_SHARE,
    PRECEDENCE,
    ArchiveError,
    AskedInVain,
    Blocked,
    ExitCode,
    SiteChanged,
    SourceFailed,
)

# Every outcome of an article. With ``pending``, their sum is all articles of a run.
OUTCOMES = (
    "new",
    "edited",
    "respelled",
    "reparsed",
    "older",
    "back",
    "unchanged",
    "absent",
    "missing",
    "gone",
    "refused",
    "failed",
)

UNMODIFIED = "unmodified"  # instead of a layout, for pages that have not changed
UNREAD = "unread"  # by any layout

NAMED = 3  # sources and monitors that the reason of an exit code names
REFUSALS = frozenset({"HTTP 401", "HTTP 403", "HTTP 451", "forbidden by robots.txt"})


@dataclass(frozen=True, slots=True)
class Alarm:
    """A monitor that failed: where, which figure, its value now and before, and examples."""

    place: str
    figure: str
    found: str
    usual: str
    examples: list[str]

    @property
    def line(self) -> str:
        """The alarm as a line of the log."""
        seen = f"; see {', '.join(self.examples)}" if self.examples else ""
        return f"monitor {self.place}: {self.figure} {self.found}, {self.usual}{seen}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The figures of one run. ``carried_over + discovered`` equals the outcomes and ``pending``.

    ``run_every_minutes``: the interval of the timer that started the run, None if none did.
    ``editions``: the outcomes of each edition. ``articles``: rows recorded, by edition and source.
    ``pages``: pages with status 200 or 304, by the layout that read them, if one did.
    ``fill_rates``: the share of those rows that have a field. ``slowest``: URLs and seconds.
    ``bytes_saved``: bytes that were not sent again, by 304 responses. ``monitors``: the failed
    ones. ``asked_in_vain``: articles requested by name that were not fetched, by state, and
    ``unlisted`` editions. ``gone_after``: how often, over how many hours, and up to which share of
    the visited ones articles must be missing to be gone. ``stand_in``: the address of the stand-in
    site that was crawled; its articles are made up. ``exit_code`` and ``exit_reason``: None until
    the run has ended.
    """

    agency: str
    run: str
    started_at: str
    ended_at: str
    run_every_minutes: float | None = None
    seconds: float
    backfill: str | None
    carried_over: int
    discovered: int
    outcomes: dict[str, int]
    editions: dict[str, dict[str, int]] = field(default_factory=dict)
    pending: int
    reasons: dict[str, int] = field(default_factory=dict)
    sources_served: dict[str, int] = field(default_factory=dict)
    sources_failed: dict[str, str] = field(default_factory=dict)
    addresses_refused: dict[str, int] = field(default_factory=dict)
    disagreements: dict[str, int] = field(default_factory=dict)
    articles: dict[str, int] = field(default_factory=dict)
    pages: dict[str, int] = field(default_factory=dict)
    fill_rates: dict[str, float] = field(default_factory=dict)
    slowest: list[tuple[str, float]] = field(default_factory=list)
    throttling: dict[str, float] = field(default_factory=dict)
    requests: int = 0
    bytes: int = 0
    bytes_saved: int = 0
    monitors: list[Alarm] = field(default_factory=list)
    asked_in_vain: dict[str, int] = field(default_factory=dict)
    faults: int = 0
    gone_after: dict[str, float] = field(default_factory=dict)
    stand_in: str | None = None
    stopped_by: str | None = None
    exit_code: int | None = None
    exit_reason: str | None = None

    @property
    def balances(self) -> bool:
        """Whether every article of the run has exactly one outcome or is pending."""
        return self.carried_over + self.discovered == sum(self.outcomes.values()) + self.pending

    @property
    def too_many_failed(self) -> bool:
        """Whether more articles failed than is acceptable for a good run."""
        done = sum(self.outcomes.values())
        return self.outcomes["failed"] > max(1, FAILED_SHARE * done)

    @property
    def refused_by_site(self) -> bool:
        """Whether no source worked, and the site refused at least one."""
        return not self.sources_served and any(
            reason in REFUSALS for reason in self.sources_failed.values()
        )

    def lines(self) -> list[str]:
        """Return the report as lines of a table."""
        work = f"{self.carried_over} carried over + {self.discovered} discovered"
        ends = " + ".join(f"{count} {name}" for name in OUTCOMES if (count := self.outcomes[name]))
        sign = "=" if self.balances else "DOES NOT ADD UP TO"
        table = [f"articles   {work} {sign} {ends or '0 done'} + {self.pending} pending"]
        table += _rows("reasons", self.reasons)
        table += _rows("sources", self.sources_served)
        table += _rows("failed", self.sources_failed)
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


@dataclass(frozen=True, slots=True)
class Ending:
    """The exit code of a run, and its reason."""

    code: ExitCode
    reason: str

    @property
    def line(self) -> str:
        """The last line of the log."""
        return f"exit code {self.code:d}: {self.reason}"


def ending(report: Report, stopped_by: ArchiveError | None) -> Ending:
    """Return the gravest exit code that applies, with all reasons, the gravest first."""
    found = sorted(
        [*([stopped_by] if stopped_by else []), *_problems(report)],
        key=lambda error: PRECEDENCE.index(error.exit_code),
    )
    code = found[0].exit_code if found else ExitCode.FINE
    reasons = [str(error) for error in found]
    if code == ExitCode.FINE:
        reasons.insert(0, _counted(report.outcomes) or "there was nothing to do")
    return Ending(code, " ".join("; ".join(reasons).split()))


def _problems(report: Report) -> Iterator[ArchiveError]:
    """Yield all problems of a run, each as the error that has its exit code."""
    if report.faults:
        yield ArchiveError(f"{report.faults} internal errors; the log has their tracebacks")
    if not report.balances:
        yield ArchiveError("the figures of the run do not add up: see its report")
    if report.refused_by_site:
        yield Blocked("every source failed, and the site refuses us")
    if report.monitors:
        yield SiteChanged(
            some([f"{each.place}: {each.figure} {each.found}" for each in report.monitors])
        )
    if failed := [f"{name} failed ({why})" for name, why in sorted(report.sources_failed.items())]:
        kind = "source" if len(failed) == 1 else f"{len(failed)} sources:"
        yield SourceFailed(f"{kind} {some(failed)}")
    if report.too_many_failed:
        done = sum(report.outcomes.values())
        yield SourceFailed(f"{report.outcomes['failed']} of {done} articles failed")
    if report.asked_in_vain:
        yield AskedInVain(f"requested by name, but not fetched: {_counted(report.asked_in_vain)}")


def some(what: Sequence[str]) -> str:
    """Return the first of several, and how many more there are."""
    more = f" and {len(what) - NAMED} more" if len(what) > NAMED else ""
    return ", ".join(what[:NAMED]) + more


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count)


def _rows(name: str, figures: Mapping[str, object]) -> list[str]:
    return [
        f"{name if number == 0 else '':<10} {key}: {value}"
        for number, (key, value) in enumerate(sorted(figures.items()))
    ]

"""The condition of all archives as one static page: state, articles by day, gaps, last runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from html import escape
from importlib.resources import files
from string import Template
from typing import Protocol

from crawler.report.overview import Overview, age_in_words
from crawler.report.past_runs import PastRun
from crawler.system.clock import rfc3339

DAYS = 90  # in the chart
LAST = 10  # gaps listed at most
_STEP, _HEIGHT = 10, 100  # width of a day and height of the chart, in SVG units


class Gap(Protocol):
    """Consecutive days on which an edition has fewer posts than usual."""

    @property
    def first(self) -> date: ...  # noqa: D102
    @property
    def last(self) -> date: ...  # noqa: D102
    @property
    def posts(self) -> int: ...  # noqa: D102
    @property
    def usual(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """An archive on the page; posts by day and gaps are those of each edition."""

    overview: Overview
    posts: Mapping[str, Mapping[date, int]] = field(default_factory=dict)
    gaps: Mapping[str, Sequence[Gap]] = field(default_factory=dict)
    runs: Sequence[PastRun] = ()


def status_page(
    agencies: Sequence[Agency], longest: timedelta | None, moment: datetime
) -> Iterator[bytes]:
    """Yield the page in parts."""
    fine = sum(_state(each.overview, longest) == "fine" for each in agencies)
    page = Template(files("crawler.report").joinpath("status.html").read_text("utf-8"))
    yield page.substitute(
        title="News archives",
        summary=f"{fine} of {len(agencies)} archives are fine.",
        moment=_time(rfc3339(moment)),
        rows="\n".join(_row(each.overview, longest) for each in agencies),
        sections="\n".join(_section(each, longest, moment.date()) for each in agencies),
    ).encode()


def _row(each: Overview, longest: timedelta | None) -> str:
    cells = "".join(f'<td class="number">{number}</td>' for number in each.figures())
    good = f"{_time(each.good_at)}, {age_in_words(each.age)} ago" if each.good_at else "never"
    due = _time(each.next_run) if each.next_run else "not known"
    name, state = escape(each.agency), _state(each, longest)
    made_up = " (made up)" if each.stand_in else ""
    return (
        f'<tr><th scope="row"><a href="#{name}">{name}</a></th>'
        f'<td><span class="{state}">{state}</span>{made_up}</td>'
        f"<td>{good}</td><td>{'running' if each.running_since else due}</td>{cells}</tr>"
    )


def _state(each: Overview, longest: timedelta | None) -> str:
    """Return the state of an archive; one without a good run is not known to be well."""
    if each.wrong(longest):
        return "fails"
    return "fine" if each.good_at else "no run yet"


def _section(each: Agency, longest: timedelta | None, today: date) -> str:
    overview = each.overview
    name = escape(overview.agency)
    parts = [f'<section aria-labelledby="{name}">\n<h2 id="{name}">{name}</h2>']
    if overview.stand_in:
        parts.append(f"<p>All of it is made up: it was read from {escape(overview.stand_in)}.</p>")
    parts += _list("What is wrong", overview.lines(longest))
    if overview.is_readable:
        parts.append(_chart(each, today))
        parts += _list("Days with few articles", _gap_lines(each.gaps))
        alarms = each.runs[0].monitors if each.runs else ()
        parts += _list("What the last run noticed", [alarm.line for alarm in alarms])
        parts += _runs(each.runs)
    return "\n".join([*parts, "</section>"])


def _list(heading: str, lines: Iterable[str]) -> Iterator[str]:
    items = [f"<li>{escape(line)}</li>" for line in lines]
    if items:
        yield f"<h3>{heading}</h3>\n<ul>{''.join(items)}</ul>"


def _gap_lines(found: Mapping[str, Sequence[Gap]]) -> list[str]:
    newest = sorted(
        ((gap, edition) for edition, each in found.items() for gap in each),
        key=lambda pair: (pair[0].first, pair[1]),
        reverse=True,
    )
    return [
        f"{edition}: {gap.first} to {gap.last}: {gap.posts} articles, usually {gap.usual}"
        for gap, edition in newest[:LAST]
    ]


def _chart(each: Agency, today: date) -> str:
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    posts = [sum(counts.get(day, 0) for counts in each.posts.values()) for day in days]
    thin = [gap for gaps in each.gaps.values() for gap in gaps]
    bars = "".join(
        _bar(place, f"{day}: {number}", number / max(*posts, 1), is_thin=_is_within(day, thin))
        for place, (day, number) in enumerate(zip(days, posts, strict=True))
    )
    told = f"articles in {DAYS} days: {sum(posts):,}, at most {max(posts):,} a day"
    width = DAYS * _STEP
    return (
        f'<figure>\n<svg viewBox="0 0 {width} {_HEIGHT}" preserveAspectRatio="none" role="img" '
        f'aria-label="Articles by day of publication: {told}">{bars}'
        f'<line x1="0" x2="{width}" y1="{_HEIGHT}" y2="{_HEIGHT}"/></svg>\n'
        f"<figcaption><time>{days[0]}</time><span>{told}</span><time>{days[-1]}</time>"
        "</figcaption>\n</figure>"
    )


def _is_within(day: date, gaps: Sequence[Gap]) -> bool:
    return any(gap.first <= day <= gap.last for gap in gaps)


def _bar(place: int, told: str, share: float, *, is_thin: bool) -> str:
    height = max(share * _HEIGHT, 4 if is_thin else 0)  # keep a day without articles visible
    kind, more = (' class="gap"', ", few in an edition") if is_thin else ("", "")
    return (
        f'<rect{kind} x="{place * _STEP}" y="{_HEIGHT - height:.1f}" width="{_STEP - 2}" '
        f'height="{height:.1f}"><title>{told}{more}</title></rect>'
    )


def _runs(runs: Sequence[PastRun]) -> Iterator[str]:
    if not runs:
        return
    rows = "".join(map(_run, runs))
    yield (
        '<h3>Last runs</h3>\n<div class="wide" role="region" aria-label="Last runs" tabindex="0">'
        '<table><thead><tr><th scope="col">Began</th><th scope="col">Exit code</th>'
        '<th scope="col">Why</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _run(run: PastRun) -> str:
    code = "-" if run.exit_code is None else str(run.exit_code)
    why = "running" if run.is_active else escape(run.exit_reason or "not known")
    cells = f'<td>{code}</td><td class="why">{why}</td>'
    return f"<tr><td>{_time(run.started_at)}</td>{cells}</tr>"


def _time(moment: str) -> str:
    told = moment[:16].replace("T", " ")
    return f'<time datetime="{moment}">{told}</time>'

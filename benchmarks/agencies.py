"""Quality of reading the agencies' pages, compared with a general extractor.

Run by ``make agencies-report``: prints the table and writes it into ``docs/agencies.md``.
"""

import ast
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from statistics import median
from typing import Any

from benchmarks import peers
from benchmarks.real_pages import (
    AGENCIES,
    PAGES,
    ROOT,
    RealPage,
    Verdict,
    f1,
    judge,
    real_pages,
    share,
    tools,
    unknown_pages,
)
from crawler.extract.errors import InvalidArticle, UnreadablePage
from crawler.system.clock import now

OUT = ROOT / "docs" / "agencies.md"
LONGEST_LAYOUT, LEAST_F1, LEAST_AUTHORS = 25, 0.98, 0.95
HEAD = (
    "| agency | pages | title | time | authors | body F1 | wrong text | title* | day* | authors* "
    "| body F1* | wrong text* |\n|---|---|---|---|---|---|---|---|---|---|---|---|"
)
CHECKED = """
## How far each layout was checked
Real pages of which something is known to be true, the years they were published in, and further
real pages that the layout reads, though nobody checked what. A layout with none was written after
programs that read the site, or after what is known of it: its first real pages will tell.

| agency | layout | real pages | published | unchecked |
|---|---|---|---|---|"""
ABOUT = """# How well the agencies are read

Measured {day}. `make agencies-report` renews this page. It needs real saved pages beside the
project, in `../shared`: they belong to their publishers and are not part of the project.
Columns with * show what {version} reads from the same pages; it gives a day, never a
time. Only facts known to be true of a page are counted: `right/known`. Times must agree to the
minute, zones included (a known time without a zone counts as UTC). Body F1 compares words; our rows
put the lead first, and where the known text has no lead, it is left out of ours. Wrong text counts
pieces of boilerplate that are in the body, and pieces of the article that are not.

"""


def row(name: str, ours: Sequence[Verdict], theirs: Sequence[Verdict]) -> str:
    """Return a line of the table."""
    cells = [name, str(len(ours))]
    for verdicts in (ours, theirs):
        cells += [share(getattr(one, field) for one in verdicts) for field in ("title", "time")]
        cells += [share(one.authors for one in verdicts), f1(verdicts)]
        cells.append(str(sum(len(one.wrong) for one in verdicts)))
    return "| " + " | ".join(cells) + " |"


def _day_only(page: RealPage, verdict: Verdict, read: Mapping[str, Any]) -> Verdict:
    """Compare only the day if there is no time."""
    known = page.known("published")
    verdict.time = known[:10] == read["published"] if known else None
    return verdict


def checked(agency: str, reads: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a line for each layout: number of real pages it read, and their years."""
    others = Counter(layouts_of_others(agency))
    for layout in tools(agency).layouts:
        found = [read["published"] or "" for read in reads if read["layout"] == layout.layout]
        years = sorted({published[:4] for published in found if published})
        span = " to ".join(dict.fromkeys((years[0], years[-1]))) if years else ""
        cells = (agency, layout.layout, str(len(found)), span, str(others[layout.layout]))
        yield f"| {' | '.join(cells)} |"


def layouts_of_others(agency: str) -> Iterator[str]:
    """Yield the layouts that read pages without known correct values."""
    for page in unknown_pages(agency):
        with suppress(UnreadablePage, InvalidArticle):
            yield page.read()["layout"]


def lengths(agencies: Sequence[str]) -> dict[str, int]:
    """Count the lines of code of each layout, without docstrings, comments and blank lines."""
    found = {}
    for agency in agencies:
        path = ROOT / "pages" / f"{agency}.py"
        lines = path.read_text("utf-8").splitlines()
        for node in ast.parse("\n".join(lines)).body:
            if isinstance(node, ast.ClassDef):
                found[f"{agency}.{node.name}"] = _code_lines(node, lines)
    return found


def _code_lines(node: ast.ClassDef, lines: Sequence[str]) -> int:
    told = {
        number
        for part in ast.walk(node)
        if isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)
        for number in range(part.lineno, (part.end_lineno or part.lineno) + 1)
    }
    numbers = range(node.lineno, (node.end_lineno or node.lineno) + 1)
    code = (lines[number - 1].strip() for number in numbers if number not in told)
    return sum(bool(line) and not line.startswith("#") for line in code)


def report(agencies: Sequence[str]) -> tuple[str, bool]:
    """Return the page with the table, and whether the goals are met."""
    ours: list[Verdict] = []
    theirs: list[Verdict] = []
    rows, layouts_checked = [HEAD], [CHECKED]
    for agency in agencies:
        pages = list(real_pages(agencies=[agency]))
        reads = [page.read() for page in pages]
        mine = [judge(page, read) for page, read in zip(pages, reads, strict=True)]
        layouts_checked += checked(agency, reads)
        general = peers.theirs("trafilatura", pages)
        others = [
            _day_only(page, judge(page, {**read, "published": None}), read)
            for page, read in zip(pages, general.rows, strict=True)
        ]
        rows.append(row(agency, mine, others))
        ours, theirs = ours + mine, theirs + others
    rows.append(row("**all**", ours, theirs))
    layouts = lengths(agencies)
    size = (
        f"\n{len(layouts)} layouts, of {median(layouts.values()):g} lines of code in the median, "
        f"{max(layouts.values())} at most (rules and imports not counted).\n"
    )
    text = (
        ABOUT.format(day=now().date(), version=general.name)
        + "\n".join(rows)
        + "\n"
        + size
        + "\n".join(layouts_checked)
        + "\n"
    )
    return text, is_good(ours) and median(layouts.values()) <= LONGEST_LAYOUT


def is_good(verdicts: Sequence[Verdict]) -> bool:
    """Return whether the goals are met: all fields correct, except one author in twenty."""
    bodies = [one.body for one in verdicts if one.body is not None]
    authors = [one.authors for one in verdicts if one.authors is not None]
    return (
        all(one.title is not False and one.time is not False for one in verdicts)
        and sum(authors) >= LEAST_AUTHORS * len(authors)
        and min(bodies, default=1) >= LEAST_F1
        and not any(one.wrong for one in verdicts)
    )


def main() -> int:
    """Print the table and save it; return 1 if a goal is missed, 2 if there are no pages."""
    if not PAGES.is_dir():
        print(f"there are no real pages at {PAGES}", file=sys.stderr)
        return 2
    agencies = [name for name in AGENCIES if any(real_pages(agencies=[name]))]
    text, good = report(agencies)
    OUT.write_text(text, "utf-8")
    print(text)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

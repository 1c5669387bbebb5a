"""Quality of reading any page, with the goals: by the generic reader, and by agencies' layouts.

Run by ``make quality``: prints the table and writes it into ``docs/quality.md``. The pages and
their correct values are beside the project; ``--set`` reads one set only, ``--show-worst`` lists
the pages with the worst bodies.
"""

import argparse
import gzip
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from pathlib import Path
from statistics import mean
from typing import Any

from benchmarks import languages
from benchmarks.peers import saved_pages
from benchmarks.real_pages import (
    AGENCIES,
    FOLDERS,
    OLD_PAGES,
    PAGES,
    ROOT,
    beside_lead,
    minute_of,
    real_pages,
    tools,
    words_f1,
)
from crawler.extract.article import Normalise
from crawler.extract.blocks import letters
from crawler.extract.document import Document
from crawler.extract.errors import InvalidArticle, UnreadablePage
from crawler.extract.generic import generic_layouts
from crawler.extract.main_text import LEAST_TEXT
from crawler.extract.page import ArticlePage, read_page
from crawler.model.article import Article
from crawler.system.clock import now
from crawler.text.dates import UnreadableDate
from crawler.text.plain_text import fold, normalise

EVALUATION = ROOT.parent / "shared" / "evaluation"
OUT = ROOT / "docs" / "quality.md"
WEB = ("fundus", "article-extraction-benchmark", "fundus-evaluation", "wcxb")
ABOUT = Path(__file__).with_suffix(".md").read_text("utf-8")


_TOKEN = re.compile(r"\w+")


@dataclass(frozen=True)
class Page:
    """One page with its correct values; without ``layouts`` the generic reader reads it."""

    name: str
    document: Document
    truth: Mapping[str, Any]
    layouts: Sequence[type[ArticlePage]] = ()

    def known(self, field: str) -> Any:
        """Return the correct value of a field; None if unknown."""
        return self.truth.get(f"{field}_fixed", self.truth.get(field))

    def read(self) -> Article | None:
        """Read the page like a crawl; None if it is refused."""
        try:
            layouts = self.layouts or generic_layouts(self.document, None)
            draft = read_page(self.document, layouts).draft()
            draft.id, draft.url = "page:1", self.document.url
            draft.first_seen_at = draft.fetched_at = "1970-01-01T00:00:00Z"
            return Normalise(layouts[0].rules).process_item(draft)
        except (UnreadablePage, UnreadableDate, InvalidArticle):
            return None


def web_pages(name: str) -> Iterator[Page]:
    """Yield the pages of a set from the whole web."""
    for line in (EVALUATION / name / "truth.jsonl").read_text("utf-8").splitlines():
        truth = json.loads(line)
        body = gzip.decompress((EVALUATION / name / truth["file"]).read_bytes())
        file = Path(truth["file"]).name.removesuffix(".html.gz")
        yield Page(file, Document(truth["url"], 200, {}, body), truth)


def old_pages(*, by_layouts: bool) -> Iterator[Page]:
    """Yield the old pages with known values, for the layouts of agencies that have some."""
    for path in sorted(OLD_PAGES.glob("*/truth.json")):
        agency = next((ours for ours, name in FOLDERS.items() if name == path.parent.name), None)
        agency = agency or path.parent.name
        layouts = tools(agency).layouts if by_layouts and agency in AGENCIES else ()
        for file, truth in json.loads(path.read_text("utf-8")).items():
            body = gzip.decompress((path.parent / file).read_bytes())
            url = truth.get("url") or f"https://{path.parent.name}.example/news/1"
            name = f"{path.parent.name}/{file.removesuffix('.html.gz')}"
            yield Page(name, Document(url, 200, {}, body), truth, layouts)


def agency_pages(*, by_layouts: bool) -> Iterator[Page]:
    """Yield the real pages of our agencies, for their layouts or for the generic reader."""
    for page in real_pages([PAGES]):
        layouts = tools(page.agency).layouts if by_layouts else ()
        yield Page(page.name, page.document, page.truth, layouts)


def uza_posts() -> Iterator[Page]:
    """Yield posts of UzA as in its API, without their tags, in UzA's own layouts.

    Galleries and videos without a text are left out: no article is made from them.
    """
    for path in sorted((EVALUATION / "uza-posts").glob("*.jsonl")):
        for post in map(json.loads, path.read_text("utf-8").splitlines()):
            if re.sub(r"\[gallery-\d+\]", "", post["truth"]["text_start"]) == "":
                continue
            told = {
                "title": post["title"],
                "content": post["content"],
                "publish_time": f"{post['published_at']}:00",
                "slug": post["url"].rpartition("/")[2],
            }
            body = json.dumps({"data": told}).encode()
            document = Document(post["url"], 200, {"content-type": "application/json"}, body)
            yield Page(told["slug"], document, post["truth"], tools("uza").layouts)


def our_pages(*, by_layouts: bool) -> Iterator[Page]:
    """Yield the pages written by hand in ``tests/pages``; the generic reader gets long texts."""
    for page in saved_pages():
        layouts = tools(page.agency).layouts if by_layouts else ()
        if by_layouts or letters(page.known("body") or "") >= LEAST_TEXT:
            yield Page(page.name, page.document, page.truth, layouts)


SETS: Mapping[str, Callable[[], Iterator[Page]]] = {
    **{name: lambda name=name: web_pages(name) for name in WEB},  # type: ignore[misc]
    "old-pages": lambda: old_pages(by_layouts=True),
    "old-pages, generic": lambda: old_pages(by_layouts=False),
    "uza-posts": uza_posts,
    "pages": lambda: agency_pages(by_layouts=True),
    "pages, generic": lambda: agency_pages(by_layouts=False),
    "our pages": lambda: our_pages(by_layouts=True),
    "our pages, generic": lambda: our_pages(by_layouts=False),
}

# Shares of known values, means, and numbers of ``wrong`` dates and ``refused`` pages.
GOALS: Mapping[str, Mapping[str, float]] = {
    "fundus": {
        "title": 164 / 172,
        "minute": 166 / 172,
        "wrong": 2,
        "credited": 147 / 169,
        "body": 0.965,
        "refused": 0,
    },
    "article-extraction-benchmark": {"grams": 0.965, "exact": 0.40, "refused": 0},
    "wcxb": {"title": 220 / 260, "body": 0.945, "refused": 0},
    "old-pages": {"day": 75 / 82, "wrong": 2, "authors": 60 / 72, "body": 0.93, "refused": 0},
    "uza-posts": {"authors": 0.98, "refused": 0},
    "pages": {"title": 1, "minute": 1, "wrong": 0, "authors": 1, "body": 0.99, "refused": 0},
    # Minimums, checked by tests: our own pages have short texts, so many are refused.
    "our pages": {"title": 1, "minute": 1, "wrong": 0, "authors": 1, "body": 1, "refused": 0},
    "our pages, generic": {
        "title": 0.65,
        "day": 0.65,
        "wrong": 0,
        "authors": 0.3,
        "body": 0.6,
        "grams": 0.7,
        "refused": 9,
    },
}
HEADS = {
    "title": "title",
    "minute": "minute",
    "day": "day",
    "wrong": "wrong date",
    "authors": "authors",
    "credited": "with credit",
    "body": "body F1",
    "grams": "4-gram F1",
    "exact": "exact",
    "refused": "refused",
}
COUNTED, AT_MOST = ("title", "minute", "day", "authors", "credited"), ("wrong", "refused")

Verdict = Mapping[str, float | None]  # by figure: 1 correct, 0 wrong, None unknown


def judge(page: Page, article: Article | None) -> Verdict:
    """Compare the fields read from a page with its correct values."""
    read = article or Article()
    return {
        "title": _equal(page.known("title"), read.title, _plain),
        "authors": _authors(page, read),
        "credited": _credited(page, read),
        **_dates(page.known("published"), read.published_at, read.published_raw),
        **_overlap(page.known("body"), read),
        "refused": article is None,
    }


def _equal(known: Any, read: Any, plain: Callable[[Any], Any]) -> bool | None:
    return None if known is None else plain(known) == plain(read)


def _authors(page: Page, read: Article) -> bool | None:
    """Compare names; if the roles of the persons are known, these as well."""
    persons = page.known("persons")
    if persons is None:
        return _equal(page.known("authors"), [one.name for one in read.authors], _names)
    return _equal(persons, [(one.name, one.role) for one in read.authors], _roles)


def _credited(page: Page, read: Article) -> bool | None:
    """Compare names like ``_authors``, otherwise persons and organisations together."""
    known = page.known("authors")
    if known is None or _authors(page, read):
        return _authors(page, read)
    told = read.credit.split(", ") if read.credit else []
    return _equal(known, [*(one.name for one in read.authors), *told], _names)


def _roles(persons: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    return {(_plain(name).replace(". ", "."), role) for name, role in persons}


def _plain(title: str) -> str:
    return " ".join(fold(normalise(title)).split())


def _names(names: Sequence[str]) -> set[str]:
    return {" ".join(name.split()) for name in names}


def _dates(known: str | None, read: str | None, raw: str | None) -> Verdict:
    """Compare a date; ``wrong`` is one that contradicts the correct one as far as both go."""
    if known is None or len(known) < 10:
        return {}
    known = known.removesuffix(" 00:00:00")  # of a parser that found only the day
    day = bool(read and _days(read) & _days(known))
    if len(known) == 10:
        return {"day": day, "wrong": bool(read and not day)}
    is_timed = read is not None and len(read) > 10
    minute = bool(
        read and is_timed and (minute_of(read) == minute_of(known) or _is_clock(known, raw))
    )
    return {
        "day": day,
        "minute": minute,
        "wrong": not minute if is_timed else bool(read and not day),
    }


def _is_clock(known: str, raw: str | None) -> bool:
    """Return whether a time without a zone is the one shown by the page's own clock."""
    is_local = datetime.fromisoformat(known).tzinfo is None
    return is_local and known[:16].split() == (raw or "")[:16].replace("T", " ").split()


def _days(raw: str) -> set[str]:
    """Return the day as written and, for a time, in UTC."""
    return {raw[:10], minute_of(raw)[:10]} if len(raw) > 10 else {raw}


def _overlap(known: str | None, read: Article) -> Verdict:
    """Compare a body by its words, and with its lead by its 4-grams."""
    if not known:
        return {}
    body = beside_lead(known, read.body, read.summary or "")
    known = normalise(known)  # without soft hyphens, like our texts
    grams, true_grams = _grams(read.body), _grams(known)
    common = (grams & true_grams).total()
    return {
        "body": words_f1(known, body),
        "precision": common / grams.total() if grams else None,
        "recall": common / true_grams.total(),
        "exact": _TOKEN.findall(read.body) == _TOKEN.findall(known),
    }


def _grams(text: str) -> Counter[tuple[str, ...]]:
    tokens = _TOKEN.findall(text)
    starts = range(max(1, len(tokens) - 3)) if tokens else ()
    return Counter(tuple(tokens[start : start + 4]) for start in starts)


def figures(verdicts: Sequence[Verdict]) -> dict[str, tuple[float, int]]:
    """Return each figure that is known, with the number of pages that have it."""
    found = {}
    for name in (*HEADS, "precision", "recall"):
        values = [value for one in verdicts if (value := one.get(name)) is not None]
        if values:
            found[name] = (sum(values) if name in AT_MOST else mean(values), len(values))
    if "precision" in found:
        precision, recall = found["precision"][0], found["recall"][0]
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        found["grams"] = (f1, found["recall"][1])
    return found


def row(name: str, verdicts: Sequence[Verdict], ms: float) -> tuple[str, bool]:
    """Return a set's line of the table, and whether its goals are met."""
    found, goals = figures(verdicts), GOALS.get(name, {})
    cells = [_cell(figure, found.get(figure), goals.get(figure)) for figure in HEADS]
    line = " | ".join([name, str(len(verdicts)), *cells, f"{ms:.1f}"])
    missed = [figure for figure, goal in goals.items() if not _is_met(figure, found, goal)]
    return f"| {line} |", not missed


def _is_met(figure: str, found: Mapping[str, tuple[float, int]], goal: float) -> bool:
    value = found[figure][0]
    return value <= goal if figure in AT_MOST else value >= goal


def _cell(figure: str, value: tuple[float, int] | None, goal: float | None) -> str:
    """Return a figure and, in brackets, its goal."""
    if value is None:
        return ""
    measured, known = value
    if figure in COUNTED:
        text = f"{round(measured * known)}/{known}"
        return text if goal is None else f"{text} (≥ {ceil(goal * known - 1e-9)})"
    if figure in AT_MOST:
        return f"{measured:.0f}" if goal is None else f"{measured:.0f} (≤ {goal})"
    return f"{measured:.3f}" if goal is None else f"{measured:.3f} (≥ {goal})"


def read_set(name: str, worst: int) -> tuple[str, bool]:
    """Read a set; return its line of the table, and whether its goals are met."""
    pages = list(SETS[name]())
    began = time.process_time()
    articles = [page.read() for page in pages]
    size = sum(len(page.document.body) for page in pages) / 100_000
    ms = (time.process_time() - began) / size * 1000
    verdicts = [judge(page, read) for page, read in zip(pages, articles, strict=True)]
    ranked = sorted(zip(pages, verdicts, strict=True), key=lambda pair: pair[1].get("body") or 0)
    for page, verdict in ranked[:worst]:
        shown = (f"{key} {value:.2f}" for key, value in verdict.items() if value is not None)
        print(f"{name}: {page.name}: {', '.join(shown)}")
    return row(name, verdicts, ms)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; return 1 if a goal is missed, 2 if there are no pages."""
    parser = argparse.ArgumentParser(prog="make quality", description=__doc__)
    parser.add_argument("--set", action="append", choices=SETS, help="read only this set")
    parser.add_argument("--show-worst", type=int, default=0, metavar="N", help="name N pages a set")
    chosen = parser.parse_args(arguments)
    if not (EVALUATION.is_dir() and PAGES.is_dir()):
        print(f"quality not measured: no pages at {EVALUATION} and {PAGES}", file=sys.stderr)
        return 2
    rows = [read_set(name, chosen.show_worst) for name in chosen.set or SETS]
    heads = ["set", "pages", *HEADS.values(), "ms/100 KB"]
    table = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|", *(line for line, _ in rows)]
    print("\n".join(table))
    is_met = all(met for _, met in rows)
    if not chosen.set:
        told, are_told = told_languages()
        page = [ABOUT.format(day=now().date()) + "\n".join(table) + "\n", told]
        OUT.write_text("\n".join(page), "utf-8")
        is_met = is_met and are_told
    return 0 if is_met else 1


def told_languages() -> tuple[str, bool]:
    """Return the section of languages, and whether its goals are met; unchanged without texts."""
    if not languages.UDHR.is_dir():
        print(f"languages not measured: no texts at {languages.UDHR}", file=sys.stderr)
        _, head, rest = OUT.read_text("utf-8").partition(languages.HEAD)
        return head + rest, True
    table, are_met = languages.measured()
    print(table)
    return f"{languages.ABOUT}{table}", are_met


if __name__ == "__main__":
    sys.exit(main())

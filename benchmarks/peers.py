"""Ours compared with other extractors on the same saved pages: correctness, and ms per page.

The pages are those written by hand in ``tests/pages`` and, if present, real ones beside the
project. ``make bench-peers`` installs the other extractors, each in its own environment.
"""

import json
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks.real_pages import ROOT, RealPage, Verdict, f1, judge, real_pages, share, tools
from benchmarks.results import Result
from benchmarks.scale import Scale
from crawler.extract.saved_page import ARTICLE, load_document

ENVIRONMENTS = {  # folders in .venv; fundus needs another lxml
    "trafilatura": "peers",
    "newspaper4k": "peers",
    "news-please": "peers",
    "fundus": "fundus",
}
TITLE = "Extractors on the same saved pages"
_READERS = Path(__file__).with_name("peer_readers.py")
_ROUNDS = 3


class SavedPage(RealPage):
    """A page written by hand, with its expected article."""

    @cached_property
    def source(self) -> str:
        """The page's text."""
        return load_document(self.path).text


def saved_pages() -> list[RealPage]:
    """Return the pages of all agencies with an expected article; without API responses."""
    folders = sorted(path.parent for path in (ROOT / "tests" / "pages").glob(f"*/*/{ARTICLE}"))
    return [
        SavedPage(folder.parent.name, folder, _truth(folder))
        for folder in folders
        if (folder / "page.html").exists()
    ]


def _truth(folder: Path) -> dict[str, Any]:
    told = json.loads((folder / ARTICLE).read_text("utf-8"))
    return {
        "url": load_document(folder).url,
        "title": told["title"],
        "published": told["published_at"],
        "authors": [person["name"] for person in told["authors"]],
        "body": told["body"],
    }


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of an extractor."""

    name: str
    rows: Sequence[Mapping[str, Any]]
    ms: float


def ours(pages: Sequence[RealPage]) -> Reading:
    """Read pages with the agencies' layouts and the pipelines, like a crawl."""
    by_agency = {name: tools(name) for name in {page.agency for page in pages}}
    spent = []
    for _ in range(_ROUNDS):
        began = time.process_time()
        rows = [page.read_by(by_agency[page.agency]) for page in pages]
        spent.append((time.process_time() - began) / len(pages) * 1000)
    return Reading("ours", rows, min(spent))


def theirs(name: str, pages: Sequence[RealPage]) -> Reading:
    """Read pages with an extractor, in its own environment."""
    python = ROOT / ".venv" / ENVIRONMENTS[name] / "bin" / "python"
    given = json.dumps([{"url": page.url, "source": page.source} for page in pages])
    command = [str(python), str(_READERS), name]
    run = subprocess.run(command, input=given, stdout=subprocess.PIPE, text=True, check=True)
    told = json.loads(run.stdout.splitlines()[-1])
    return Reading(f"{name} {told['version']}", told["rows"], told["ms"])


def installed() -> list[str]:
    """Return the installed extractors."""
    places = {name: ROOT / ".venv" / place for name, place in ENVIRONMENTS.items()}
    return [name for name, place in places.items() if (place / "installed").exists()]


def measure(scale: Scale) -> Result:
    """Let all extractors read the same pages; fundus only those of the one layout it knows."""
    rows, raw = [], {}
    for kind, pages in _kinds():
        for name in ["ours", *installed()]:
            if name == "fundus" and kind != _CURRENT:
                continue
            found = ours(pages) if name == "ours" else theirs(name, pages)
            verdicts = [judge(page, row) for page, row in zip(pages, found.rows, strict=True)]
            rows.append(_row(kind, found, verdicts))
            raw[f"{found.name}, {kind}"] = rows[-1][2:]
    return Result(
        title=TITLE,
        head=[
            "pages",
            "reader",
            "number",
            "ms CPU a page",
            "title",
            "minute",
            "authors",
            "body F1",
        ],
        rows=rows,
        raw=raw,
    )


_CURRENT = "by hand, UzA's current layout"


def _kinds() -> list[tuple[str, list[RealPage]]]:
    saved, real = saved_pages(), list(real_pages())
    current = [page for page in saved if _layout(page.path) == ("uza", "current")]
    kinds = [(_CURRENT, current), ("by hand, all agencies", saved), ("real", real)]
    return [(kind, pages) for kind, pages in kinds if pages]


def _layout(folder: Path) -> tuple[str, str]:
    told = json.loads((folder / ARTICLE).read_text("utf-8"))
    return told["agency"], told["extractor"]["layout"]


def _row(kind: str, found: Reading, verdicts: Sequence[Verdict]) -> list[str]:
    right = [share(getattr(each, name) for each in verdicts) for name in ("title", "time")]
    right += [share(each.authors for each in verdicts), f1(verdicts)]
    return [kind, found.name, str(len(verdicts)), f"{found.ms:.2f}", *right]

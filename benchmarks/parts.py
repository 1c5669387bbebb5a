"""CPU milliseconds per page of single parts of our own work, without Scrapy.

Extraction with the reading pipelines; captures; and ledger, journal and run report for an article
that is discovered, fetched and recorded, in synced groups like in a crawl.
"""

import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from gzip import decompress
from pathlib import Path

import msgspec
from scrapy.utils.project import get_project_settings

from benchmarks.captures import exchanges, nothing, ours
from benchmarks.pages import pages
from benchmarks.results import Goal, Result, middle, spread
from benchmarks.scale import Scale
from crawler.crawl.normalisers import load_normalisers
from crawler.crawl.outcomes import Outcomes, RetryPolicy
from crawler.crawl.run_result import OUTCOMES, Report
from crawler.extensions.report import Tally
from crawler.extract.article import read_article
from crawler.extract.document import Document
from crawler.model.article import Article
from crawler.model.fields import adapt
from crawler.model.identity import identify
from crawler.model.link import Link
from crawler.store.archive import Archive
from crawler.store.frontier import PendingArticle, Scope
from crawler.store.states import Validators
from crawler.system.clock import now
from pages.uza import LAYOUTS, RULES

EXTRACTION = "extraction and pipelines"
CAPTURES, COMMITS = "captures, committed", "the same commits without captures"
RECORDING, EMPTY = "ledger, journal and report", "the same archive, opened and closed"
BATCH = 100  # articles read from the ledger at a time, as in a crawl
_BACKFILL = "ids=1-9"
_WHEN = "2026-11-23T18:30:00Z"
_HEADERS = {"content-type": "text/html; charset=utf-8"}


def documents(number: int) -> list[Document]:
    """Return pages as they come from Scrapy: uncompressed."""
    return [
        Document(f"https://uza.uz{post.path}", 200, _HEADERS, decompress(body))
        for post, body in pages(number)
    ]


class Reading:
    """Reads pages like a crawl."""

    def __init__(self) -> None:
        self.normalisers = load_normalisers(get_project_settings(), RULES)

    def __call__(self, taken: list[Document]) -> list[Article]:
        """Return the rows."""
        return [
            read_article(
                Document(each.url, each.status, each.headers, each.body),
                LAYOUTS,
                self.normalisers,
                link=Link(each.url, "ids"),
                fetched_at=_WHEN,
            )
            for each in taken
        ]


class Recording:
    """Discovers, takes, records and counts articles, like the spider and its pipelines."""

    def __init__(self, archive: Archive) -> None:
        self.archive, self.ledger = archive, archive.ledger
        self.ledger.frontier.scope = Scope(_BACKFILL, ())
        policy = RetryPolicy.of(get_project_settings())
        self.outcomes = Outcomes(archive, policy, archive.run)
        self.tally = Tally()
        archive.report = self.report

    def __call__(self, rows: list[Article]) -> None:
        """Record the rows."""
        by_id = {row.id: row for row in rows}
        for row in rows:
            identity = identify(row.url, RULES.address, RULES.name)
            self.ledger.frontier.discover(identity, Link(row.url, "ids"), backfill=_BACKFILL)
        while batch := self.ledger.pending(BATCH, ()):
            for pending in batch:
                self._record(pending, by_id[pending.id])

    def _record(self, pending: PendingArticle, row: Article) -> None:
        self.outcomes.in_flight[pending.id] = pending
        self.tally.answered(pending.url, 0.1)
        if row.url != pending.address:
            self.ledger.states.answered(pending.id, row.url)
        if not self.ledger.versions(row.id):
            self.archive.record(row)
        self.tally.stored(adapt(row), "ids")
        self.outcomes.stored(row.id, row.change, row.title, row.published_at)
        self.ledger.states.validate_with(row.id, Validators('"5f3c"', None, 13_000, "c0de"))

    def report(self) -> bytes:
        """Return the report that is saved with each commit."""
        return msgspec.json.encode(
            Report(
                agency="uza",
                run=self.archive.run,
                started_at=_WHEN,
                ended_at=_WHEN,
                seconds=1.0,
                backfill=_BACKFILL,
                carried_over=0,
                discovered=self.outcomes.counts.total(),
                outcomes={name: self.outcomes.counts[name] for name in OUTCOMES},
                editions={name: dict(told) for name, told in self.outcomes.editions.items()},
                pending=0,
                articles=dict(self.tally.articles),
                fill_rates=self.tally.fill_rates,
                slowest=self.tally.slowest,
            )
        )


def _recorded(rows: list[Article], folder: Path) -> None:
    with closing(Archive(folder)) as archive:
        archive.begin_run(now())
        Recording(archive)(rows)
        archive.report = None


def measure(scale: Scale) -> Result:
    """Measure each part in turns, and print the cost per page."""
    spent = _spent(scale)
    captures = min(spent[CAPTURES]) - min(spent[COMMITS])
    recording = min(spent[RECORDING]) - min(spent[EMPTY])
    return Result(
        title=f"Our own work on {scale.sample:,} pages of 60 KB, without Scrapy",
        head=["", "ms CPU a page, least", "median", "spread"],
        rows=[
            [name, f"{min(each):.3f}", f"{middle(each):.3f}", f"{spread(each):.0%}"]
            for name, each in spent.items()
        ],
        goals=[
            Goal(EXTRACTION, 0.35, min(spent[EXTRACTION]), "ms a page"),
            Goal("captures", 0.1, captures, "ms a page"),
            Goal(RECORDING, 0.1, recording, "ms a page"),
        ],
        notes=[
            "Captures, and what the ledger costs, are judged by the difference of their two rows: "
            "what a commit, or opening an archive, takes is no page's."
        ],
        raw=spent,
    )


def _spent(scale: Scale) -> dict[str, list[float]]:
    """Return the CPU milliseconds per page of each part, by round."""
    taken, read, captured = documents(scale.sample), Reading(), exchanges(scale.sample)
    rows = read(taken)
    works: dict[str, Callable[[Path], object]] = {
        EXTRACTION: lambda _: read(taken),
        CAPTURES: lambda folder: ours(captured, folder),
        COMMITS: lambda folder: nothing(captured, folder),
        RECORDING: lambda folder: _recorded(rows, folder),
        EMPTY: lambda folder: _recorded([], folder),
    }
    spent: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(scale.rounds + 1):
        for name, work in works.items():
            with tempfile.TemporaryDirectory() as folder:
                began = time.process_time()
                work(Path(folder))
                spent[name].append((time.process_time() - began) / scale.sample * 1000)
    return spent

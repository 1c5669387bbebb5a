"""Resources for ten years of 1, 10 and 100 agencies, computed from measured values.

Assumes agencies of UzA's size: posts per day, and years of posts to fetch first. An article is
fetched once, and visited again as the settings require, then once a year; the response is "not
modified", and is archived as well. Lists are requested twice an hour.
"""

import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.captures import exchanges
from benchmarks.crawls import OURS, variations
from benchmarks.parts import Reading, Recording, documents
from benchmarks.results import Result
from benchmarks.scale import Scale
from benchmarks.serving import serving
from crawler import settings
from crawler.store.archive import Archive
from crawler.system.clock import now
from crawler.warc.writer import Plan
from pages.uza import RULES

BACKFILL = 900_000  # existing posts
POSTS = 330  # a day
YEARS, DAYS = 10, 365
LISTING = 2 * len(RULES.editions) + 1  # a run without news: feeds, lists, and robots.txt
RUNS = 48  # a day
SLOW = 1.0  # seconds per request, for a slow site


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes on disk: of an article with its capture, and of a visit that finds it unchanged."""

    article: float
    visit: float


def sizes(number: int) -> Sizes:
    """Archive some articles, then as many again, and visit all; the first include the tables."""
    rows = Reading()(documents(2 * number))
    taken = exchanges(2 * number)
    with tempfile.TemporaryDirectory() as name:
        folder, grown = Path(name), [0]
        for some in (slice(number), slice(number, None)):
            with _opened(folder) as archive:
                for exchange in taken[some]:
                    archive.captures.take(exchange)
                Recording(archive)(rows[some])
                archive.report = None
            grown.append(_size(folder))
        with _opened(folder) as archive:
            for exchange in taken:
                archive.captures.take(replace(exchange, status=304, body=b""))
                archive.captures.keep(exchange.article_id or "")
        # Year files contain each article's newest version again.
        again = _size(folder / "journal") / (2 * number)
        visited = _size(folder)
    return Sizes((grown[2] - grown[1]) / number + again, (visited - grown[2]) / (2 * number))


def _opened(folder: Path) -> closing[Archive]:
    archive = Archive(folder)
    archive.begin_run(now())
    archive.captures.plan = Plan(prefix="a", largest=10**9, about={}, code="c0de")
    return closing(archive)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def requests() -> dict[str, float]:
    """Return the number of requests for an agency over all years, by kind."""
    written = POSTS * DAYS * YEARS
    # New articles are visited once a year for half of the years, on average.
    yearly = BACKFILL * YEARS + written * (YEARS - 1) / 2
    return {
        "articles": BACKFILL + written,
        "visits": written * len(settings.REVISIT_HOURS) + yearly,
        "lists": LISTING * RUNS * DAYS * YEARS,
    }


def crawled(pages: int) -> tuple[float, float]:
    """Return the CPU seconds per page of a crawl, and its memory in MB."""
    ours = next(way for way in variations() if way.name == OURS)
    with serving(pages) as server, tempfile.TemporaryDirectory() as name:
        start, crawl = (ours.crawl(server, number, Path(name)) for number in (1, pages))
    return (crawl.cpu - start.cpu) / (pages - 1), crawl.memory


def measure(scale: Scale) -> Result:
    """Compute the table."""
    asked, size = requests(), sizes(scale.sample)
    page, memory = crawled(max(2, scale.pages // 3))
    disk = asked["articles"] * size.article + asked["visits"] * size.visit
    return Result(
        title="Ten years of agencies as large as UzA",
        head=[
            *("agencies", "requests", "days to fetch what is there, each", "hours a day, each"),
            *("TB on disk", "CPU hours", "GB of memory, all at once"),
        ],
        rows=[
            [
                *(f"{agencies}", f"{sum(asked.values()) * agencies / 1e6:,.0f} million"),
                _from_to(BACKFILL / 86_400),
                _from_to((sum(asked.values()) - BACKFILL) / YEARS / DAYS / 3600),
                f"{disk * agencies / 1e12:,.2f}",
                f"{sum(asked.values()) * page * agencies / 3600:,.0f}",
                f"{memory * agencies / 1e3:,.1f}",
            ]
            for agencies in (1, 10, 100)
        ],
        notes=[_about(asked, size)],
        raw={"requests": asked, "article": size.article, "visit": size.visit, "page": page},
    )


def _from_to(number: float) -> str:
    """Return the time for that many requests, at the least delay and for a slow site."""
    return f"{number * settings.DOWNLOAD_DELAY:.1f} to {number * SLOW:.1f}"


def _about(asked: Mapping[str, float], size: Sizes) -> str:
    return (
        f"Of an agency: {BACKFILL:,} posts that are there, {POSTS} new ones a day, "
        f"{asked['visits'] / 1e6:.0f} million visits and {asked['lists'] / 1e6:.1f} million "
        f"requests for lists. An article takes {size.article / 1000:.1f} KB on disk, a visit that "
        f"finds it unchanged {size.visit / 1000:.2f} KB. Days and hours are those of "
        f"{settings.DOWNLOAD_DELAY} to {SLOW:g} s between requests; agencies are crawled side by "
        "side. CPU is an upper bound: every request counts as a page."
    )

"""Costs of the ledger as the archive grows: start, decisions, commit, status, memory, disk.

One ledger grows from size to size. Each article has a sighting, a version and a capture, inserted
with plain SQL so that three million take a minute; triggers and indexes work as usual. Each size is
filled and measured in separate processes, to measure its own memory.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from benchmarks.cores import peak_memory
from benchmarks.results import Goal, Result
from benchmarks.scale import Scale
from crawler.crawl.deletions import Deletion
from crawler.model.identity import Identity
from crawler.model.link import Link
from crawler.report.status import read_status
from crawler.store.archive import Archive
from crawler.store.ledger import Ledger
from crawler.store.reader import ArchiveReader

_ROUNDS = 20  # the fastest counts: other programs slow memory access down
PER_PAGE = 50  # articles per list page
_NUMBERS = (
    "WITH RECURSIVE numbers(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM numbers "
    "WHERE n < :last) "
)
_URL = "'https://example.org/posts/a-title-of-some-eighty-letters-as-titles-are_' || n"
# The key is derived from the id so that it is spread over the tables like a hash.
_DIGEST = "printf('%08x%08x', n * 2654435761 % 4294967296, n)"
_FILLING = (
    f"INSERT INTO sighting (article_id, url, road, edition, title) {_NUMBERS} "
    f"SELECT 'a:' || n, {_URL}, 'api', 'en', 'A title of article ' || n FROM numbers",
    "INSERT INTO article (id, url, address, edition, published_at, year, state, due, priority, "
    "version, title, content_hash, first_seen_at, fetched_at, etag, size, found_at) "
    f"{_NUMBERS} SELECT 'a:' || n, {_URL}, {_URL}, 'en', date('2012-01-01', n / 330 || ' days') || "
    "'T12:00:00+05:00', strftime('%Y', '2012-01-01', n / 330 || ' days'), 'stored', 4e9 + n, 1, 1, "
    f"'A title of article ' || n, {_DIGEST}, '2026-11-23T00:00:00Z', '2026-11-23T00:00:00Z', "
    f"{_DIGEST}, 13000, '2026-11-23 00:00:00' FROM numbers",
    "INSERT INTO version (article_id, number, change, content_hash, fetched_at, source, code, "
    f"file, offset, length, edition, layout) {_NUMBERS} SELECT 'a:' || n, 1, 'new', {_DIGEST}, "
    "'2026-11-23T00:00:00Z', 'page', 'c0de', '2026-11.jsonl', n * 3000, 3000, 'en', 'current' "
    "FROM numbers",
    "INSERT INTO capture (file, offset, length, kind, status, mime, digest, uri, taken_at, "
    f"article_id, code, version) {_NUMBERS} SELECT 'a-' || n / 70000 || '.warc.gz', "
    f"n % 70000 * 14000, 14000, 'response', 200, 'text/html', 'sha256:' || {_DIGEST}, {_URL}, "
    "'2026-11-23T00:00:00Z', 'a:' || n, 'c0de', 1 FROM numbers",
)


def fill(folder: Path, first: int, last: int) -> None:
    """Add the articles ``first`` to ``last`` to the ledger in a folder."""
    with closing(Archive(folder)) as archive:
        archive.ledger.database.execute("COMMIT")
        archive.ledger.database.execute("PRAGMA synchronous = OFF")
        archive.ledger.database.execute("PRAGMA cache_size = -400000")  # KB
        archive.ledger.database.execute("BEGIN IMMEDIATE")
        for statement in _FILLING:
            archive.ledger.database.execute(statement, {"first": first, "last": last})


def decide(ledger: Ledger, number: int) -> None:
    """Record a listed URL, and decide whether to fetch it."""
    url = f"https://example.org/posts/a-title-of-some-eighty-letters-as-titles-are_{number}"
    identity = Identity(f"a:{number}", url)
    ledger.frontier.discover(identity, Link(url, "api", "en", f"A title of article {number}"))


def measured(folder: Path, articles: int, decisions: int) -> dict[str, float]:
    """Return seconds (fastest round) and MB for a ledger with that many articles.

    Decisions are measured in CPU seconds, so that other programs do not count: the data they read
    are in the system's cache.
    """
    found: dict[str, float] = {}
    random = Random(articles)
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        with closing(Archive(folder)) as archive:
            _keep_least(found, "start", time.perf_counter() - began)
            ledger = archive.ledger
            known = list(_listed(random, articles, decisions))
            _keep_least(found, "known", _decided(ledger, known))
            new = range(articles + 1, articles + decisions + 1)
            _keep_least(found, "new", _decided(ledger, new))
            _time(found, "commit", archive.commit)
            _forget(ledger, new)
    with ArchiveReader(folder) as reader:
        _time(
            found,
            "status",
            lambda: read_status(
                reader.database, folder, time.time(), Deletion(sightings=3, hours=48)
            ),
        )
    found["memory"] = peak_memory()
    found["disk"] = (folder / "ledger.sqlite").stat().st_size / 1e6
    return found


def _listed(random: Random, articles: int, number: int) -> Iterator[int]:
    """Yield articles in the order of lists: neighbours on a page, pages from any time."""
    for _ in range(0, number, PER_PAGE):
        first = random.randint(1, max(1, articles - PER_PAGE))
        yield from range(first, min(first + PER_PAGE, articles + 1))


def _decided(ledger: Ledger, numbers: Sequence[int]) -> float:
    """Decide on each article; return the CPU seconds."""
    began = time.process_time()
    for number in numbers:
        decide(ledger, number)
    return time.process_time() - began


def _time(found: dict[str, float], name: str, work: Callable[[], Any]) -> None:
    began = time.perf_counter()
    work()
    _keep_least(found, name, time.perf_counter() - began)


def _keep_least(found: dict[str, float], name: str, seconds: float) -> None:
    found[name] = min(seconds, found.get(name, seconds))


def _forget(ledger: Ledger, numbers: Sequence[int]) -> None:
    """Delete new articles, so that each round begins with the same ledger."""
    for table, name in (("article", "id"), ("sighting", "article_id")):
        ledger.database.executemany(
            f"DELETE FROM {table} WHERE {name} = 'a:' || ?", [(number,) for number in numbers]
        )


def measure(scale: Scale) -> Result:
    """Let a ledger grow, and measure it at each size."""
    figures: dict[int, dict[str, float]] = {}
    before = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "a"
        for articles in scale.ledgers:
            _apart("fill", folder, before + 1, articles)
            before = articles
            told = _apart("measured", folder, articles, scale.decisions)
            figures[articles] = msgspec.json.decode(told, type=dict[str, float])
    sizes = list(figures)
    return Result(
        title=f"The ledger, as it grows; {scale.decisions:,} decisions each",
        head=[
            "articles",
            *("start ms", "known ms CPU", "new ms CPU", "commit ms", "status ms"),
            "MB of memory",
            "MB on disk",
        ],
        rows=[_row(size, figures[size]) for size in sizes],
        goals=[
            Goal(
                f"decisions on {name} addresses, {sizes[0]:,} to {sizes[-1]:,} articles",
                1.5,
                figures[sizes[-1]][name] / figures[sizes[0]][name],
                "times",
            )
            for name in ("known", "new")
        ],
        raw=figures,
    )


def _row(size: int, found: dict[str, float]) -> list[str]:
    times = [f"{found[name] * 1000:,.1f}" for name in ("start", "known", "new", "commit", "status")]
    return [f"{size:,}", *times, f"{found['memory']:.0f}", f"{found['disk']:,.0f}"]


def _apart(step: str, folder: Path, first: int, second: int) -> bytes:
    command = [sys.executable, "-m", "benchmarks.ledger_growth", step, str(folder)]
    told = subprocess.run([*command, str(first), str(second)], check=True, stdout=subprocess.PIPE)
    return told.stdout


if __name__ == "__main__":
    step, folder, first, second = sys.argv[1:]
    work = {"fill": fill, "measured": measured}[step]
    sys.stdout.buffer.write(msgspec.json.encode(work(Path(folder), int(first), int(second))))

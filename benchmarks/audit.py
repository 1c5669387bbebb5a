"""Time ``scrapy audit`` on an archive of a million articles: ``python -m benchmarks.audit``.

Rows are as wide as real ones, and every third article was seen by two sources. One in ten was never
fetched: a third of these waits, failed, or is absent. With ``--walked`` no list showed the older
half, which an id walk found. Every seventh step of the ids is a hole.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from rich.console import Console

from crawler.audit.report import audit_tables, read_audit
from crawler.store.archive import Reader
from crawler.store.ledger import Ledger
from crawler.store.selection import Selection
from crawler.store.states import BACKFILL, REVISIT

ARTICLES = 1_000_000
SECONDS_APART = 260
FIRST = datetime(2018, 1, 1)
POSTS = {"uz": 85, "oz": 80, "ru": 65, "en": 16, "fr": 11, "de": 9, "es": 10, "ar": 14, "cn": 10}
TITLE = "A title of some eighty letters, as the agency's titles are in most of its editions"
SELECTIONS = {
    "all": Selection(),
    "a month": Selection(date(2024, 5, 1), date(2024, 5, 31)),
    "an edition": Selection(editions=("en",)),
}


def articles() -> Iterator[tuple[object, ...]]:
    """Yield the rows of the ledger's table of articles, oldest first."""
    random = Random(1)
    editions = random.choices(tuple(POSTS), tuple(POSTS.values()), k=ARTICLES)
    native = 100_000
    for number, edition in enumerate(editions):
        native += random.choice((1, 1, 1, 1, 1, 1, 2))
        moment = FIRST + timedelta(seconds=number * SECONDS_APART)
        published = f"{moment:%Y-%m-%dT%H:%M:00+05:00}"
        state = "stored" if number % 10 else ("pending", "failed", "absent")[number // 10 % 3]
        stored = state == "stored"
        yield (
            *(f"a:{native}", f"https://example.org/posts/{'a-word-' * 9}{native}", state),
            *(None if stored else f"HTTP {500 + number // 10 % 7}", 2e9 if stored else None),
            *(REVISIT if stored else BACKFILL, 1 if stored else None, TITLE, "0" * 64),
            *(published, edition, published if stored else None, published[:4] if stored else None),
        )


def fill(path: Path, *, walked: bool) -> None:
    """Make the ledger."""
    ledger = Ledger(path)
    ledger.database.executemany(
        "INSERT INTO article (id, url, address, state, reason, due, priority, version, title, "
        "content_hash, first_seen_at, edition, published_at, year, found_at) "
        "VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?10)",
        articles(),
    )
    listed = f"first_seen_at >= '{FIRST.year + 4 if walked else FIRST.year}'"
    for source, condition in {
        "api": f"state <> 'absent' AND {listed}",
        "rss": f"state <> 'absent' AND {listed} AND CAST(substr(id, 3) AS INTEGER) % 3 = 0",
        "ids": f"state = 'absent' OR NOT {listed}",
    }.items():
        ledger.database.execute(
            f"INSERT INTO sighting SELECT id, '{source}', address, edition, title, first_seen_at, "
            f"first_seen_at, 'Society' FROM article WHERE {condition}"
        )
    ledger.commit({})
    ledger.close()


def measure(folder: Path, name: str) -> None:
    """Print the seconds of a reading, tables included, and the process's largest memory."""
    began, worked = time.perf_counter(), time.process_time()
    with Reader(folder) as reader:
        audit = read_audit(reader.database, SELECTIONS[name])
    console = Console(width=100)
    with console.capture():
        console.print(*audit_tables(audit))
    seconds, cpu = time.perf_counter() - began, time.process_time() - worked
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seen = sum(audit.seen.overlaps.values())
    print(f"{name}: {seconds:.2f} s, CPU {cpu:.2f} s, {seen:,} seen, {most:.0f} MB at most")


def main() -> None:
    """Make the archive, and time five readings of each choice."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder / "ledger.sqlite", walked="--walked" in sys.argv)
        for selection in SELECTIONS:
            for _ in range(5):
                measure(folder, selection)


if __name__ == "__main__":
    main()

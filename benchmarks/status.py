"""Time ``scrapy status`` on an archive of a million articles: ``python -m benchmarks.status``.

A tenth is stored, one in a thousand was given up, and all others wait at once: the largest backlog
there can be. With ``--given-up`` these were given up, too: the slowest case, for their reasons are
counted one by one.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from crawler.crawl.deletions import Deletion
from crawler.report.status import read_status
from crawler.store.archive import Reader
from crawler.store.ledger import Ledger
from crawler.store.states import BACKFILL, REVISIT

ARTICLES = 1_000_000
EDITIONS = ("uz", "oz", "ru", "en", "fr", "de", "es", "ar", "cn", "tr")


def articles(*, given_up: bool) -> Iterator[tuple[object, ...]]:
    """Yield the rows of the ledger's table of articles."""
    for number in range(ARTICLES):
        stored = number % 10 == 0
        state, due = ("failed", None) if given_up or number % 1000 == 1 else ("pending", 0)
        yield (
            f"a:{number}",
            EDITIONS[number // 10 % len(EDITIONS)],
            str(2000 + number * 26 // ARTICLES) if stored else None,
            "stored" if stored else state,
            None if stored else f"HTTP {500 + number % 7}",
            1 if stored else due,
            REVISIT if stored else BACKFILL,
            1 if stored else None,
        )


def fill(path: Path, *, given_up: bool) -> None:
    """Make the ledger."""
    ledger = Ledger(path)
    ledger.database.executemany(
        "INSERT INTO article (id, url, address, edition, year, state, reason, due, priority, "
        "version, found_at) VALUES (?1, 'https://example.org/posts/' || ?1, "
        "'https://example.org/posts/' || ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, datetime('now'))",
        articles(given_up=given_up),
    )
    ledger.commit({})
    ledger.close()


def main() -> None:
    """Make the archive, and print the seconds of five readings."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder / "ledger.sqlite", given_up="--given-up" in sys.argv)
        for _ in range(5):
            began = time.perf_counter()
            with Reader(folder) as reader:
                status = read_status(
                    reader.database, folder, time.time(), Deletion(sightings=3, hours=48)
                )
            print(f"{time.perf_counter() - began:.3f} s, {status.articles}, due {status.due}")


if __name__ == "__main__":
    main()

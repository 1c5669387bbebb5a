"""Time the database that is browsed: ``python -m benchmarks.browse [--articles 200000]``.

Goals: at least 4,000 articles a second taken in, searches answered in under 100 ms.
"""

import argparse
import resource
import sqlite3
import tempfile
import time
from pathlib import Path

from benchmarks.made_up import fill
from crawler.browse.index import bring_up_to_date
from crawler.browse.pages import Pages
from crawler.store.archive import Reader

SEARCHES: dict[str, dict[str, str]] = {
    "the front page": {},
    "a common word": {"q": "кутубхона"},
    "a common word in the other script": {"q": "kutubxona"},
    "three words": {"q": "yangi kutubxona shahrida"},
    "a phrase": {"q": '"new library"'},
    "a name": {"q": "Malika Anorzorova"},
    "a word and an edition": {"q": "library", "edition": "en"},
    "an author and a year": {"author": "Малика Анорзорова", "year": "2013"},
    "the last page of many": {"q": "кутубхона", "page": "400"},
    "a word that is nowhere": {"q": "xyzzy"},
}


def main() -> None:
    """Make an archive and its database, and print the time of each search, the worst of five."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=200_000)
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as name:
        folder = Path(name) / "uza"
        fill(folder, chosen.articles)
        path = folder / "browse.sqlite"
        began = time.process_time()
        with Reader(folder) as reader:
            taken = bring_up_to_date(reader, path)
        seconds = time.process_time() - began
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{taken / seconds:,.0f} articles a second ({seconds:.1f} s), {memory:.0f} MB of "
            f"memory, {path.stat().st_size / 1e6:,.0f} MB on disk"
        )
        ask(folder, path)


def ask(folder: Path, path: Path) -> None:
    """Print how long each search takes, with what its page shows."""
    pages = Pages(folder, "uza.uz")
    database = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    for name, query in SEARCHES.items():
        times = []
        for _ in range(5):
            began = time.perf_counter()
            shown = pages.home(database, query)
            times.append(time.perf_counter() - began)
        found = shown["found"].total if shown["found"] else shown["totals"]["articles"]
        print(f"{max(times) * 1000:6.1f} ms  {name}: {found:,}")
    database.close()


if __name__ == "__main__":
    main()

"""Time ``scrapy verify`` on a made-up archive: ``python -m benchmarks.verification``.

100,000 articles, each with a capture of 15 KB, take a few minutes to make; goal: a minute of one
core. With ``--captures`` every record is read to its end, which has no goal.
"""

import argparse
import tempfile
import time
from contextlib import closing
from pathlib import Path
from random import Random

from benchmarks.made_up import fill
from crawler.model.article import Article, Capture
from crawler.store.archive import Archive, Reader
from crawler.store.export import write_changed_years
from crawler.system.clock import now
from crawler.verify.running import verify
from crawler.verify.scene import Scene, sizes_in
from crawler.warc.index import write_indexes
from crawler.warc.record import Exchange
from crawler.warc.writer import Plan

_PAGE = 15_000  # bytes, as it comes packed over the wire
_MOST = 100_000_000  # bytes that wait to be written
_random = Random(1)


def captured(archive: Archive, row: Article) -> Capture | None:
    """Keep the capture of a page for a row."""
    archive.captures.plan = Plan(prefix="uza", largest=10**9, about={}, code="c")
    archive.captures.take(_exchange(row.id, row.url, _random.randbytes(_PAGE)))
    if archive.captures.files.waiting_bytes > _MOST:
        archive.commit()
    return archive.captures.keep(row.id)


def fill_derived(folder: Path) -> None:
    """Write the files of the years and the indexes, as the end of a run does."""
    with closing(Archive(folder)) as archive:
        archive.ledger.database.execute(
            "INSERT OR IGNORE INTO changed_year SELECT DISTINCT year FROM article"
        )
        write_changed_years(archive.ledger.database, folder)
        write_indexes(archive.captures.index, folder / "warc")


def _exchange(article_id: str, url: str, body: bytes) -> Exchange:
    headers = [("Content-Type", "text/html"), ("Content-Encoding", "gzip")]
    return Exchange(
        uri=url, taken_at="2026-11-23T00:00:00Z", status=200, headers=headers, body=body,
        request=("GET", "/", [("Accept", "text/html")]), article_id=article_id,
    )  # fmt: skip


def measure(folder: Path, *, whole: bool) -> None:
    """Verify the archive, and print what it took."""
    began, processor = time.perf_counter(), time.process_time()
    with Reader(folder) as reader:
        scene = Scene(
            folder=folder, database=reader.database, sizes=sizes_in(folder), whole=whole,
            turn=now().toordinal(), say=print,
        )  # fmt: skip
        problems = list(verify(scene))
    assert not problems, problems[:9]
    print(
        f"{time.perf_counter() - began:.1f} s, {time.process_time() - processor:.1f} s of the "
        f"processor: {dict(scene.checked)}"
    )


def main() -> None:
    """Make the archive, and verify it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--captures", action="store_true")
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as name:
        folder = Path(name) / "uza"
        fill(folder, chosen.articles, captured)
        fill_derived(folder)
        measure(folder, whole=chosen.captures)


if __name__ == "__main__":
    main()

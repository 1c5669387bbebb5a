"""What captures cost: ``python -m benchmarks.captures``.

Archives pages of 60 KB served with gzip as a crawl does, in groups of 50 that are synced, and next
to it as the library warcio does by default; in CPU milliseconds a page, the least of five rounds
that take turns. Then compares the size of the archive with what came over the wire.
"""

import io
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from benchmarks.pages import pages
from crawler.store.archive import Archive
from crawler.warc.record import Exchange
from crawler.warc.writer import Plan

PAGES = 500
ROUNDS = 5
GROUP = 50
ANSWER = [
    ("Server", "nginx"),
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Encoding", "gzip"),
    ("Etag", '"5f3c-1a2b3c4d"'),
    ("Vary", "Accept-Encoding"),
]
REQUEST = [
    ("Host", "uza.uz"),
    ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    ("User-Agent", "agency-news-archive/0.1 (+someone@example.org)"),
    ("Accept-Encoding", "gzip, deflate, br, zstd"),
]


def exchanges(number: int = PAGES) -> list[Exchange]:
    """Return the exchanges of a crawl."""
    return [
        Exchange(
            uri=f"https://uza.uz{post.path}",
            taken_at="2026-11-23T18:30:00Z",
            status=200,
            headers=ANSWER,
            body=body,
            request=("GET", post.path, REQUEST),
            ip="192.0.2.1",
            article_id=post.article_id,
            found='{"url":"https://uza.uz' + post.path + '","source":"api","edition":"en"}',
        )
        for post, body in pages(number)
    ]


def ours(taken: list[Exchange], folder: Path) -> None:
    """Archive as a crawl does."""
    with closing(Archive(folder / "ours")) as archive:
        archive.captures.plan = Plan(prefix="a", largest=10**9, about={}, code="c0de")
        for number, exchange in enumerate(taken, 1):
            archive.captures.take(exchange)
            archive.captures.keep(exchange.article_id or "")
            if number % GROUP == 0:
                archive.commit()


def nothing(taken: list[Exchange], folder: Path) -> None:
    """Open, commit as often, and close: what is there without captures, too."""
    with closing(Archive(folder / "nothing")) as archive:
        for number, _ in enumerate(taken, 1):
            if number % GROUP == 0:
                archive.commit()


def usual(taken: list[Exchange], folder: Path) -> None:
    """Archive with warcio as it comes."""
    with (folder / "usual.warc.gz").open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for each in taken:
            head = StatusAndHeaders("200 OK", list(each.headers), protocol="HTTP/1.1")
            answer = writer.create_warc_record(
                each.uri, "response", payload=io.BytesIO(each.body), http_headers=head
            )
            line = StatusAndHeaders(f"GET {each.uri} HTTP/1.1", list(REQUEST), is_http_request=True)
            writer.write_request_response_pair(
                writer.create_warc_record(each.uri, "request", http_headers=line), answer
            )


def main() -> None:
    """Print the costs and the sizes."""
    taken = exchanges()
    spent: dict[str, list[float]] = {}
    kept = 0
    for _ in range(ROUNDS):
        for way in (nothing, ours, usual):
            with tempfile.TemporaryDirectory() as name:
                spent.setdefault(way.__name__, []).append(_cpu(way, taken, Path(name)))
                kept = (
                    sum(path.stat().st_size for path in Path(name).glob("ours/warc/*.gz")) or kept
                )
    cost = {name: min(times) / PAGES * 1000 for name, times in spent.items()}
    print(f"captures: {cost['ours'] - cost['nothing']:.3f} ms CPU a page")
    print(f"warcio as it comes: {cost['usual']:.3f} ms CPU a page")
    bodies = sum(len(each.body) for each in taken)
    print(
        f"archive: {kept / bodies:.3f} times the {bodies // PAGES} bytes of a page's body as it "
        f"came, of it {(kept - bodies) // PAGES} bytes for the head lines of HTTP and WARC"
    )


def _cpu(way: Callable[[list[Exchange], Path], None], taken: list[Exchange], place: Path) -> float:
    began = time.process_time()
    way(taken, place)
    return time.process_time() - began


if __name__ == "__main__":
    main()

"""Archiving pages of 60 KB, compressed, like a crawl: in synced groups of 50."""

from contextlib import closing
from pathlib import Path

from benchmarks.pages import pages
from crawler.store.archive import Archive
from crawler.warc.record import Exchange
from crawler.warc.writer import Plan

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


def exchanges(number: int) -> list[Exchange]:
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
    """Archive like a crawl."""
    with closing(Archive(folder / "ours")) as archive:
        archive.captures.plan = Plan(prefix="a", largest=10**9, about={}, code="c0de")
        for number, exchange in enumerate(taken, 1):
            archive.captures.take(exchange)
            archive.captures.keep(exchange.article_id or "")
            if number % GROUP == 0:
                archive.commit()


def nothing(taken: list[Exchange], folder: Path) -> None:
    """Open, commit equally often, and close: the cost without captures."""
    with closing(Archive(folder / "nothing")) as archive:
        for number, _ in enumerate(taken, 1):
            if number % GROUP == 0:
                archive.commit()

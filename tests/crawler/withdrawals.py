"""A data folder with an article to withdraw, made by hand; and what is left there of it."""

import gzip
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from crawler.maintenance.withdraw import Withdrawal
from crawler.model.article import Capture
from crawler.model.identity import Identity
from crawler.model.link import Link
from crawler.report.run_report import write_report
from crawler.store.archive import Archive
from crawler.store.newest_versions import write_changed_years
from crawler.store.states import unfinished_withdrawals
from crawler.warc.index import write_indexes
from crawler.warc.record import Exchange
from crawler.warc.writer import Plan
from tests.crawler.archives import store

PLAN = Plan(prefix="uza", largest=3000, about={"software": "ours"}, code="c0de")
PHRASE = "The accused was named before the court of Kumushtepa"
ADDRESS = "https://uza.uz/posts/the-accused_594021"
LISTS = {
    "rss": f"<rss><item><title>{PHRASE}</title><link>{ADDRESS}</link></item></rss>",
    "api": json.dumps({"data": [{"id": 594021, "title": "?"}]}),
    "headline": f"<h2>{PHRASE.replace(' ', '&#32;')}</h2>",
    "other": "<rss><item><title>Rain</title><link>/posts/rain_2</link></item></rss>",
}
OF_IT = ("rss", "api", "headline")


def capture(archive: Archive, uri: str, body: str, article_id: str | None = None) -> Capture | None:
    exchange = Exchange(
        uri=uri,
        taken_at="2026-11-23T00:00:00Z",
        status=200,
        headers=[("Content-Type", "text/html; charset=utf-8")],
        body=body.encode(),
        request=("GET", uri, [("Host", "uza.uz")]),
        article_id=article_id,
        found=f'{{"url":"{uri}","source":"api","title":"{body[:20]}"}}' if article_id else None,
    )
    archive.captures.take(exchange)
    return archive.captures.keep(article_id) if article_id else None


def version(archive: Archive, number: int, text: str, **fields: object) -> None:
    """Record a version with its capture, as a crawl does."""
    place = capture(archive, f"https://uza.uz/posts/x_{number}", text, f"uza:{number}")
    dated = {"published_at": "2026-11-22T10:00:00+05:00", "edition": "en"}
    store(archive, number, title=text, body=text, capture=place, **dated, **fields)


def archive_with_it(folder: Path) -> Path:
    """Make a data folder with the article, another one, and lists; return it."""
    with closing(Archive(folder)) as archive:
        archive.captures.plan = PLAN
        for name, body in LISTS.items():
            capture(archive, f"https://uza.uz/{name}", body)
        version(archive, 594021, PHRASE)
        version(archive, 2, "Rain fell")
        archive.ledger.frontier.discover(
            Identity("uza:594021", ADDRESS), Link(ADDRESS, "rss", title=PHRASE)
        )
        version(archive, 594021, f"{PHRASE}, edited", version=2, change="edited")
        for name, body in LISTS.items():  # the same again: revisits
            capture(archive, f"https://uza.uz/{name}", body)
        report = {"slowest": [[ADDRESS, 1.5], ["https://uza.uz/posts/x_2", 1]], "pending": 0}
        archive.ledger.keep_report("20261123T000000Z", msgspec.json.encode(report), ended=True)
        write_report(folder / "runs", "20261123T000000Z", msgspec.json.encode(report))
        archive.commit()
        write_changed_years(archive.ledger.database, folder)
        write_indexes(archive.ledger.captures, folder / "warc")
    (folder / "ledger.sqlite.before-rebuild").write_text(PHRASE)
    for place in (folder, folder.parent):  # of this archive, and of all of them
        (place / "browse.sqlite").write_text(PHRASE)
        (place / "browse.index").mkdir(exist_ok=True)
        (place / "browse.index" / "words").write_text(PHRASE)
    return folder


def withdraw(
    folder: Path,
    reason: str | None = "a court",
    say: Callable[[str], None] = lambda _: None,
    *,
    hide_address: bool = False,
) -> None:
    with closing(Archive(folder)) as archive:
        Withdrawal(archive, "uza:594021", say, hide_address=hide_address).work(reason)


def said(folder: Path) -> dict[str, bytes]:
    """Return every file as it can be read, packed or not."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {
        path.relative_to(folder).as_posix(): gzip.decompress(path.read_bytes())
        if path.suffix == ".gz"
        else path.read_bytes()
        for path in files
    }


def tellers(folder: Path) -> list[str]:
    """Return the files that say what the article said, or show its address where a list does."""
    signs = (PHRASE.encode(), b"&#32;", b'"id": 594021')
    files = said(folder)
    return sorted(name for name in files if any(sign in files[name] for sign in signs))


def told(folder: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as database:
        return database.execute(query).fetchall()


def journal(folder: Path) -> list[dict[str, Any]]:
    (file,) = (folder / "journal").iterdir()
    return [json.loads(line) for line in file.read_bytes().splitlines()]


def lengths(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in (folder / "warc").glob("*.gz")}


def unfinished(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as database:
        return unfinished_withdrawals(database)

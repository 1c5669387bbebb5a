"""An archive with what proves an article: its captures, and its versions read from them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from crawler.evidence.check import EvidenceCheck
from crawler.evidence.wacz import (
    DIGEST,
    PACKAGE,
    ROWS,
    WARC,
    digest_file,
)
from crawler.model.article import Capture, Sighting
from crawler.store.archive import Archive
from crawler.warc.record import Exchange, digest_of
from crawler.warc.scan import scan_bytes
from crawler.warc.writer import Plan
from tests.crawler.archives import store

URL = "https://uza.uz/posts/x_1"
DAYS = [f"2026-11-2{day}T07:00:00Z" for day in range(6)]
MISSING = b"<h1>Not found</h1>"


def take(archive: Archive, number: int, moment: str, body: bytes, **fields: Any) -> Capture | None:
    """Archive an answer; return its place."""
    told: dict[str, Any] = {
        "uri": f"https://uza.uz/posts/x_{number}",
        "taken_at": moment,
        "status": 200,
        "headers": [("Content-Type", "text/html")],
        "body": body,
        "request": ("GET", f"/posts/x_{number}", [("Host", "uza.uz")]),
        "article_id": f"uza:{number}",
    }
    archive.captures.take(Exchange(**told | fields))
    return archive.captures.keep(f"uza:{number}")


def fill(archive: Archive) -> None:
    """Record an article that is edited and gone; what its page was then, another's had been."""
    archive.run = "first"
    archive.captures.plan = Plan(prefix="uza", largest=10**9, about={"run": "first"}, code="c0de")
    take(archive, 2, DAYS[0], MISSING, status=404)
    place = take(archive, 1, DAYS[1], b"<h1>One</h1>")
    store(archive, 1, capture=place, fetched_at=DAYS[1], first_seen_at=DAYS[1])
    place = take(archive, 1, DAYS[2], b"<h1>Two</h1>")
    edited: dict[str, Any] = {"version": 2, "change": "edited", "title": "Two"}
    store(archive, 1, **edited, capture=place, fetched_at=DAYS[2], first_seen_at=DAYS[1])
    take(archive, 1, DAYS[3], MISSING, status=404)
    gone: dict[str, Any] = {"version": 3, "change": "gone", "title": "Two"}
    seen = [Sighting(404, DAYS[3], "page", URL)]
    store(archive, 1, **gone, evidence=seen, fetched_at=DAYS[3], first_seen_at=DAYS[1])


def files(out: Path) -> dict[str, bytes]:
    """Return the files of an evidence file by name."""
    with ZipFile(out) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def problems(out: Path) -> list[str]:
    """Return what its check finds."""
    return list(EvidenceCheck(out).problems())


def put(out: Path, held: dict[str, bytes], *, summed: bool = True) -> None:
    """Write the files again, by default with checksums that fit."""
    if summed:
        package = json.loads(held[PACKAGE])
        for each in package["resources"]:
            data = held[each["path"]]
            each |= {"hash": digest_of(data), "bytes": len(data)}
        held[PACKAGE] = json.dumps(package).encode()
        held[DIGEST] = digest_file(held[PACKAGE])
    with ZipFile(out, "w") as zipped:
        for name, data in held.items():
            zipped.writestr(name, data)


def replaced(old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    """Return a forgery of a text in the rows."""

    def forge(held: dict[str, bytes]) -> None:
        assert held[ROWS].count(old) == 1
        held[ROWS] = held[ROWS].replace(old, new)

    return forge


def without_record(number: int) -> Callable[[dict[str, bytes]], None]:
    """Return a forgery that leaves a record out."""

    def forge(held: dict[str, bytes]) -> None:
        found = list(scan_bytes(held[WARC]))
        out = found[number]
        held[WARC] = held[WARC][: out.offset] + held[WARC][out.offset + out.length :]

    return forge

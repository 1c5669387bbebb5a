"""An archive with what proves an article: its captures, and its versions read from them."""

from typing import Any

from crawler.model.article import Capture, Sighting
from crawler.store.archive import Archive
from crawler.warc.record import Exchange
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

"""Archives to browse: with hostile texts, edits, translations and a capture."""

from pathlib import Path
from typing import Any

from crawler.model.article import Image, Label, Person, Sighting, Translation
from crawler.store.archive import Archive
from crawler.warc.record import Exchange
from crawler.warc.writer import Plan
from tests.crawler.archives import store

HOSTILE = "<script>document.title = 'taken'</script> &lt;b&gt; \"'> \u202egnorw\u202c"
LATER = "2026-11-24T00:00:00Z"
AT = {"published_precision": "minute"}
PAGE = b"<title>The page</title><script>document.title = 'taken'</script><p>As it was.</p>"


def fill(archive: Archive) -> None:
    """Record five articles."""
    _captured(archive)
    oz = {"edition": "oz", "script": "Latn", "published_at": "2024-05-01T10:00:00+05:00", **AT}
    listed = [Translation("uza:1")]
    store(archive, 2, title="O‘zbekiston kutubxonasi", body="Yangi kutubxonada o‘n ming kitob bor.",
          authors=[Person("Malika Anorzorova")], translations=listed, **oz)  # fmt: skip
    en = {"edition": "en", "published_at": "2025-02-03T12:00:00+05:00", **AT}
    store(archive, 3, title="A bridge", body="Nine people built the bridge.\n\nIt is old.", **en)
    edited = {"version": 2, "change": "edited", "changed_fields": ["body"], "fetched_at": LATER}
    store(archive, 3, title="A bridge", body="Ten people built the bridge.\n\nIt is old.",
          **en, **edited)  # fmt: skip
    store(archive, 4, title="A road", edition="en", change="gone",
          evidence=[Sighting(404, LATER)], published_at="2023-07-01")  # fmt: skip
    label = Label(HOSTILE, HOSTILE)
    store(archive, 5, title=HOSTILE, body=HOSTILE, summary=HOSTILE, authors=[Person(HOSTILE)],
          byline_raw=HOSTILE, credit=HOSTILE, category=label, tags=[label], edition="en",
          changed_fields=[HOSTILE], published_at="2022-01-01",
          images=[Image("https://uza.uz/a.jpg", HOSTILE, HOSTILE)])  # fmt: skip
    hostile = {"version": 2, "change": "edited", "fetched_at": LATER, "edition": "en"}
    store(archive, 5, title=f"{HOSTILE} &amp;", body=f"{HOSTILE} <i>", **hostile,
          published_at="2022-01-01", authors=[Person(HOSTILE)])  # fmt: skip


def _captured(archive: Archive) -> None:
    archive.captures.plan = Plan(prefix="uza", largest=10**9, about={}, code="c0de")
    uz: dict[str, Any] = {"edition": "uz", "script": "Cyrl", "title": "Ўзбекистон кутубхонаси"}
    at = {"published_at": "2024-05-01T09:00:00+05:00", **AT}
    body = "Янги кутубхонада ўн минг китоб бор."
    headers = [("Content-Type", "text/html; charset=utf-8")]
    exchange = Exchange(
        uri="https://uza.uz/posts/1", taken_at=LATER, status=200, headers=headers, body=PAGE,
        article_id="uza:1", request=("GET", "/posts/1", []),
    )  # fmt: skip
    archive.captures.take(exchange)
    place = archive.captures.keep("uza:1")
    store(archive, 1, body=body, authors=[Person("Малика Анорзорова")], capture=place, **uz, **at)


def archive_in(folder: Path) -> Path:
    """Make the archive; return its folder."""
    archive = Archive(folder / "uza")
    fill(archive)
    archive.close()
    return folder / "uza"

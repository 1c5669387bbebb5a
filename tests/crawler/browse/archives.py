"""Archives to browse: with hostile texts, edits, translations and a capture."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from crawler.model.article import Image, Label, Person, Sighting, Translation
from crawler.model.identity import Identity
from crawler.model.link import Link
from crawler.store.archive import Archive
from crawler.store.reader import ArchiveReader
from crawler.warc.record import Exchange
from crawler.warc.writer import Plan
from tests.crawler.archives import article, store

pytest.importorskip("tantivy", reason="tantivy is not installed: make data")
from crawler.browse.engine import Engine
from crawler.browse.index import DATABASE, WORDS, bring_up_to_date
from crawler.browse.search import Library
from crawler.extract.agencies import find_agency

HOSTILE = "<script>document.title = 'taken'</script> &lt;b&gt; \"'> \u202egnorw\u202c"
LATER = "2026-11-24T00:00:00Z"
AT = {"published_precision": "minute"}
PAGE = b"""<title>The page</title><script>document.title = 'taken'</script>
<meta http-equiv=refresh content="0; url=/"><link rel=stylesheet href=/a.css><p>As it was.
<img src=/a.jpg onclick=alert(1)><img alt=within src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">
<img src="data:text/html,x"><a href=/posts/a-bridge_3>ours</a> <a href=#below>below</a>
<a href=/posts/category/culture>culture</a> <a href=https://example.org/>other</a>
<a href="javascript:alert(1)">none</a></p>"""


def fill(archive: Archive) -> None:
    """Record six articles."""
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
    store(archive, 6, title="جسر جديد", body="جسر.", language="ar", edition="ar",
          published_at="2021-01-01")  # fmt: skip
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


@contextmanager
def opened(folder: Path) -> Iterator[Library]:
    """Index an archive; give what searches it."""
    with ArchiveReader(folder) as reader:
        bring_up_to_date([reader], folder)
    with closing(sqlite3.connect(folder / DATABASE)) as database:
        addresses = {"uza": find_agency("uza").rules.address}
        yield Library(Engine(folder / WORDS), database, addresses)


def archive_in(folder: Path) -> Path:
    """Make the archive; return its folder."""
    archive = Archive(folder / "uza")
    fill(archive)
    archive.close()
    return folder / "uza"


def several_in(folder: Path) -> dict[str, Path]:
    """Make three agencies' archives, with edits, removals and an Arabic edition, in a folder."""
    found = {"uza": archive_in(folder)}
    for agency, host in (("anadolu", "www.aa.com.tr"), ("tass", "tass.ru")):
        found[agency] = folder / agency
        with closing(Archive(folder / agency)) as archive:
            for number in (1, 2):
                _of(archive, agency, host, number)
            _of(archive, agency, host, 2, version=2, change="gone", fetched_at=LATER,
                evidence=[Sighting(404, LATER)])  # fmt: skip
    return found


def _of(archive: Archive, agency: str, host: str, number: int, **fields: Any) -> None:
    name, url = f"{agency}:{number}", f"https://{host}/{number}"
    archive.ledger.frontier.discover(Identity(name, url), Link(url, "rss"))
    row = article(number, id=name, agency=agency, url=url, title=f"Bridge {number} of {agency}",
                  body="A bridge was opened.", language="en", edition="en",
                  published_at=f"2026-01-0{number}", **fields)  # fmt: skip
    archive.record(row)
    archive.counted(name)

"""The pages of an archive that is browsed: home, search, an article, its captures."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec

from crawler.browse.article_page import compare, related
from crawler.browse.chart import HEIGHT, WIDTH, chart
from crawler.browse.searching import FACETS, MOST_EXPORTED, PER_PAGE, Asked, excerpt, newest, search
from crawler.capture_index import CaptureIndex
from crawler.captures import Captures
from crawler.coding import undo_coding
from crawler.errors import ArchiveError
from crawler.items import Capture
from crawler.reader import Reader
from crawler.stand_in import StandIn
from crawler.unreadable import BadBody

_LATEST = 12


class Missing(Exception):
    """There is nothing at this address; the message says what was looked for."""


class Pages:
    """What the pages of one agency show, for their templates."""

    def __init__(self, folder: Path, host: str, made_up: StandIn | None = None) -> None:
        self.folder = folder
        self.agency = folder.name
        self.notice = made_up.notice(host) if made_up else ""
        self.heading = f"Made-up archive, not of {host}" if made_up else f"Archive of {host}"
        self.about = {"agency": self.agency, "heading": self.heading, "notice": self.notice}

    def home(self, database: sqlite3.Connection, query: Mapping[str, str]) -> dict[str, Any]:
        """Return what the home page shows: a search, or what there is."""
        asked = asked_by(query)
        about = {**self.about, "asked": asked, "query": query}
        if not asked.is_empty:
            found = search(database, asked)
            return {**about, "found": found, "excerpt": excerpt, "linked": linked(query),
                    "last_page": -(-found.total // PER_PAGE), "most_exported": MOST_EXPORTED,
                    "exported": urlencode({"words": asked.words, **asked.facets})}  # fmt: skip
        counts = database.execute(
            "SELECT edition, month, articles FROM month_count WHERE month <> ''"
        ).fetchall()
        return {
            **about,
            "found": None,
            "latest": newest(database, _LATEST),
            "totals": _totals(database),
            "chart": chart(counts),
            "size": (WIDTH, HEIGHT),
            "linked": linked(query),
            "excerpt": excerpt,
        }

    def article(
        self, database: sqlite3.Connection, article_id: str, query: Mapping[str, str]
    ) -> dict[str, Any]:
        """Return what an article's page shows; raise ``Missing`` if there is none."""
        rows = self._versions(article_id)
        if not rows:
            raise Missing(f"no article {article_id}")
        newest_number = database.execute(
            "SELECT version FROM article WHERE id = ?", (article_id,)
        ).fetchone()
        by_number = {str(row["version"]): row for row in rows}
        shown = by_number.get(str(newest_number and newest_number[0]), rows[-1])
        old, new = _pair(by_number, query)
        return {
            **self.about,
            "row": shown,
            "rows": rows,
            "old": old,
            "new": new,
            "compared": compare(old, new) if old and new else [],
            "related": related(database, article_id),
            "withdrawn": rows[-1]["change"] == "withdrawn",
        }

    def capture(self, article_id: str, number: str) -> tuple[bytes, str]:
        """Return an archived answer's body and its type; raise ``Missing`` if it is not here."""
        places = [row["capture"] for row in self._versions(article_id, capture=number)]
        if not places or not places[0]:
            raise Missing(f"no capture of {article_id} version {number}")
        with Reader(self.folder, checked=True) as reader:
            captures = Captures(reader.folder / "warc", CaptureIndex(reader.database))
            try:
                record = captures.read(msgspec.convert(places[0], Capture))
                _, headers, body = record.answer
                body = undo_coding(body, headers.get("content-encoding", ""))
            except (ArchiveError, BadBody, OSError) as error:
                raise Missing(f"the capture cannot be read: {error}") from error
        return body, headers.get("content-type", "text/plain")

    def _versions(self, article_id: str, capture: str | None = None) -> list[dict[str, Any]]:
        with Reader(self.folder, checked=True) as reader:
            rows = reader.versions(article_id)
        return [row for row in rows if capture is None or str(row["version"]) == capture]


def asked_by(query: Mapping[str, str]) -> Asked:
    """Return the search that an address asks for."""
    page = query.get("page", "1")
    return Asked(
        query.get("q", ""),
        {kind: query[kind] for kind in FACETS if query.get(kind)},
        max(int(page), 1) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )


def linked(query: Mapping[str, str]) -> Any:
    """Return a function that gives the address of the same search with something changed."""

    def link(**changed: str | None) -> str:
        kept = {name: query[name] for name in ("q", *FACETS) if query.get(name)}
        return "?" + urlencode({n: v for n, v in {**kept, **changed}.items() if v})

    return link


def _totals(database: sqlite3.Connection) -> dict[str, Any]:
    # Each by itself is answered from an index; together they would read every article.
    (articles,) = database.execute("SELECT sum(articles) FROM month_count").fetchone()
    (first,) = database.execute("SELECT min(published_at) FROM article").fetchone()
    (last,) = database.execute("SELECT max(published_at) FROM article").fetchone()
    editions = database.execute(
        "SELECT edition, sum(articles) FROM month_count GROUP BY 1 ORDER BY 2 DESC"
    ).fetchall()
    return {"articles": articles or 0, "first": first, "last": last, "editions": editions}


def _pair(
    rows: Mapping[str, dict[str, Any]], query: Mapping[str, str]
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Return the two versions to compare: those asked for, else the last two."""
    numbers = list(rows)
    if len(numbers) < 2:
        return None, None
    old, new = query.get("old", numbers[-2]), query.get("new", numbers[-1])
    return rows.get(old), rows.get(new)

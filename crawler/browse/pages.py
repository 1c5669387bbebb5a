"""The pages of an archive that is browsed: home, search, an article, its captures."""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import msgspec
from markupsafe import Markup, escape

from crawler.browse.chart import HEIGHT, WIDTH, chart
from crawler.browse.search import FACETS, MOST_EXPORTED, PER_PAGE, Asked, excerpt, newest, search
from crawler.errors import ArchiveError
from crawler.extract.decode import undo_coding
from crawler.extract.errors import BadBody
from crawler.model.article import Article
from crawler.model.diff import Marks, differences, marked
from crawler.store.reader import ArchiveReader
from crawler.store.stand_in import StandIn

_LATEST = 12

# Characters for private use stand around what differs until everything is escaped.
_REMOVED, _ADDED, _END = "\ue000", "\ue001", "\ue002"
_MARKS = Marks((_REMOVED, _END), (_ADDED, _END))
_MARK = re.compile(f"[{_REMOVED}{_ADDED}{_END}]")
_TAGS = {_REMOVED: Markup("<del>{}</del>"), _ADDED: Markup("<ins>{}</ins>")}
# They turn the direction of what follows, beyond the text they stand in.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LONGEST_COMPARED = 60_000  # letters of two texts together that are compared word by word
_RELATED = """
SELECT id, edition, title, evidence FROM (
    SELECT other_id AS id, 'api' AS evidence FROM translation WHERE article_id = :id
    UNION SELECT article_id, 'api' FROM translation WHERE other_id = :id
    UNION SELECT other.id, 'image' FROM article JOIN article AS other USING (image)
        WHERE article.id = :id AND other.edition <> article.edition
        AND abs(other.place - article.place) < 3 * 86400 * 1000
    UNION SELECT other.id, 'minute' FROM article JOIN article AS other
        USING (published_at, category) WHERE article.id = :id
        AND other.edition <> article.edition AND length(published_at) > 10
) JOIN article USING (id) WHERE id <> :id AND article.change <> 'withdrawn' ORDER BY edition, id
"""


class Missing(Exception):
    """There is nothing at this address; the message says what was looked for."""


class Pages:
    """What the pages of one agency show, for their templates."""

    def __init__(self, folder: Path, host: str, made_up: StandIn | None = None) -> None:
        self.folder = folder
        self.agency = folder.name
        self.notice = made_up.notice(host) if made_up else ""
        self.heading = f"Made-up archive, not of {host}" if made_up else f"Archive of {host}"
        self.about: dict[str, Any] = {
            "agency": self.agency,
            "heading": self.heading,
            "notice": self.notice,
        }

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
        with ArchiveReader(self.folder, checked=True) as archive:
            rows = archive.versions(article_id)
        if not rows:
            raise Missing(f"There is no article {article_id} in the archive.")
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
        with ArchiveReader(self.folder, checked=True) as archive:
            rows = [row for row in archive.versions(article_id) if str(row["version"]) == number]
            if not rows or not rows[0]["capture"]:
                raise Missing(f"No page is archived of {article_id} version {number}.")
            try:
                answer = archive.capture(msgspec.convert(rows[0], Article))
                body = undo_coding(answer.body, answer.headers.get("content-encoding", ""))
            except (ArchiveError, BadBody, OSError) as error:
                raise Missing(f"The archived page cannot be read: {error}") from error
        return body, answer.headers.get("content-type", "text/plain")


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


class Compared(NamedTuple):
    """A field that differs between two versions: before and after, what differs marked."""

    name: str
    old: Markup
    new: Markup


class Related(NamedTuple):
    """The same story in another edition, with all evidence that it is."""

    id: str
    edition: str | None
    title: str
    evidence: list[str]


def plain(text: object) -> str:
    """Return a text without what would turn the direction of the page around it."""
    return _TURNS.sub("", "" if text is None else str(text))


def link(address: str) -> str:
    """Return an address to follow; nothing but a web address can be followed."""
    return address if address.startswith(("http://", "https://")) else "#"


def compare(old: dict[str, Any], new: dict[str, Any]) -> list[Compared]:
    """Return the fields that differ, escaped, with the words that were removed and added marked."""
    return [
        Compared(name, *_sides(_clean(before), _clean(after)))
        for name, (before, after) in differences(old, new).items()
    ]


def _clean(text: str) -> str:
    return _MARK.sub("", plain(text))


def _sides(before: str, after: str) -> tuple[Markup, Markup]:
    if len(before) + len(after) > _LONGEST_COMPARED:
        return escape(before), escape(after)
    both = marked(before, after, _MARKS)
    return _shown(both, hidden=_ADDED, shown=_REMOVED), _shown(both, hidden=_REMOVED, shown=_ADDED)


def _shown(text: str, *, hidden: str, shown: str) -> Markup:
    """Return one side: what was kept, and what is marked by one mark and not by the other."""
    return Markup("").join(_pieces(re.sub(f"{hidden}[^{_END}]*{_END}", "", text), shown))


def _pieces(text: str, mark: str) -> Iterator[Markup]:
    for piece in re.split(f"({mark}[^{_END}]*{_END})", text):
        if piece.startswith(mark):
            yield _TAGS[mark].format(piece[1:-1])
        else:
            yield escape(piece)


def related(database: sqlite3.Connection, article_id: str) -> list[Related]:
    """Return the same story in other editions."""
    found: dict[str, Related] = {}
    for name, edition, title, evidence in database.execute(_RELATED, {"id": article_id}):
        known = found.setdefault(name, Related(name, edition, title, []))
        known.evidence.append(evidence)
    return list(found.values())

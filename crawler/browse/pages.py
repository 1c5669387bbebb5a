"""The pages for browsing archives: home, search, an article, its captures, exports."""

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit
from zoneinfo import ZoneInfo

import msgspec

from crawler.browse.chart import HEIGHT, WIDTH, chart
from crawler.browse.compare import compare
from crawler.browse.engine import FACETS, Engine
from crawler.browse.index import ROOM
from crawler.browse.languages import language_name
from crawler.browse.replay import replay
from crawler.browse.saved_results import as_file
from crawler.browse.search import (
    MOST_EXPORTED,
    PER_PAGE,
    Asked,
    Library,
    excerpt,
    marked,
    newest,
    search,
)
from crawler.errors import ArchiveError, WithGaps
from crawler.extract.document import Document
from crawler.extract.errors import BadBody
from crawler.model.article import Article
from crawler.model.citation import FORMATS, cite
from crawler.model.identity import NotAnArticle, identify
from crawler.model.rules import AgencyRules
from crawler.store.reader import ArchiveReader
from crawler.store.stand_in_site import StandIn

_LATEST = 12
_MOST_PAGES = 500  # of results
_CHOSEN = (*FACETS, "is")  # labels that an address may select
_KEPT = ("q", *_CHOSEN, "since", "until", "sort")
_RELATED = """
SELECT id, edition, language, title, evidence FROM (
    SELECT other_id AS id, 'api' AS evidence FROM translation WHERE article_id = :id
    UNION SELECT article_id, 'api' FROM translation WHERE other_id = :id
    UNION SELECT other.id, 'image' FROM article JOIN article AS other USING (image, agency)
        WHERE article.id = :id AND other.edition <> article.edition
        AND abs(other.place - article.place) < 3 * 86400 * :second
    UNION SELECT other.id, 'minute' FROM article JOIN article AS other
        USING (published_at, category, agency) WHERE article.id = :id
        AND other.edition <> article.edition AND length(published_at) > 10
) JOIN article USING (id) WHERE id <> :id AND article.change <> 'withdrawn' ORDER BY edition, id
"""


class Missing(WithGaps):
    """There is nothing at this address. The message names what is missing."""


@dataclass(frozen=True, slots=True)
class Served:
    """An archive that is shown: its folder, its agency's rules, and a stand-in if made up."""

    folder: Path
    rules: AgencyRules
    made_up: StandIn | None = None

    @property
    def host(self) -> str:
        """The site's host, as readers know it."""
        return self.rules.address.host


class Related(NamedTuple):
    """The same story in another edition, with all evidence for it."""

    id: str
    edition: str | None
    language: str | None
    title: str
    evidence: list[str]


class Pages:
    """The values that the pages' templates show."""

    def __init__(self, archives: Sequence[Served], engine: Engine) -> None:
        self._archives = {archive.rules.name: archive for archive in archives}
        self._engine = engine
        self.about: dict[str, Any] = {
            "heading": _heading(archives),
            "notices": [_notice(archive, archives) for archive in archives if archive.made_up],
            "hosts": {archive.rules.name: archive.host for archive in archives},
            "editions": {archive.rules.name: archive.rules.editions for archive in archives},
            "edition_name": self.edition_name,
            "when": self.when,
        }

    @property
    def folders(self) -> dict[str, Path]:
        """The folders of the archives, by agency."""
        return {name: archive.folder for name, archive in self._archives.items()}

    def edition_name(
        self, code: str | None, agencies: Iterable[str], told: Callable[[str], str]
    ) -> str:
        """Return the language of an edition in the reader's own; empty if it is not known.

        A code that agencies use for different languages gets the names of all of them.
        """
        known = (self._archives[each].rules.editions for each in agencies if each in self._archives)
        tags = (editions.get(code or "") for editions in known)
        return ", ".join(dict.fromkeys(told(language_name(tag)) for tag in tags if tag))

    def when(self, text: str | None, agency: str, zone: str) -> str:
        """Return a time with its offset, in UTC or the agency's zone, as the reader chose."""
        if not text or len(text) <= 10:
            return text or "no date"
        chosen = UTC if zone == "utc" else ZoneInfo(self._archives[agency].rules.timestamp.zone)
        time = datetime.fromisoformat(text).astimezone(chosen)
        offset = "" if zone == "utc" else time.isoformat()[-6:]
        return f"{time:%Y-%m-%d %H:%M} UTC{offset}"

    def library(self, database: sqlite3.Connection) -> Library:
        """Return the data that a search uses."""
        rules = {name: archive.rules.address for name, archive in self._archives.items()}
        return Library(self._engine, database, rules)

    def home(self, database: sqlite3.Connection, query: Mapping[str, str]) -> dict[str, Any]:
        """Return the values of the home page: results of a search, or an overview."""
        asked = asked_by(query)
        about = {**self.about, "asked": asked, "linked": linked(query),
                 "excerpt": excerpt, "marked": marked}  # fmt: skip
        if not asked.is_empty:
            found = search(self.library(database), asked)
            last = min(max(-(-found.total // PER_PAGE), 1), _MOST_PAGES)
            return {**about, "found": found, "most_exported": MOST_EXPORTED, "last_page": last}
        by = "agency" if len(self._archives) > 1 else "edition"
        counts = database.execute(
            f"SELECT {by}, month, sum(articles) FROM month_count WHERE month <> '' GROUP BY 1, 2"
        ).fetchall()
        return {
            **about,
            "found": None,
            "latest": newest(database, _LATEST),
            "totals": _totals(database),
            "chart": chart(counts),
            "charted": by,
            "size": (WIDTH, HEIGHT),
        }

    def article(
        self, database: sqlite3.Connection, article_id: str, query: Mapping[str, str]
    ) -> dict[str, Any]:
        """Return the values of an article's page, in the requested version. Raises ``Missing``."""
        rows = self._versions(article_id)
        newest_number = database.execute(
            "SELECT version FROM article WHERE id = ?", (article_id,)
        ).fetchone()
        by_number = {str(row["version"]): row for row in rows}
        current = by_number.get(str(newest_number and newest_number[0]), rows[-1])
        shown = _asked_for(by_number, query, "version", current)
        withdrawn = rows[-1]["change"] == "withdrawn"
        old, new = (None, None) if withdrawn else _pair(by_number, query)
        return {
            **self.about,
            "row": shown,
            "rows": rows,
            "current": current,
            "old": old,
            "new": new,
            "compared": compare(old, new) if old and new else [],
            "related": related(database, article_id),
            "withdrawn": withdrawn,
            "citations": {FORMATS[form][0]: (form, self._cited(shown, form)) for form in FORMATS},
        }

    def citation(self, article_id: str, number: str, form: str) -> tuple[str, str]:
        """Return a citation as a file, and its type. Raises ``Missing``."""
        row = self._version(article_id, number)
        if row["change"] == "withdrawn":
            raise Missing("The text of {0} was removed from the archive.", article_id)
        return self._cited(row, form), FORMATS[form][1]

    def framed(self, article_id: str, number: str) -> dict[str, Any]:
        """Return the values of the frame around an archived page. Raises ``Missing``."""
        rows = self._versions(article_id)
        return {**self.about, "row": self._captured(article_id, number), "rows": rows}

    def replayed(
        self, database: sqlite3.Connection, article_id: str, number: str
    ) -> tuple[bytes, str]:
        """Return an archived page for reading, and its type. Raises ``Missing``."""
        with self._archived(article_id, number) as (archive, document, at):
            if "html" not in document.headers.get("content-type", "text/html"):
                return document.text.encode("utf-8", "replace"), "text/plain; charset=utf-8"

            def picture(address: str) -> tuple[str, bytes] | None:
                with suppress(ArchiveError, BadBody):  # its page can be read without it
                    return archive.picture(address, at)
                return None

            shown = replay(document, self._finder(database), picture)
            return shown, "text/html; charset=utf-8"

    def capture(self, article_id: str, number: str) -> tuple[bytes, str]:
        """Return an archived response's body as received, and its type. Raises ``Missing``."""
        with self._archived(article_id, number) as (_, document, _):
            return document.body, document.headers.get("content-type", "text/plain").splitlines()[0]

    def export(
        self, database: sqlite3.Connection, query: Mapping[str, str], form: str
    ) -> tuple[bytes, str]:
        """Return the results of a search, with the texts, as a file and its type."""
        found = search(self.library(database), asked_by(query), most=MOST_EXPORTED).articles
        return as_file(found, form)

    def _archive(self, article_id: str) -> Served:
        archive = self._archives.get(article_id.partition(":")[0])
        if not archive:
            raise Missing("There is no article {0} in the archive.", article_id)
        return archive

    def _versions(self, article_id: str) -> list[dict[str, Any]]:
        """Return the versions as the site showed them: one of a web archive may come first."""
        with ArchiveReader(self._archive(article_id).folder, checked=True) as archive:
            rows = archive.versions(article_id)
        if not rows:
            raise Missing("There is no article {0} in the archive.", article_id)
        return sorted(rows, key=lambda row: (row["fetched_at"], row["version"]))

    def _version(self, article_id: str, number: str) -> dict[str, Any]:
        rows = {str(row["version"]): row for row in self._versions(article_id)}
        return _asked_for(rows, {"version": number}, "version", {})

    def _captured(self, article_id: str, number: str) -> dict[str, Any]:
        row = self._version(article_id, number)
        if not row["capture"]:
            raise Missing("No page is archived of {0} version {1}.", article_id, number)
        return row

    @contextmanager
    def _archived(
        self, article_id: str, number: str
    ) -> Iterator[tuple[ArchiveReader, Document, str]]:
        """Yield an archive, its response for a version, and the time. Raises ``Missing``."""
        row = self._captured(article_id, number)
        with ArchiveReader(self._archive(article_id).folder, checked=True) as archive:
            try:
                yield archive, archive.capture(msgspec.convert(row, Article)), row["fetched_at"]
            except BadBody as error:
                raise Missing("The archived page cannot be read: {0}", error) from error

    def _cited(self, row: Mapping[str, Any], form: str) -> str:
        archive, seen = self._archive(row["id"]), None
        if row["change"] == "gone":
            with ArchiveReader(archive.folder, checked=True) as reader:
                seen = reader.last_seen(row["id"])
        if made_up := archive.made_up:
            publisher = urlsplit(made_up.site).netloc
            return cite(row, publisher, form, made_up.notice(archive.host), seen)
        return cite(row, archive.host, form, last_seen=seen)

    def _finder(self, database: sqlite3.Connection) -> Any:
        """Return a function from an address to its path on this server, None if it is not here."""
        hosts = {host: archive for archive in self._archives.values()
                 for host in archive.rules.address.hosts}  # fmt: skip
        stand_ins = {each.made_up.site.rstrip("/"): each.rules.address.site
                     for each in self._archives.values() if each.made_up}  # fmt: skip

        def find(address: str) -> str | None:
            for stand_in, site in stand_ins.items():
                if address.startswith(f"{stand_in}/"):
                    address = site + address.removeprefix(stand_in)
            archive = hosts.get(urlsplit(address).netloc.lower())
            if not archive:
                return None
            try:
                name = identify(address, archive.rules.address, archive.rules.name).id
            except NotAnArticle:
                return None
            known = database.execute("SELECT 1 FROM article WHERE id = ?", (name,)).fetchone()
            return f"/article/{quote(name)}" if known else None

        return find


def _heading(archives: Sequence[Served]) -> tuple[str, object]:
    """Return the heading, and the value for its gap."""
    if len(archives) > 1:
        return "Archive of {0} news agencies", len(archives)
    (archive,) = archives
    return "Made-up archive, not of {0}" if archive.made_up else "Archive of {0}", archive.host


def _notice(archive: Served, archives: Sequence[Served]) -> str:
    """Return the notice that an archive is made up, with its host if there are several."""
    told = archive.made_up.notice(archive.host) if archive.made_up else ""
    return f"{archive.host}: {told}" if len(archives) > 1 else told


def asked_by(query: Mapping[str, str]) -> Asked:
    """Return the search in the query of an address."""
    page = query.get("page", "1")
    return Asked(
        query.get("q", ""),
        {kind: query[kind] for kind in _CHOSEN if query.get(kind)},
        min(max(int(page), 1), _MOST_PAGES) if re.fullmatch(r"[0-9]{1,5}", page) else 1,
        query.get("sort") == "relevance",
        _day(query.get("since", "")),
        _day(query.get("until", "")),
    )


def _day(text: str) -> str:
    """Return a day from a browser's field. Empty if it is not a day, or has no next day."""
    is_day = re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) and text < "9999-12-31"
    with suppress(ValueError):
        return date.fromisoformat(text).isoformat() if is_day else ""
    return ""


def linked(query: Mapping[str, str]) -> Any:
    """Return a function for the address of the same search with some values changed."""

    def link(**changed: str | None) -> str:
        kept = {name: query[name] for name in _KEPT if query.get(name)}
        return "?" + urlencode({n: v for n, v in {**kept, **changed}.items() if v})

    return link


def _totals(database: sqlite3.Connection) -> dict[str, Any]:
    cursor = database.execute("SELECT * FROM agency ORDER BY agency")
    names = [column[0] for column in cursor.description]
    agencies = [dict(zip(names, row, strict=True)) for row in cursor]
    editions = database.execute(
        "SELECT edition, sum(articles), agency FROM month_count GROUP BY 1, 3 ORDER BY 2 DESC"
    ).fetchall()
    days = [day for each in agencies for day in (each["first"], each["last"]) if day]
    return {
        "articles": sum(each["articles"] for each in agencies),
        "first": min(days, default=None),
        "last": max(days, default=None),
        "editions": editions,
        "agencies": agencies,
    }


def _asked_for(
    rows: Mapping[str, dict[str, Any]], query: Mapping[str, str], name: str, other: dict[str, Any]
) -> dict[str, Any]:
    """Return the requested version. Raises ``Missing`` if there is none."""
    if name not in query:
        return other
    if query[name] not in rows:
        (article_id, *_) = {row["id"] for row in rows.values()}
        told = "There is no version {0} of {1}; it has: {2}."
        raise Missing(told, query[name], article_id, ", ".join(rows))
    return rows[query[name]]


def _pair(
    rows: Mapping[str, dict[str, Any]], query: Mapping[str, str]
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Return the two versions to compare: those requested, or the last two."""
    listed = list(rows.values())
    if len(listed) < 2:
        return None, None
    old, new = listed[-2:]
    return _asked_for(rows, query, "old", old), _asked_for(rows, query, "new", new)


def link(address: str) -> str:
    """Return a web address to follow. ``#`` for any other address."""
    return address if address.startswith(("http://", "https://")) else "#"


def related(database: sqlite3.Connection, article_id: str) -> list[Related]:
    """Return the same story in other editions."""
    found: dict[str, Related] = {}
    rows = database.execute(_RELATED, {"id": article_id, "second": ROOM})
    for name, edition, language, title, evidence in rows:
        known = found.setdefault(name, Related(name, edition, language, title, []))
        known.evidence.append(evidence)
    return list(found.values())

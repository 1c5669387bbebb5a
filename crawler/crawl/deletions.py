"""Whether articles that are missing are gone, or whether it is the site that is out of order.

One article that is missing for days is gone. Of many at once that is no evidence: a new design, a
rule of a server or a move of the site takes all pages away, and brings them back. So the share of
what is missing is looked at first, among the articles that were visited again in the last days, of
all and of each layout: a section of the site may fail alone. Nothing here asks the site.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, Self

import msgspec
from scrapy.settings import BaseSettings

from crawler.crawl.run_result import Alarm
from crawler.model.article import Article, Sighting
from crawler.model.versions import number_after
from crawler.store.archive import Archive
from crawler.system.clock import now, rfc3339

RECENT = timedelta(days=7)  # every missing article is visited several times in it
FEW = 2  # missing at once, whatever their share: it happens in any archive, however small
USUAL = timedelta(days=90)  # of runs before, that tell what share is usual
LEAST_VISITS = 1000  # in them; of fewer, nothing is known
TIMES = 3  # as many as usual are no chance
_CONFIRMED = "gone_confirmed_at"  # a key of the ledger's meta table
# Outcomes of articles that were there; they and the gone ones were looked for.
_THERE = ("new", "edited", "respelled", "reparsed", "unchanged", "back")

_MISSING = """
SELECT layout, article.edition, count(*) FROM article JOIN version
    ON article_id = id AND number = article.version
WHERE state = 'missing' OR (state = 'gone' AND version.fetched_at >= :since
    AND version.fetched_at > :confirmed)
GROUP BY 1, 2
"""
_THERE_AGAIN = """
SELECT layout, article.edition, count(*) FROM article JOIN version
    ON article_id = id AND number = article.version
WHERE state = 'stored' AND article.fetched_at >= :since AND article.fetched_at > first_seen_at
GROUP BY 1, 2
"""
_EXAMPLES = """
SELECT id, url FROM article JOIN version ON article_id = id AND number = article.version
WHERE state = 'missing' AND (:layout IS NULL OR layout = :layout)
    AND (:edition IS NULL OR article.edition = :edition)
ORDER BY id DESC LIMIT 3
"""
# Twice as often as the page was asked says nothing: a visit may ask the API, too.
_DUE = """
SELECT id FROM article JOIN absence ON article_id = id AND asked = 'page'
WHERE state = 'missing' GROUP BY id
HAVING count(*) >= ? AND strftime('%s', max(at)) - strftime('%s', min(at)) >= ? ORDER BY id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """When an article that is missing counts as gone.

    ``sightings`` and ``hours``: how often, and over how long, it must be missing. ``visits``: hours
    after the first time at which to look again. ``share``: of the articles visited again that may
    be missing at once; where more are, none is gone until somebody has looked.
    """

    sightings: int
    hours: int
    visits: Sequence[int] = ()
    share: float = 0.05

    @classmethod
    def of(cls, settings: BaseSettings) -> Self:
        """Read the settings."""
        return cls(
            sightings=settings.getint("GONE_SIGHTINGS"),
            hours=settings.getint("GONE_HOURS"),
            visits=[int(hours) for hours in settings.getlist("GONE_VISIT_HOURS")],
            share=settings.getfloat("GONE_SHARE_MAX"),
        )

    def is_over(self, seen: Sequence[Sighting]) -> bool:
        """Tell whether an article was missing often and long enough; ``seen``: oldest first."""
        pages = [datetime.fromisoformat(each.at) for each in seen if each.asked == "page"]
        enough = len(pages) >= max(1, self.sightings)
        return enough and pages[-1] - pages[0] >= timedelta(hours=self.hours)

    def look_again(self, seen: Sequence[Sighting], moment: datetime) -> float:
        """Return when to look for a missing article next, in Unix time."""
        missing_for = moment - datetime.fromisoformat(seen[0].at)
        visits = [timedelta(hours=hours) for hours in self.visits]
        age = next((visit for visit in visits if visit > missing_for), None)
        return (moment + (age - missing_for if age else timedelta(days=1))).timestamp()


class Part(NamedTuple):
    """The articles of a layout, those of an edition, or all."""

    layout: str | None = None
    edition: str | None = None


ALL = Part()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """Too many articles that are missing at once to believe that they are gone.

    ``layout`` of their pages, or their ``edition``; both are null if all together are too many.
    ``missing``: with what went of late; ``there``: others that were visited again meanwhile.
    ``most``: share that may be missing. ``examples``: id and URL of a few.
    """

    layout: str | None
    edition: str | None
    missing: int
    there: int
    most: float
    examples: list[tuple[str, str]]

    @property
    def found(self) -> str:
        """The figure in words."""
        of_part = f"of the layout {self.layout} " if self.layout else ""
        of_part = f"of the edition {self.edition} " if self.edition else of_part
        visited = self.missing + self.there
        return f"{self.missing} of the {visited} articles {of_part}visited in {RECENT.days} days"


def read_held_back(
    database: sqlite3.Connection, deletion: Deletion, moment: datetime
) -> list[HeldBack]:
    """Return what is held back; while anything is, no article counts as gone."""
    since = {"since": rfc3339(moment - RECENT), "confirmed": _confirmed_at(database)}
    missing = _counts(database, _MISSING, since)
    if missing[ALL] <= FEW:
        return []
    there = _counts(database, _THERE_AGAIN, since)
    most = max(deletion.share, TIMES * _usual(database, moment))
    found = [
        HeldBack(
            **part._asdict(),
            missing=number,
            there=there[part],
            most=most,
            examples=database.execute(_EXAMPLES, part._asdict()).fetchall(),
        )
        for part, number in missing.items()
        if number > max(FEW, most * (number + there[part]))
    ]
    return [each for each in found if (each.layout, each.edition) == ALL] or found


def _counts(database: sqlite3.Connection, query: str, since: Mapping[str, str]) -> Counter[Part]:
    """Count articles by layout, by edition, and all of them."""
    counts = Counter[Part]()
    for layout, edition, number in database.execute(query, since):
        for part in {Part(layout=layout), Part(edition=edition), ALL}:
            counts[part] += number
    return counts


def _confirmed_at(database: sqlite3.Connection) -> str:
    row = database.execute("SELECT value FROM meta WHERE key = ?", (_CONFIRMED,)).fetchone()
    return row[0] if row else ""


def _usual(database: sqlite3.Connection, moment: datetime) -> float:
    """Return what share of the visits found an article gone, by the runs before.

    What was merely missing is not counted: a site that is out of order for weeks would be usual.
    """
    reports = database.execute(
        "SELECT json_extract(report, '$.outcomes') FROM run WHERE ended AND id >= ?",
        ((moment - USUAL).strftime("%Y%m%dT%H%M%SZ"),),
    )
    gone = visits = 0
    for (outcomes,) in reports:
        counts: Mapping[str, int] = json.loads(outcomes or "{}")
        gone += counts.get("gone", 0)
        visits += sum(counts.get(name, 0) for name in (*_THERE, "gone"))
    return gone / visits if visits >= LEAST_VISITS else 0


def due_articles(database: sqlite3.Connection, deletion: Deletion) -> list[str]:
    """Return the missing articles whose evidence is enough to count as gone."""
    rows = database.execute(_DUE, (max(1, deletion.sightings), deletion.hours * 3600))
    return [article_id for (article_id,) in rows]


def alarms_of(held_back: Sequence[HeldBack], agency: str) -> Iterator[Alarm]:
    """Say what is held back, as a monitor that failed."""
    for each in held_back:
        usual = (
            f"at most {each.most:.0%} is usual, so none is recorded as gone until somebody has "
            f"looked (scrapy confirm-gone {agency})"
        )
        examples = [url for _, url in each.examples]
        yield Alarm(each.layout or each.edition or "all", "missing", each.found, usual, examples)


def record_gone(archive: Archive, article_id: str, run: str) -> Article:
    """Record the version that says an article is gone; its last content stays."""
    seen = archive.ledger.states.absences(article_id)
    versions = archive.ledger.versions(article_id)
    row = msgspec.convert(archive.read(versions[0]), Article)
    row.schema = Article().schema
    row.version = number_after(versions)
    row.change, row.changed_fields, row.announced = "gone", [], None
    row.evidence = seen
    row.run, row.capture, row.archive_url = run, None, None
    row.fetched_at = seen[-1].at
    archive.record(row)
    return row


def confirm_gone(archive: Archive, article_ids: Sequence[str], run: str) -> None:
    """Record that articles are gone because somebody has looked; what went so far is no sign."""
    moment = rfc3339(now())
    gone = [record_gone(archive, article_id, run) for article_id in article_ids]
    last = max([moment, *(row.fetched_at for row in gone)])
    archive.ledger.database.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_CONFIRMED, last))
    for row in gone:
        archive.counted(row.id)
    archive.commit()

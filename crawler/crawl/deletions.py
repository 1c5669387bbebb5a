"""Decides whether missing articles are gone, or whether the site itself has a problem.

One article that is missing for days is gone. Many that are missing at once are no evidence: after a
redesign, a new server rule or a move, all pages may be missing and come back later. So the share of
missing articles is checked first, among those visited again in the last days: of all articles, of
each layout and of each edition, because one section may fail alone. Nothing here sends a request.
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
from crawler.store.database import note, noted
from crawler.system.clock import now, rfc3339

RECENT = timedelta(days=7)  # every missing article is visited several times in this time
FEW = 2  # this many may be missing at once, whatever their share: normal in any archive
USUAL = timedelta(days=90)  # of earlier runs, which show what share is usual
LEAST_VISITS = 1000  # in those runs; with fewer, the usual share is unknown
TIMES = 3  # up to this many times the usual share is no coincidence
_CONFIRMED = "gone_confirmed_at"  # a key of the ledger's meta table
# Outcomes of articles that exist. Together with the gone ones, they were looked for.
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
# A sighting needs its own visit; one visit may ask both page and API.
_DUE = """
SELECT id FROM article JOIN absence ON article_id = id AND asked = 'page'
WHERE state = 'missing' GROUP BY id
HAVING count(*) >= ? AND strftime('%s', max(at)) - strftime('%s', min(at)) >= ? ORDER BY id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """When a missing article counts as gone.

    ``sightings`` and ``hours``: how often, and over how long, it must be missing. ``visits``: hours
    after the first sighting at which to look again. ``share``: the largest share of visited
    articles that may be missing at once. Above it, no article counts as gone until a person has
    checked.
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

    @property
    def told(self) -> dict[str, float]:
        """The settings for a run's report."""
        return {"sightings": self.sightings, "hours": self.hours, "share": self.share}

    def is_over(self, seen: Sequence[Sighting]) -> bool:
        """Return whether an article was missing often and long enough. ``seen``: oldest first."""
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
    """The articles of one layout, of one edition, or all."""

    layout: str | None = None
    edition: str | None = None


ALL = Part()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """A group with too many articles missing at once to believe that they are gone.

    ``layout`` or ``edition``: the group; both are None if it is all articles together. ``missing``:
    including those that went recently. ``there``: others that were visited again and exist.
    ``most``: the share that may be missing. ``examples``: id and URL of a few.
    """

    layout: str | None
    edition: str | None
    missing: int
    there: int
    most: float
    examples: list[tuple[str, str]]

    @property
    def found(self) -> str:
        """The figures as a sentence."""
        of_part = f"of the layout {self.layout} " if self.layout else ""
        of_part = f"of the edition {self.edition} " if self.edition else of_part
        visited = self.missing + self.there
        return f"{self.missing} of the {visited} articles {of_part}visited in {RECENT.days} days"


def read_held_back(
    database: sqlite3.Connection, deletion: Deletion, moment: datetime
) -> list[HeldBack]:
    """Return the groups that are held back. While there is any, no article counts as gone."""
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
    return noted(database, _CONFIRMED) or ""


def _usual(database: sqlite3.Connection, moment: datetime) -> float:
    """Return the share of visits that found an article gone, in earlier runs.

    Missing articles are not counted: a problem that lasts for weeks must not become usual.
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
    """Return the missing articles with enough evidence to count as gone."""
    rows = database.execute(_DUE, (max(1, deletion.sightings), deletion.hours * 3600))
    return [article_id for (article_id,) in rows]


def alarms_of(held_back: Sequence[HeldBack], agency: str) -> Iterator[Alarm]:
    """Return an alarm for each group that is held back."""
    for each in held_back:
        usual = (
            f"at most {each.most:.0%} is usual, so none is recorded as gone until a person has "
            f"checked (scrapy confirm-gone {agency})"
        )
        examples = [url for _, url in each.examples]
        yield Alarm(each.layout or each.edition or "all", "missing", each.found, usual, examples)


def record_gone(archive: Archive, article_id: str, run: str) -> Article:
    """Record a version with the change "gone". It keeps the last content."""
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
    """Record that articles are gone because a person has checked.

    These deletions do not count towards the usual share.
    """
    moment = rfc3339(now())
    gone = [record_gone(archive, article_id, run) for article_id in article_ids]
    last = max([moment, *(row.fetched_at for row in gone)])
    note(archive.ledger.database, _CONFIRMED, last)
    for row in gone:
        archive.counted(row.id)
    archive.commit()

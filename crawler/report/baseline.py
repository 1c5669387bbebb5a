"""The data that the monitors compare, from ledger and journal."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec

from crawler.crawl.run_result import Alarm, Report
from crawler.errors import DamagedVersion
from crawler.extract.page import ArticlePage
from crawler.model.article import UNKNOWN
from crawler.report.monitors import (
    HISTORY,
    READ,
    judge_edits,
    judge_errors,
    judge_guesses,
    judge_layout,
    judge_lists,
    judge_pages,
    judge_silence,
    judge_source,
)
from crawler.report.run_report import read_kept
from crawler.store.archive import Archive
from crawler.system.clock import rfc3339

RUNS = 50  # runs that may be combined to have enough articles
PUBLISHED = 5000  # articles of a layout and edition whose times are read: more than a month's

_EDITED = "SELECT article_id FROM version WHERE change = 'edited' ORDER BY fetched_at DESC LIMIT 3"


class Watch:
    """Checks a run and the state of the archive after it. Only reads."""

    def __init__(
        self, archive: Archive, layouts: Sequence[type[ArticlePage]], moment: datetime
    ) -> None:
        self.archive = archive
        self.database = archive.ledger.database
        self.layouts = [*(page.layout for page in layouts), UNKNOWN]
        self.promised = [page.layout for page in layouts if page.source == "page"]
        self.moment = moment
        self._plain: dict[str, bool] = {}

    def alarms(self, editions: Sequence[str]) -> Iterator[Alarm]:
        """Yield where fewer fields of articles are filled than before."""
        for edition in editions:
            rows = {layout: self._rows(edition, layout) for layout in self.layouts}
            for layout in self.layouts:
                yield from judge_layout(f"{edition}/{layout}", rows[layout])
            together = [row for some in rows.values() for row in some]
            together.sort(key=lambda row: row["fetched_at"], reverse=True)
            yield from judge_source(edition, together[:READ], self.promised)

    def pages(self, report: Report, unread: Sequence[str]) -> Iterator[Alarm]:
        """Yield if hardly any page, or too few, could be read. For runs of any kind."""
        before = [each.get("pages", {}) for each in self._reports_before(report.backfill)]
        alarms = list(judge_pages("all", [report.pages, *before], self.promised))
        for alarm in alarms or judge_guesses("all", report.pages):
            yield replace(alarm, examples=[*unread])

    def lists(self, report: Report, unread: Sequence[str]) -> Iterator[Alarm]:
        """Yield if no feed and no list could be read. For runs of any kind."""
        if not report.sources_served:
            yield from judge_lists("all", len(report.sources_failed), unread)

    def edits(self, report: Report) -> Iterator[Alarm]:
        """Yield if most of the revisited articles had changed."""
        for alarm in judge_edits("all", report.outcomes):
            yield replace(alarm, examples=self._urls(f"id IN ({_EDITED})"))

    def errors(self, editions: Sequence[str], report: Report) -> Iterator[Alarm]:
        """Yield where too many articles were refused or failed. ``report``: of the present run."""
        reports = [msgspec.to_builtins(report), *self._reports_before()]
        wrong = "state IN ('refused', 'failed')"
        for alarm in judge_errors("all", [each["outcomes"] for each in reports]):
            yield replace(alarm, examples=self._urls(wrong))
        for edition in editions:
            runs = [each.get("editions", {}).get(edition, {}) for each in reports]
            for alarm in judge_errors(edition, runs):
                yield replace(alarm, examples=self._urls(f"{wrong} AND edition = ?", edition))

    def silences(self, editions: Sequence[str]) -> Iterator[Alarm]:
        """Yield the editions that have stopped publishing."""
        for edition in editions:
            for alarm in judge_silence(edition, self._published(edition), self.moment):
                newest = "edition = ? ORDER BY published_at DESC"
                yield replace(alarm, examples=self._urls(newest, edition))

    def _rows(self, edition: str, layout: str) -> list[Any]:
        """Return the newest versions that plain runs recorded, newest first."""
        places = self.database.execute(
            "SELECT article_id, number, file, offset, length FROM version "
            "WHERE edition = ? AND layout = ? AND change NOT IN ('gone', 'withdrawn') "
            "ORDER BY fetched_at DESC LIMIT ?",
            (edition, layout, READ),
        ).fetchall()
        rows = []
        for place in places:
            with suppress(DamagedVersion):  # the archive remembers it, and the run reports it
                rows.append(self.archive.version(*place))
        return [row for row in rows if self._is_plain(row["run"])]

    def _is_plain(self, run: str) -> bool:
        """Return whether a run was no backfill. Articles of backfills do not show what is usual."""
        if run not in self._plain:
            kept = self.database.execute(
                "SELECT json_extract(report, '$.backfill') FROM run WHERE id = ?", (run,)
            ).fetchone()
            self._plain[run] = kept in (None, (None,))
        return self._plain[run]

    def _reports_before(self, backfill: str | None = None) -> list[dict[str, Any]]:
        """Return the reports of earlier runs of the same kind, newest first."""
        kept = self.database.execute(
            "SELECT id, report FROM run WHERE ended AND json_extract(report, '$.backfill') IS ? "
            "ORDER BY id DESC LIMIT ?",
            (backfill, RUNS),
        )
        return [read_kept(self.archive.ledger.path, *each) for each in kept]

    def _published(self, edition: str) -> list[datetime]:
        """Return an edition's times of publication, if known to the minute."""
        earliest = rfc3339(self.moment - 2 * HISTORY)
        times = []
        for layout in self.layouts:
            found = self.database.execute(
                "SELECT published_at FROM version JOIN article ON id = article_id "
                "WHERE version.edition = ? AND layout = ? AND version.fetched_at >= ? "
                "ORDER BY version.fetched_at DESC LIMIT ?",
                (edition, layout, earliest, PUBLISHED),
            )
            times += [datetime.fromisoformat(time) for (time,) in found if time and "T" in time]
        return times

    def _urls(self, condition: str, *values: str) -> list[str]:
        found = self.database.execute(f"SELECT url FROM article WHERE {condition} LIMIT 3", values)
        return [url for (url,) in found]

"""The contents and the queue of an archive, from the ledger's counters and indexes.

No query reads the articles themselves, so that an archive of a million takes less than a second.
The exception: if several articles are missing at once, the existing ones are counted, too.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.crawl.deletions import Deletion, HeldBack, read_held_back
from crawler.model.article import UNKNOWN
from crawler.report.past_runs import ending_of, look_back, past_runs
from crawler.report.run_report import read_kept
from crawler.store.archive import last_wanted
from crawler.store.stand_in_site import read_stand_in
from crawler.store.states import BACKFILL, FRESH, RETRY, REVISIT, unfinished_withdrawals
from crawler.system.clock import rfc3339
from crawler.system.offloaded import read_manifest

STATES = (
    "stored", "archived", "missing", "gone", "withdrawn", "pending", "failed", "refused", "absent",
)  # fmt: skip
QUEUES = {"news": FRESH, "revisits": REVISIT, "retries": RETRY, "backfill": BACKFILL}
MOST_RUNS = 5
MOST_REASONS = 20
MOST_EXAMPLES = 5
FOLDERS = ("journal", "articles", "runs", "warc")

Table = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The figures; ``editions`` and ``years`` count articles by state, "" is an unknown one.

    ``due``: articles to fetch now, by queue. ``oldest_pending``: id, and the UTC time it was
    discovered. ``given_up``: number and some ids by reason. ``held_back``: articles not recorded as
    gone because too many are missing at once. ``guessed``: articles read without a known layout.
    ``next_run``: by when the timer starts it, if that is known.
    ``bytes``: size on disk. ``bucket``: the bucket with offloaded files, and their bytes.
    ``stand_in``: URL of the stand-in for the site, if the archive was read from one.
    """

    articles: dict[str, int]
    editions: Table
    years: Table
    versions: dict[str, int]
    due: dict[str, int]
    oldest_pending: tuple[str, str] | None
    given_up: dict[str, tuple[int, list[str]]]
    unfinished_withdrawals: list[str]
    held_back: list[HeldBack]
    guessed: int
    runs: list[dict[str, Any]]
    next_run: str | None = None
    bytes: dict[str, int]
    bucket: tuple[str, int] | None = None
    stand_in: str | None = None


def read_status(
    database: sqlite3.Connection, folder: Path, moment: float, deletion: Deletion
) -> Status:
    """Read the status of the archive in ``folder``; ``moment``: Unix time. Nothing is written."""
    counts = database.execute(
        "SELECT state, edition, year, number FROM article_count WHERE number > 0"
    ).fetchall()
    made_up = read_stand_in(folder, database)
    return Status(
        articles=_by_state((state, number) for state, _, _, number in counts),
        editions=_table((edition, state, number) for state, edition, _, number in counts),
        years=_table((year, state, number) for state, _, year, number in counts),
        versions=dict(
            database.execute("SELECT change, number FROM version_count ORDER BY number DESC")
        ),
        due={name: _due(database, queue, moment) for name, queue in QUEUES.items()},
        oldest_pending=database.execute(
            "SELECT id, found_at FROM article INDEXED BY article_pending "
            "WHERE state = 'pending' ORDER BY found_at LIMIT 1"
        ).fetchone(),
        given_up=_given_up(database),
        unfinished_withdrawals=unfinished_withdrawals(database),
        held_back=read_held_back(database, deletion, datetime.fromtimestamp(moment, UTC)),
        guessed=_guessed(database, {edition for _, edition, *_ in counts}),
        runs=_runs(database, folder),
        next_run=_next_run(database, folder, datetime.fromtimestamp(moment, UTC)),
        bytes=disk_use(folder),
        bucket=_bucket_use(folder),
        stand_in=made_up.site if made_up else None,
    )


def _by_state(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for state, number in counts:
        sums[state] += number
    return {state: sums[state] for state in STATES if sums[state]}


def _table(counts: Iterable[tuple[str, str, int]]) -> Table:
    rows: dict[str, list[tuple[str, int]]] = {}
    for name, state, number in counts:
        rows.setdefault(name, []).append((state, number))
    return {name: _by_state(rows[name]) for name in sorted(rows)}


def _due(database: sqlite3.Connection, queue: int, moment: float) -> int:
    row = database.execute(
        "SELECT count(*) FROM article INDEXED BY article_due WHERE priority = ? AND due < ?",
        (queue, moment),
    ).fetchone()
    return int(row[0])


def _guessed(database: sqlite3.Connection, editions: Iterable[str]) -> int:
    query = (
        "SELECT count(*) FROM version INDEXED BY version_recent JOIN article "
        "ON id = article_id AND article.version = number "
        "WHERE version.edition IS ? AND layout = ?"
    )
    counts = (database.execute(query, (each or None, UNKNOWN)) for each in editions)
    return sum(number for ((number,),) in counts)


def _given_up(database: sqlite3.Connection) -> dict[str, tuple[int, list[str]]]:
    reasons = database.execute(
        "SELECT reason, count(*) FROM article INDEXED BY article_given_up "
        "WHERE state = 'failed' AND due IS NULL GROUP BY reason ORDER BY 2 DESC LIMIT ?",
        (MOST_REASONS,),
    ).fetchall()
    return {str(reason): (number, _given_up_for(database, reason)) for reason, number in reasons}


def _given_up_for(database: sqlite3.Connection, reason: str | None) -> list[str]:
    rows = database.execute(
        "SELECT id FROM article INDEXED BY article_given_up "
        "WHERE state = 'failed' AND due IS NULL AND reason IS ? LIMIT ?",
        (reason, MOST_EXAMPLES),
    )
    return [article_id for (article_id,) in rows]


def _runs(database: sqlite3.Connection, folder: Path) -> list[dict[str, Any]]:
    """Return the reports of the last runs, newest first, with a field ``ended``."""
    query = "SELECT id, ended, report FROM run ORDER BY id DESC LIMIT ?"
    runs = []
    for run, ended, kept in database.execute(query, (MOST_RUNS,)):
        ending = ending_of(folder, run, ended=bool(ended))
        report = read_kept(folder / "ledger.sqlite", run, kept) | ending
        runs.append(report | {"ended": bool(ended or ending)})
    return runs


def _next_run(database: sqlite3.Connection, folder: Path, moment: datetime) -> str | None:
    past = look_back(past_runs(database, folder), moment, last_wanted(folder))
    return rfc3339(past.next_run) if past.next_run else None


def disk_use(folder: Path) -> dict[str, int]:
    """Return the size of an archive on disk in bytes, by kind of file."""
    use = {"ledger": sum(path.stat().st_size for path in folder.glob("ledger.sqlite*"))}
    for name in FOLDERS:
        use[name] = sum(path.stat().st_size for path in (folder / name).glob("*"))
    return use


def _bucket_use(folder: Path) -> tuple[str, int] | None:
    moved = read_manifest(folder)
    return (moved.to, sum(each.bytes for each in moved.files.values())) if moved.files else None


def status_lines(status: Status, agency: str) -> list[str]:
    """Return the status as tables of plain text."""
    lines = []
    if status.stand_in:
        lines.append(
            "made up   everything in this archive: it was read from a stand-in "
            f"({status.stand_in}), not from the agency's site\n"
        )
    lines += [*_matrix("edition", status.editions), "", *_matrix("year", status.years), ""]
    lines.append(f"versions  {_figures(status.versions)}")
    lines.append(f"due now   {_figures(status.due)}")
    if status.oldest_pending:
        article_id, found_at = status.oldest_pending
        lines.append(f"pending   {article_id} longest, since {found_at} UTC")
    use = [f"{in_words(size)} {name}" for name, size in _disk(status)]
    lines.append(f"disk      {', '.join(use)}")
    if status.bucket:
        place, size = status.bucket
        lines.append(f"bucket    {in_words(size)} in {place}")
    lines += [
        f"given up  {number} {why}: {', '.join(ids)}" + (" ..." if number > len(ids) else "")
        for why, (number, ids) in status.given_up.items()
    ]
    lines += [
        f"withdrawn {article_id} not completely: its text is still in files; complete it by: "
        f"scrapy withdraw {article_id}"
        for article_id in status.unfinished_withdrawals
    ]
    lines += [
        f"held back {each.found} are missing, too many to record that any is gone; look at "
        f"{', '.join(url for _, url in each.examples)}; if they are gone: "
        f"scrapy confirm-gone {agency}"
        for each in status.held_back
    ]
    if status.guessed:
        lines.append(
            f"guessed   {status.guessed} articles, whose layout is unknown; once a class describes "
            f"it: scrapy reparse {agency}"
        )
    lines += [f"next run  {status.next_run}"] if status.next_run else []
    return lines + [f"run       {_run(report)}" for report in status.runs]


def _matrix(heading: str, table: Table) -> list[str]:
    states = [state for state in STATES if any(state in row for row in table.values())]
    total = {state: sum(row.get(state, 0) for row in table.values()) for state in states}
    lines = [f"{heading:<9}" + "".join(f"{state:>10}" for state in states)]
    for name, row in [*table.items(), ("all", total)]:
        figures = "".join(f"{row.get(state, 0):>10}" for state in states)
        lines.append(f"{name or 'unknown':<9}{figures}")
    return lines


def _figures(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items() if number) or "none"


def _disk(status: Status) -> list[tuple[str, int]]:
    return [(name, size) for name, size in status.bytes.items() if size]


def in_words(number: int) -> str:
    """Return a number of bytes as text, in MB or GB."""
    return f"{number / 1e9:.1f} GB" if number >= 1e9 else f"{number / 1e6:.1f} MB"


def _run(report: Mapping[str, Any]) -> str:
    return (
        f"{report['run']} {_end(report)}: "
        f"{_figures(report['outcomes'])}, {report['pending']} pending, "
        f"{report['requests']} requests, {report['seconds']:.0f} s"
    )


def _end(report: Mapping[str, Any]) -> str:
    """Return how a run ended; reports of earlier releases contain no exit code."""
    if not report["ended"]:
        return "is active"
    if report.get("exit_code") is None:
        return str(report["stopped_by"] or "finished")
    return f"ended with exit code {report['exit_code']} ({report['exit_reason']})"

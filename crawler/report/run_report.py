"""Run reports as files, ``runs/<id>.json``: written at the end of a run, also for killed ones."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import suppress
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from crawler.crawl.run_result import Report, ending
from crawler.errors import StorageError, graver
from crawler.store.database import damaged
from crawler.system.files import replace_file

if TYPE_CHECKING:
    from crawler.crawl.run import Run
    from crawler.store.archive import Archive
    from crawler.store.ledger import Ledger

KILLED = {"stopped_by": "killed", "exit_code": None, "exit_reason": "killed"}

_OLD_NAMES = {"taken_over": "carried_over", "left": "pending"}  # in reports of earlier releases

logger = logging.getLogger(__name__)


def write_report(folder: Path, run: str, report: bytes) -> None:
    """Write a report so that a reader sees all of it or nothing. Raises ``OSError``."""
    folder.mkdir(exist_ok=True)
    replace_file(folder / f"{run}.json", [msgspec.json.format(report), b"\n"])


class _Kept(msgspec.Struct, gc=False):
    """The fields of a report that are read again."""

    run: str
    seconds: float
    pending: int
    requests: int
    outcomes: dict[str, int]
    editions: dict[str, dict[str, int]] = {}
    stopped_by: str | None = None


def read_kept(ledger: Path, run: str, report: str | bytes) -> dict[str, Any]:
    """Read a report from the ledger. Raises ``StorageError`` if it is invalid."""
    try:
        kept = msgspec.json.decode(report, type=dict[str, Any])
        told = {_OLD_NAMES.get(name, name): value for name, value in kept.items()}
        msgspec.convert(told, _Kept)
    except ValueError as error:
        raise damaged(ledger, f"the report of run {run}: {error}") from error
    return told


def bury_killed_runs(ledger: Ledger, folder: Path) -> list[str]:
    """Write the reports of killed runs, as of their last commits. Return their ids.

    If this is killed, too, the next call does the same. A run whose storage failed may have written
    its report: its ending is kept, with the committed figures.
    """
    killed = ledger.killed_runs()
    for run, kept in killed:
        told = read_kept(ledger.path, run, kept) | KILLED | read_ending(folder, run)
        report = msgspec.json.encode(told)
        write_report(folder, run, report)
        ledger.keep_report(run, report, ended=True)
    return [run for run, _ in killed]


def read_ending(folder: Path, run: str) -> dict[str, Any]:
    """Return the ending of a run from its file. Empty if it has none.

    What fails after the ledger is closed, such as a last upload, is only in the file.
    """
    with suppress(OSError, msgspec.DecodeError, KeyError):
        told = msgspec.json.decode((folder / f"{run}.json").read_bytes())
        return {name: told[name] for name in KILLED}
    return {}


def end_run(run: Run, report: Report) -> None:
    """Evaluate a run, and save its report with the exit code.

    Raises ``OSError``, ``sqlite3.Error`` or ``StorageError`` if it cannot be saved.
    """
    damages = run.archive.damages.values()  # of single versions, which did not stop the run
    run.ending = ending(report, reduce(graver, damages, run.stopped_by))
    run.report = replace(
        report,
        stopped_by=str(run.stopped_by) if run.stopped_by else None,
        exit_code=int(run.ending.code),
        exit_reason=run.ending.reason,
    )
    _keep(run.report, run.archive)


def fail_at_end(run: Run, error: StorageError) -> None:
    """End a finished run with an error, in its report, too."""
    if not isinstance(run.stopped_by, StorageError):
        logger.error("%s", error)
    run.stopped_by = graver(run.stopped_by, error)
    assert run.report is not None
    with suppress(OSError, sqlite3.Error, StorageError):  # the first error is the one to report
        end_run(run, run.report)


def _keep(report: Report, archive: Archive) -> None:
    encoded, folder = msgspec.json.encode(report), archive.folder / "runs"
    try:
        write_report(folder, report.run, encoded)
    except OSError:
        with suppress(OSError):  # a false report is worse than none
            (folder / f"{report.run}.json").unlink()
        raise
    archive.ledger.keep_report(report.run, encoded, ended=True)

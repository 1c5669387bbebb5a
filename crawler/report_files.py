"""Run reports as files, ``runs/<id>.json``, also those of runs that were killed."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from crawler.database import damaged
from crawler.durable import replace_file
from crawler.ledger import Ledger

KILLED = {"stopped_by": "killed", "exit_code": None, "exit_reason": "killed"}


def write_report(folder: Path, run: str, report: bytes) -> None:
    """Write a report so that a reader sees all of it or nothing; raises ``OSError``."""
    folder.mkdir(exist_ok=True)
    replace_file(folder / f"{run}.json", [msgspec.json.format(report), b"\n"])


class _Kept(msgspec.Struct, gc=False):
    """What every report has that is read again."""

    run: str
    seconds: float
    left: int
    requests: int
    outcomes: dict[str, int]
    editions: dict[str, dict[str, int]] = {}
    stopped_by: str | None = None


def read_kept(ledger: Path, run: str, report: str | bytes) -> dict[str, Any]:
    """Read a report that a ledger keeps; raise ``StorageError`` if it is none."""
    try:
        msgspec.json.decode(report, type=_Kept)
        told: dict[str, Any] = msgspec.json.decode(report)
    except ValueError as error:
        raise damaged(ledger, f"the report of run {run}: {error}") from error
    return told


def bury_killed_runs(ledger: Ledger, folder: Path) -> list[str]:
    """Write the reports of the runs that never ended, as of their last commits; return their ids.

    One that is killed in here itself does the same again. A run whose storage failed may have
    written a file that says so; its ending is kept, its figures are those that were committed.
    """
    killed = ledger.killed_runs()
    for run, kept in killed:
        told = read_kept(ledger.path, run, kept) | _ending(folder / f"{run}.json")
        report = msgspec.json.encode(told)
        write_report(folder, run, report)
        ledger.keep_report(run, report, ended=True)
    return [run for run, _ in killed]


def _ending(path: Path) -> dict[str, Any]:
    """Return how a run ended that could not commit it: what its file says, else as killed."""
    with suppress(OSError, msgspec.DecodeError, KeyError):
        told = msgspec.json.decode(path.read_bytes())
        return {name: told[name] for name in KILLED}
    return KILLED

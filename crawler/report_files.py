"""Run reports as files, ``runs/<id>.json``, also those of runs that were killed."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from crawler.durable import replace_file
from crawler.ledger import Ledger

KILLED = {"stopped_by": "killed", "exit_code": None, "exit_reason": "killed"}


def write_report(folder: Path, run: str, report: bytes) -> None:
    """Write a report so that a reader sees all of it or nothing; raises ``OSError``."""
    folder.mkdir(exist_ok=True)
    replace_file(folder / f"{run}.json", [msgspec.json.format(report), b"\n"])


def bury_killed_runs(ledger: Ledger, folder: Path) -> list[str]:
    """Write the reports of the runs that never ended, as of their last commits; return their ids.

    One that is killed in here itself does the same again. A run whose storage failed may have
    written a file that says so; its ending is kept, its figures are those that were committed.
    """
    killed = ledger.killed_runs()
    for run, kept in killed:
        told = msgspec.json.decode(kept) | _ending(folder / f"{run}.json")
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

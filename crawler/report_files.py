"""Run reports as files, ``runs/<id>.json``, also those of runs that were killed."""

from pathlib import Path

import msgspec

from crawler.durable import replace_file
from crawler.ledger import Ledger


def write_report(folder: Path, run: str, report: bytes) -> None:
    """Write a report so that a reader sees all of it or nothing; raises ``OSError``."""
    folder.mkdir(exist_ok=True)
    replace_file(folder / f"{run}.json", [msgspec.json.format(report), b"\n"])


def bury_killed_runs(ledger: Ledger, folder: Path) -> list[str]:
    """Write the reports of the runs that never ended, as of their last commits; return their ids.

    One that is killed in here itself does the same again.
    """
    killed = ledger.killed_runs()
    for run, kept in killed:
        report = msgspec.json.encode(msgspec.json.decode(kept) | {"stopped_by": "killed"})
        write_report(folder, run, report)
        ledger.keep_report(run, report, ended=True)
    return [run for run, _ in killed]

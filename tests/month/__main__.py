"""``make month``: let a month of fourteen agencies with bad days pass, and compare what is told."""

import argparse
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.month.expected import DAYS
from tests.month.month import AGENCIES, Month


def main() -> int:
    """Return 0 if mails, page, metrics, pings and exit codes told each thing once."""
    number = _arguments().agencies
    began = time.monotonic()
    with ExitStack() as opened:
        folder = Path(opened.enter_context(TemporaryDirectory()))
        month = Month(AGENCIES[:number], folder, opened)
        for day in month.days():
            told = f"{time.monotonic() - began:5.0f} s: day {day + 1} of {DAYS}"
            print(told, end="\r", flush=True)
        _show(month, number)
        different = month.differences()
    print("\n".join(different) or "mails, page, metrics, pings and exit codes: as expected")
    return 1 if different else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.month", description=__doc__)
    parser.add_argument("--agencies", type=int, default=len(AGENCIES), help="the first so many")
    return parser.parse_args()


def _show(month: Month, number: int) -> None:
    figures = {"agencies": number, "days": DAYS, **month.runs}
    figures["mails"] = len(month.mails.mails)
    figures["pings"] = len(month.switch.asked)
    print("\n")
    for name, figure in figures.items():
        print(f"{name:<25}{figure:>8}")


if __name__ == "__main__":
    sys.exit(main())

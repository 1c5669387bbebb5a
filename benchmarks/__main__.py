"""All benchmarks with their goals: ``python -m benchmarks``, or ``make bench``.

Prints Markdown; ``--write`` also writes it into ``docs/performance.md``. Raw figures go into a JSON
file. Single parts: ``python -m benchmarks crawls parts``.
"""

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import msgspec

from benchmarks import (
    crawls,
    estimate,
    growth,
    ledger_growth,
    parts,
    peers,
    reading_room,
    releases,
    rereading,
    searches,
    start,
)
from benchmarks.results import GOALS, Result, goals
from benchmarks.scale import SCALES, Scale

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures: python -m benchmarks --write -->\n", "<!-- end of figures -->\n"
PARTS: dict[str, Callable[[Scale], Result]] = {
    # First the parts that measure memory of other processes, which starts with this one's.
    "crawls": crawls.measure,
    "estimate": estimate.measure,
    "parts": parts.measure,
    "rereading": rereading.measure,
    "start": start.measure,
    "searches": searches.measure,
    "releases": releases.measure,
    "room": reading_room.measure,
    "ledger": ledger_growth.measure,
    "growth": growth.measure,
    "peers": peers.measure,
}


def machine() -> str:
    """Return a line with date and machine."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"Measured {datetime.now(UTC):%Y-%m-%d} on {cores} cores ({platform.machine()}), Python "
        f"{platform.python_version()}, Scrapy {version('scrapy')}; load when it began "
        f"{os.getloadavg()[0]:.1f}."
    )


def work(names: Sequence[str], scale: Scale) -> list[Result]:
    """Measure the parts one after another, and print how long each took."""
    found = []
    for name in names:
        began = time.perf_counter()
        found.append(PARTS[name](scale))
        print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr)
    return found


def write(text: str) -> None:
    """Write the figures into the document; keep those of extractors that are not installed.

    The goals come last: readers first look for costs.
    """
    before, _, rest = DOCUMENT.read_text("utf-8").partition(BEGIN)
    old, _, after = rest.partition(END)
    _, title, others = old.partition(f"### {peers.TITLE}\n")
    figures, heading, rows = text.partition(GOALS)
    kept = "" if title in text else f"{title}{others.partition(GOALS)[0]}"
    last = f"{heading}{rows}\n" if heading else ""
    written = f"{before}{BEGIN}\n{figures.rstrip()}\n\n{kept}{last}{END}{after}"
    DOCUMENT.write_text(written, "utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and save the raw figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--scale", choices=SCALES, default="usual")
    parser.add_argument("--json", type=Path, default=ROOT / ".bench" / "figures.json")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args(arguments)
    about = machine()
    found = work(chosen.parts or _usual(), SCALES[chosen.scale])
    lines = [about, "", *(line for part in found for line in part.lines()), *goals(found)]
    print("\n".join(lines))
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    raw = {"machine": about, "parts": list(map(asdict, found))}
    chosen.json.write_bytes(msgspec.json.encode(raw))
    if chosen.write:
        write("\n".join(lines))


def _usual() -> list[str]:
    """Return the parts that can be measured: other extractors only if they are installed."""
    return [name for name in PARTS if name != "peers" or peers.installed()]


if __name__ == "__main__":
    main()

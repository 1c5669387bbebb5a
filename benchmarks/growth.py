"""Memory of one long crawl, measured while it runs: it must not grow with the number of pages.

All settings are the defaults; only the pages are small, to have enough of them in the time.
"""

import subprocess
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.cores import pinned
from benchmarks.crawls import OURS, ROOT, variations
from benchmarks.results import Goal, Result
from benchmarks.scale import Scale
from benchmarks.serving import FIRST, Server, serving

_OFTEN = 0.05  # seconds between measurements


def resident(process: int) -> float:
    """Return the present memory of a process in MB, from the system (Linux, macOS)."""
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(process)], stdout=subprocess.PIPE)
    return int(told.stdout or 0) * 1024 / 1e6


def watched(
    process: subprocess.Popen[bytes], server: Server, marks: tuple[int, ...]
) -> list[float]:
    """Return the peak memory up to each number of pages sent; the last entry is for all."""
    found, most = [], 0.0
    for mark in marks:
        while process.poll() is None and server.spent()[0] < mark:
            most = max(most, resident(process.pid))
            time.sleep(_OFTEN)
        found.append(most)
    while process.poll() is None:
        most = max(most, resident(process.pid))
        time.sleep(_OFTEN)
    return [*found[:-1], most]


def measure(scale: Scale) -> Result:
    """Crawl, and measure."""
    ours = next(way for way in variations() if way.name == OURS)
    ours = replace(ours, settings={**ours.settings, "LOG_LEVEL": "WARNING"})
    with serving(0, small=True) as server, tempfile.TemporaryDirectory() as name:
        command = ours.command(server, FIRST, FIRST + scale.growth[-1] - 1, Path(name))
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, preexec_fn=pinned())
        found = watched(process, server, scale.growth)
        seconds = time.perf_counter() - began
    if process.returncode:
        raise RuntimeError(f"the crawl ended with {process.returncode}")
    return Result(
        title="Memory of one long crawl of small pages",
        head=["pages", "most MB so far"],
        rows=[[f"{mark:,}", f"{most:.1f}"] for mark, most in zip(scale.growth, found, strict=True)],
        goals=[
            Goal(
                f"growth from {scale.growth[0]:,} to {scale.growth[-1]:,} pages",
                10,
                found[-1] - found[0],
                "MB",
            )
        ],
        notes=[f"{scale.growth[-1] / seconds:.0f} pages a second, on one core."],
        raw=dict(zip(scale.growth, found, strict=True)),
    )

"""Processes that are kept on one core, and what they took."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes, of what the system counts memory in


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process took from its start to its end, as the system tells it."""

    cpu: float  # seconds, of the program and of the system on its behalf
    seconds: float
    memory: float  # MB, at most; no less than this process held when it started the other


def peak_memory() -> float:
    """Return the most memory that this process has held, in MB.

    What Linux tells of a process's usage begins with what its parent held when it was started.
    """
    status = Path("/proc/self/status")
    if status.exists():
        (told,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(told.split()[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT / 1e6


def pinned(*, other: bool = False) -> Callable[[], None]:
    """Return what keeps a new process on the last core, or on the first if that is the other."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []

    def pin() -> None:
        if len(cores) > 1:
            os.sched_setaffinity(0, {cores[0 if other else -1]})

    return pin


def run(command: Sequence[str], folder: Path, log: Path, exit_code: int = 0) -> Usage:
    """Run a command to its end, pinned; raise ``RuntimeError`` with its log for another exit code.

    It does not inherit where this process found Scrapy's settings.
    """
    env = {name: value for name, value in os.environ.items() if not name.startswith("SCRAPY_")}
    began = time.perf_counter()
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=folder, env=env, stdout=file, stderr=file, preexec_fn=pinned()
        )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != exit_code:
        raise RuntimeError(f"{' '.join(command)}: {log.read_text(errors='replace')[-3000:]}")
    return Usage(
        cpu=usage.ru_utime + usage.ru_stime,
        seconds=time.perf_counter() - began,
        memory=usage.ru_maxrss * _UNIT / 1e6,
    )

"""Processes pinned to one core, and their resource usage."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes per unit of ru_maxrss


@dataclass(frozen=True, slots=True)
class Usage:
    """Resources used by a process, as measured by the system."""

    cpu: float  # seconds, user and system time
    seconds: float
    memory: float  # MB, peak; at least that of this process at the start


def peak_memory() -> float:
    """Return the peak memory of this process, in MB.

    On Linux, a process's ``ru_maxrss`` starts with the memory of its parent.
    """
    status = Path("/proc/self/status")
    if status.exists():
        (told,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(told.split()[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT / 1e6


def pinned(*, other: bool = False) -> Callable[[], None]:
    """Return a function that pins a new process to the last core, or to the first one."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []

    def pin() -> None:
        if len(cores) > 1:
            os.sched_setaffinity(0, {cores[0 if other else -1]})

    return pin


def run(command: Sequence[str], folder: Path, log: Path, exit_code: int = 0) -> Usage:
    """Run a command, pinned; raise ``RuntimeError`` with its log if the exit code differs.

    It does not inherit this process's settings module of Scrapy.
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

"""A Dask cluster on loopback: a real scheduler and real workers, each a process of its own."""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from signal import SIGSTOP
from subprocess import DEVNULL, Popen
from typing import Any, Self

from crawler.system.dask import Cluster
from tests.commands import CAN_FORK, ROOT
from tests.forked import Forked

WORKERS = 3
LONGEST = 60  # seconds; so long it may take to begin, and a cluster nobody ended ends itself
_SOON = {**os.environ, "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}  # to give up
_HERE = ("--host", "127.0.0.1", "--no-dashboard")


class Workers:
    """Starts a scheduler and workers, and ends them all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._told = folder / "scheduler.json"
        self.scheduler = self._start(
            "dask_scheduler", *_HERE, "--port", 0, "--dashboard-address", "127.0.0.1:0",
            "--idle-timeout", f"{LONGEST}s", "--scheduler-file", self._told, fresh=True,
        )  # fmt: skip
        wait_until(self._told.exists)
        self.address: str = json.loads(self._told.read_text())["address"]
        self._workers: dict[int, Popen[bytes]] = {}

    def _start(
        self, module: str, *arguments: object, cwd: Path = ROOT, fresh: bool = False
    ) -> Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{module}", *map(str, arguments)]
        kind = Popen if fresh or not CAN_FORK else Forked
        return kind(command, cwd=cwd, env=_SOON, stdout=DEVNULL, stderr=DEVNULL)

    def fill(self) -> None:
        """Start workers until there are as many as there should be."""
        for number, worker in list(self._workers.items()):
            if worker.poll() is not None:
                self.kill(number)
        while len(self._workers) < WORKERS:
            self.add()

    def add(self, folder: Path = ROOT) -> int:
        """Start a worker in a folder; return its process id."""
        worker = self._start(
            "dask_worker", self.address, *_HERE, "--no-nanny", "--nthreads", 1,
            "--death-timeout", LONGEST, "--local-directory", self._folder,
            cwd=folder, fresh=folder != ROOT,
        )  # fmt: skip
        self._workers[worker.pid] = worker
        return worker.pid

    def end(self) -> None:
        """End all workers."""
        for number in list(self._workers):
            self.kill(number)

    def kill(self, number: int) -> None:
        """Kill the worker with this process id, and see it dead."""
        worker = self._workers.pop(number)
        worker.kill()
        worker.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
        self.scheduler.kill()
        self.scheduler.wait()


class Losing(Cluster):
    """A pool of which a worker is killed while it has work in hand."""

    def __init__(self, workers: Workers, after: int) -> None:
        super().__init__(workers.address)
        self._client.wait_for_workers(WORKERS, timeout=LONGEST)
        self._workers, self._left = workers, after  # pieces to give before it happens
        self._victim: tuple[str, int] | None = None
        self.lost = 0  # pieces that it had in hand

    def _submit(self, function: Callable[[Any], object], piece: Any) -> Any:
        self._left -= 1
        if not self._left:
            # One that stands still cannot be done with what it has before it is killed.
            self._victim = min(self._client.run(os.getpid).items())
            os.kill(self._victim[1], SIGSTOP)
        return super()._submit(function, piece)

    def _result(self, future: Any) -> Any:
        wait_until(lambda: future.done() or not self._victim or self._kill(*self._victim))
        return super()._result(future)

    def _kill(self, address: str, number: int) -> bool:
        if held := self._client.processing()[address]:
            self.lost = len(held)
            self._workers.kill(number)
            self._victim = None
        return bool(held)


def wait_until(happened: Callable[[], object]) -> None:
    """Return once something has happened; fail if it does not in time."""
    end = time.monotonic() + LONGEST
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.02)

"""A process of a Python module's command line that is forked, which spares it all imports."""

import atexit
import json
import os
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from select import select
from socket import AF_UNIX, SOCK_SEQPACKET, send_fds, socket, socketpair
from subprocess import DEVNULL, Popen, TimeoutExpired
from typing import Any, AnyStr

ROOT = Path(__file__).parents[1]
_ID = 32  # bytes of a process's id, at most
# What a module, or a command of Scrapy, imports beyond what all do, if that takes most of its time:
# by a server of its own, which is forked, too.
MORE = {
    "distributed.cli.dask_worker": ("crawler.system.dask", "distributed.cli.dask_worker"),
    "release": ("crawler.release", "matplotlib.backends.backend_agg", "matplotlib.figure"),
}


class Forked(Popen[AnyStr]):
    """Takes ``python -m MODULE ...``; is a child of the fork server, which tells of its end."""

    def _execute_child(self, command: list[str], *given: Any) -> None:
        environment, ends = given[5], given[9:15]  # of three pipes, what is read before the other
        here, there = os.pipe()
        request = {"arguments": command[2:], "environment": dict(environment or os.environ)}
        more = [MORE[word] for word in command[2:4] if word in MORE]
        server = _server(*more)
        send_fds(server, [json.dumps(request).encode()], [there, ends[3], ends[5]])
        os.close(there)
        self._close_pipe_fds(*ends)  # type: ignore[attr-defined]
        self.told = open(here)  # noqa: SIM115
        self.pid = int(self.told.readline())

    def poll(self) -> int | None:
        """Return the exit code, or None while the process works."""
        if self.returncode is None and select([self.told], [], [], 0)[0]:
            self.wait()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code once the process has ended."""
        if self.returncode is None:
            if not select([self.told], [], [], timeout)[0]:
                raise TimeoutExpired(self.args, timeout or 0)
            with self.told:
                self.returncode = int(self.told.readline())
        return self.returncode


@cache
def _server(packages: tuple[str, ...] = ()) -> socket:
    """Start the process that has imported everything; it ends after this one's last request."""
    ours, theirs = socketpair(AF_UNIX, SOCK_SEQPACKET)
    with theirs:
        number = theirs.fileno()
        if packages:
            there = [package for package in packages if find_spec(package.partition(".")[0])]
            send_fds(_server(), [json.dumps({"packages": there}).encode()], [number])
            ours.recv(_ID)
        else:
            command = [sys.executable, "-m", "tests.fork_server", str(number)]
            environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # numpy starts no threads
            process = Popen(command, cwd=ROOT, env=environment, pass_fds=[number], stdin=DEVNULL)
            atexit.register(process.wait)
    atexit.register(ours.close)
    return ours

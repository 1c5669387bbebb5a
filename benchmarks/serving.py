"""Pages on loopback, served by a separate process: ``python -m benchmarks.serving``.

Serves ``/posts/NUMBER`` as fast as this machine can, from responses made in advance. With
``--small`` the number of pages is unlimited, each with a few KB, compressed on request. ``/spent``
returns the number of pages sent and the CPU time used.
"""

import argparse
import asyncio
import gzip
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast
from urllib.request import urlopen

import uvloop

from benchmarks.cores import pinned
from benchmarks.pages import bare_pages, pages

FIRST = 100_000  # the number of the first page
_HEAD = (
    b"HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Mon, 23 Nov 2026 18:30:00 GMT\r\n"
    b"Content-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\n"
    b'Etag: "5f3c-%d"\r\nVary: Accept-Encoding\r\nContent-Length: %d\r\n\r\n'
)
_NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n"


class Server:
    """A running server, as seen by its clients."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def spent(self) -> tuple[int, float]:
        """Return the number of pages sent, and its CPU seconds so far."""
        with urlopen(f"{self.url}/spent") as answer:
            told = json.load(answer)
        return told["pages"], told["cpu"]


@contextmanager
def serving(number: int, *, small: bool = False) -> Iterator[Server]:
    """Serve that many pages from the other core until the block ends."""
    command = [sys.executable, "-m", "benchmarks.serving", f"--pages={number}"]
    command += ["--small"] if small else []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, preexec_fn=pinned(other=True)
    ) as process:
        try:
            assert process.stdout is not None
            yield Server(int(process.stdout.readline()))
        finally:
            process.kill()


class Connection(asyncio.Protocol):
    """One client, whose requests have no body."""

    def __init__(self, answer: Callable[[bytes], bytes]) -> None:
        self.answer = answer
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Respond to every complete request."""
        *heads, self.received = (self.received + data).split(b"\r\n\r\n")
        for head in heads:
            self.transport.write(self.answer(head.split(b" ", 2)[1]))


class Pages:
    """The responses, by path."""

    def __init__(self, number: int, *, small: bool) -> None:
        self.sent = 0
        self.small = [page for _, page in bare_pages(100)] if small else []
        bodies = () if small else (body for _, body in pages(number))
        self.ready = {
            b"/posts/%d" % each: _answer(each, body) for each, body in enumerate(bodies, FIRST)
        }

    def answer(self, path: bytes) -> bytes:
        """Return the response for a path."""
        if path == b"/spent":
            return _json({"pages": self.sent, "cpu": time.process_time()})
        answer = self.ready.get(path) or self._made(path)
        self.sent += answer is not _NOT_FOUND
        return answer

    def _made(self, path: bytes) -> bytes:
        name = path.removeprefix(b"/posts/")
        if not self.small or not name.isdigit():
            return _NOT_FOUND
        number = int(name)
        # All pages differ: the archive would store an equal one as a reference only.
        page = self.small[number % len(self.small)] + b"<!-- %d -->" % number
        return _answer(number, gzip.compress(page, 1, mtime=0))


def _answer(number: int, body: bytes) -> bytes:
    return _HEAD % (number, len(body)) + body


def _json(value: object) -> bytes:
    body = json.dumps(value).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body


async def serve(source: Pages) -> None:
    """Serve until the process is ended; the port is in the first line of the output."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(source.answer), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def main() -> None:
    """Make the pages, and serve them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=3000)
    parser.add_argument("--small", action="store_true")
    chosen = parser.parse_args()
    uvloop.run(serve(Pages(chosen.pages, small=chosen.small)))


if __name__ == "__main__":
    main()

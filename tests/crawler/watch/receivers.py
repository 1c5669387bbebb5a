"""A receiver of webhooks on this machine, which answers as a test says."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.sinks import serving

Answer = Callable[[BaseHTTPRequestHandler], None]


def answer(status: int, **headers: str) -> Answer:
    """Return what answers with a status."""

    def give(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return give


@dataclass
class Receiver:
    """What came: path, headers and JSON; and how the next request is answered."""

    address: str = ""
    asked: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    answer: Answer = field(default_factory=lambda: answer(200))

    @property
    def keys(self) -> list[str]:
        """The idempotency keys of what came."""
        return [headers["idempotency-key"] for _, headers, _ in self.asked]

    @property
    def articles(self) -> list[tuple[str, int]]:
        """The versions that were told of."""
        records = [told["item"]["_archive"] for _, _, told in self.asked]
        return [(record["id"], record["version"]) for record in records]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Give a receiver that answers within the block."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.asked.append((self.path, headers, json.loads(body)))
            receiver.answer(self)

        def do_GET(self) -> None:
            receiver.asked.append((f"GET {self.path}", {}, None))
            receiver.answer(self)

        def log_message(self, *told: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        receiver.address = f"http://127.0.0.1:{server.server_port}"
        with serving(server):
            yield receiver

"""A real S3 server on this machine, and a proxy before it that does what networks do."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import TypeAlias

import pytest

from crawler.system import bucket
from tests.ports import free_port

PROGRAM = Path(sys.prefix) / "moto" / "bin" / "moto_server"
STARTS_IN = 60  # seconds at most, on a busy machine; usually two
NAME = "news"

Fault: TypeAlias = "Callable[[str, str, int], int | None]"  # method, path, number: a status, or -1
CUT = -1  # instead of a status: the connection ends without a response


@contextmanager
def s3_server(folder: Path) -> Iterator[int]:
    """Serve S3 on a port; the server is ended with the block."""
    assert PROGRAM.exists(), "make test installs moto: make .venv/moto/installed"
    port = free_port()
    with (folder / "log").open("wb") as log:
        command = [str(PROGRAM), "--host", "127.0.0.1", "--port", str(port)]
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        try:
            _wait(process, port)
            yield port
        finally:
            process.kill()
            process.wait()


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    end = time.monotonic() + STARTS_IN
    while process.poll() is None and time.monotonic() < end:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError("moto did not start")


def _no_fault(method: str, path: str, number: int) -> int | None:
    return None


class S3:
    """A bucket behind a proxy.

    ``fault`` decides what happens before a request is passed on, ``after`` what happens then.
    ``requests`` has all that were made: ``PUT all/uza/manifest.json``.
    """

    def __init__(self, server: int) -> None:
        self.server = server
        self.fault: Fault = _no_fault
        self.after: Fault = _no_fault
        self.requests: list[str] = []
        self.lock = Lock()
        self._proxy = ThreadingHTTPServer(
            ("127.0.0.1", 0), type("Handler", (_Handler,), {"s3": self})
        )
        self._proxy.daemon_threads = True
        self._thread = Thread(target=self._proxy.serve_forever, args=(0.05,))
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._proxy.server_port}"

    def close(self) -> None:
        self._proxy.shutdown()
        self._thread.join()
        self._proxy.server_close()

    def ask(self, method: str, path: str, body: bytes = b"") -> bytes:
        """Ask the server, past the proxy."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server)
        try:
            connection.request(method, f"/{NAME}/{path}", body, {"Authorization": "AWS of:tests"})
            return connection.getresponse().read()
        finally:
            connection.close()

    def objects(self) -> dict[str, bytes]:
        """Return all objects."""
        listed = self.ask("GET", "?list-type=2").decode()
        names = [part.partition("</Key>")[0] for part in listed.split("<Key>")[1:]]
        return {name: self.ask("GET", name) for name in names}

    def empty(self) -> None:
        """Make the bucket, or remove what is in it."""
        self.ask("PUT", "")
        for name in self.objects():
            self.ask("DELETE", name)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    s3: S3

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = self.path.partition("?")[0].removeprefix(f"/{NAME}/")
        with self.s3.lock:
            self.s3.requests.append(f"{self.command} {path}")
            number = len(self.s3.requests)
        if self._fails(self.s3.fault(self.command, path, number)):
            return
        connection = http.client.HTTPConnection("127.0.0.1", self.s3.server)
        try:
            connection.request(self.command, self.path, body, dict(self.headers))
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if self._fails(self.s3.after(self.command, path, number)):
            return
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "date", "server", "transfer-encoding"):
                self.send_header(name, value)
        if "Content-Length" not in answer.headers:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with suppress(OSError):  # who asked is gone
            self.wfile.write(content)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _pass_on  # noqa: N815

    def _fails(self, status: int | None) -> bool:
        if status is None:
            return False
        self.close_connection = True
        if status == CUT:
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return True
        with suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()
        return True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def use(s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process and the commands that it starts use the bucket; nobody waits for long."""
    chosen = {
        "AWS_ACCESS_KEY_ID": "tests",
        "AWS_SECRET_ACCESS_KEY": "tests",
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": s3.address,
    }
    for name, value in chosen.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(bucket, "_PATIENCE", {"max_retries": 1})
    bucket.bucket_at.cache_clear()


@pytest.fixture(scope="session")
def s3_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with s3_server(tmp_path_factory.mktemp("moto")) as port:
        yield port


@pytest.fixture
def s3(s3_port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    """Return an empty bucket, which this process and the commands that it starts use."""
    with closing(S3(s3_port)) as proxied:
        proxied.empty()
        use(proxied, monkeypatch)
        yield proxied
    bucket.bucket_at.cache_clear()

"""A time stamp authority on this machine, by OpenSSL; and keys that sign."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.sinks import serving

_CONFIG = """\
[req]
distinguished_name = name
x509_extensions = stamps
prompt = no
[name]
CN = An authority of the tests
[stamps]
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = ours
[ours]
serial = serial
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
"""


def key_in(folder: Path, name: str = "key") -> Path:
    """Make an SSH key; return its file."""
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "tests", "-f", str(folder / name))
    return folder / name


def run(*command: str, cwd: Path | None = None) -> bytes:
    """Run a program; return what it prints."""
    if not shutil.which(command[0]):
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(command, cwd=cwd, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


class Authority:
    """Answers to queries; ``answer`` says with what instead."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.certificates = folder / "authority.pem"
        self.answer: tuple[int, bytes] | None = None
        self.asked = 0
        self.url = ""
        folder.mkdir()
        (folder / "config").write_text(_CONFIG)
        run(
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "40000"),
            *("-keyout", "key.pem", "-out", "authority.pem", "-config", "config"),
            cwd=folder,
        )

    def stamp(self, query: bytes) -> bytes:
        """Return the time stamp that is asked for."""
        (self.folder / "query").write_bytes(query)
        return run(
            *("openssl", "ts", "-reply", "-config", "config", "-queryfile", "query"),
            *("-signer", "authority.pem", "-inkey", "key.pem", "-out", "/dev/stdout"),
            cwd=self.folder,
        )

    @contextmanager
    def served(self) -> Iterator[None]:
        """Answer at ``url`` within the block."""
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                query = self.rfile.read(int(self.headers["Content-Length"]))
                authority.asked += 1
                status, body = authority.answer or (200, authority.stamp(query))
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{server.server_port}/"
        with serving(server):
            yield

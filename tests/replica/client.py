"""A client that shows answers as they came over the wire."""

import http.client
import json
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from replica import Replica


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer: status, headers by lower-case name, the body as sent."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def fetch(replica: Replica, target: str, method: str = "GET", **headers: str) -> Reply:
    """Ask for one address; underscores in header names stand for hyphens."""
    connection = http.client.HTTPConnection(_address(replica), timeout=10)
    try:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, target, headers={"Accept-Encoding": "identity"} | told)
        answer = connection.getresponse()
        lower = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(answer.status, lower, answer.read())
    finally:
        connection.close()


def raw(replica: Replica, target: str, timeout: float = 10.0) -> bytes:
    """Everything the server sends for one request until it closes the connection."""
    host, port = _address(replica).split(":")
    with socket.create_connection((host, int(port)), timeout=timeout) as connection:
        request = f"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        connection.sendall(request.encode())
        received = bytearray()
        while piece := connection.recv(65_536):
            received += piece
        return bytes(received)


def _address(replica: Replica) -> str:
    return urlsplit(replica.site_url).netloc

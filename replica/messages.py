"""Requests and responses of the replica, in the form that faults change."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from gzip import compress
from http import HTTPStatus
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlsplit

Ending = Literal["keep", "cut", "reset", "hang"]

HTML = "text/html; charset=utf-8"
JSON = "application/json"
_PHRASES = {status.value: status.phrase for status in HTTPStatus}


@dataclass(frozen=True, slots=True)
class Request:
    """One request; ``target`` is path and query as sent, header names are lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    time: float

    @property
    def path(self) -> str:
        """The path alone, percent-decoded."""
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> dict[str, str]:
        """The parameters; of a repeated one, the last."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))


@dataclass(slots=True)
class Answer:
    """One response before it is sent.

    ``stream``: yields the body in pieces instead of ``body``; ``length``: its announced length, if
    any. ``sent``: share of the body that is really sent; ``ending``: what happens to the connection
    then. ``coded``: send the body unchanged, never compressed.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    stream: Callable[[], Iterator[bytes]] | None = None
    length: int | None = None
    chunked: bool = False
    coded: bool = False
    sent: float = 1.0
    delay: float = 0.0
    ending: Ending = "keep"

    def head(self) -> bytes:
        """Status line and headers, with the length unless the body is chunked."""
        lines = [f"HTTP/1.1 {self.status} {_PHRASES.get(self.status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.chunked:
            lines.append("Transfer-Encoding: chunked")
        elif self.status != 304:
            lines.append(f"Content-Length: {self._told_length()}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def compress(self) -> None:
        """Compress the body with gzip."""
        self.headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        self.body, self.coded = gzipped(self.body), True

    def _told_length(self) -> int:
        return len(self.body) if self.length is None else self.length


@dataclass(frozen=True, slots=True)
class Logged:
    """A line of the request log: the request and the status of its response."""

    method: str
    target: str
    status: int
    headers: Mapping[str, str]
    time: float


@lru_cache(maxsize=1024)
def gzipped(body: bytes) -> bytes:
    """Compress a body quickly; cached, since pages are requested repeatedly."""
    return compress(body, 1, mtime=0)

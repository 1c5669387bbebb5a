"""The replica's sockets: HTTP/1.1 on loopback, with exact control over the bytes sent."""

import asyncio
import socket
import struct
from collections.abc import Callable, Iterator
from typing import cast

from crawler.system.clock import steady
from replica.messages import Answer, Request

_HEAD_END = b"\r\n\r\n"
_SMALLEST_GZIP = 200


class Connection(asyncio.Protocol):
    """One client: reads requests one after another and sends the responses of ``answer``."""

    def __init__(self, answer: Callable[[Request], Answer], open_ones: set["Connection"]) -> None:
        self._answer = answer
        self._open_ones = open_ones
        self._received = b""
        self._busy = False
        self._pieces: Iterator[bytes] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport = cast(asyncio.Transport, transport)
        self._open_ones.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        """Drop the connection."""
        self._pieces = None
        self._open_ones.discard(self)

    def data_received(self, data: bytes) -> None:
        """Accept bytes from the client."""
        self._received += data
        self._serve()

    def resume_writing(self) -> None:
        """Continue a long body when the client has received the previous bytes."""
        self._pump()

    def pause_writing(self) -> None:
        """Do nothing: ``_pump`` checks the buffer itself."""

    def _serve(self) -> None:
        if self._busy or _HEAD_END not in self._received:
            return
        head, _, rest = self._received.partition(_HEAD_END)
        request = parsed(head)
        length = int(request.headers.get("content-length", 0))
        if len(rest) < length:
            return
        self._received, self._busy = rest[length:], True
        answer = self._answer(request)
        if answer.delay:
            loop = asyncio.get_running_loop()
            loop.call_later(answer.delay, self._send, request, answer)
        else:
            self._send(request, answer)

    def _send(self, request: Request, answer: Answer) -> None:
        if self.transport.is_closing() or answer.ending == "hang":
            return
        if answer.ending == "reset" and not answer.sent:
            self._reset()
            return
        _code(request, answer)
        self._close_after = answer.ending == "cut" or _wants_close(request)
        self._reset_after = answer.ending == "reset"
        self._pieces = wire(request, answer)
        self._pump()

    def _pump(self) -> None:
        """Write pieces as fast as the client reads; then handle the next request."""
        while self._pieces is not None:
            piece = next(self._pieces, None)
            if piece is None:
                self._finish()
            elif self._written(piece):
                return

    def _written(self, piece: bytes) -> bool:
        """Write a piece, and return whether the client is behind."""
        self.transport.write(piece)
        return self.transport.get_write_buffer_size() > 65_536

    def _finish(self) -> None:
        self._pieces = None
        if self._reset_after:
            self._reset()
        elif self._close_after:
            self.transport.close()
        else:
            self._busy = False
            self._serve()

    def _reset(self) -> None:
        """Close with RST instead of FIN."""
        connection = self.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()


def parsed(head: bytes) -> Request:
    """Parse a request's header."""
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return Request(method, target, headers, steady())


def wire(request: Request, answer: Answer) -> Iterator[bytes]:
    """Yield a response's bytes: header, then the part of the body that is sent."""
    head = answer.head()
    if request.method == "HEAD" or answer.status == 304:
        yield head
        return
    if answer.stream is None and not answer.chunked:
        yield head + answer.body[: int(len(answer.body) * answer.sent)]
        return
    yield head
    pieces = answer.stream() if answer.stream else _parts(answer)
    for piece in pieces:
        yield b"%x\r\n%b\r\n" % (len(piece), piece) if answer.chunked else piece
    if answer.chunked and answer.ending == "keep":
        yield b"0\r\n\r\n"


def _parts(answer: Answer) -> Iterator[bytes]:
    end = int(len(answer.body) * answer.sent)
    for start in range(0, end, 4096):
        yield answer.body[start : min(start + 4096, end)]


def _code(request: Request, answer: Answer) -> None:
    accepted = "gzip" in request.headers.get("accept-encoding", "")
    if accepted and not answer.coded and len(answer.body) > _SMALLEST_GZIP:
        answer.compress()


def _wants_close(request: Request) -> bool:
    return request.headers.get("connection", "").lower() == "close"

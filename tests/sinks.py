"""A mail server and a web server on this machine that keep what they are told."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import StreamRequestHandler, TCPServer, ThreadingTCPServer
from threading import Thread


class MailServer(ThreadingTCPServer):
    """Takes mails; while ``refuses``, none."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Mail)
        self.mails: list[Message] = []
        self.refuses = False

    @property
    def address(self) -> str:
        """The server as the setting ALERT_SERVER names it."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    @property
    def subjects(self) -> list[str]:
        """What the mails are about."""
        return ["".join(str(mail["Subject"]).splitlines()).strip() for mail in self.mails]


class _Mail(StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say(b"220 a sink")
        while line := self.rfile.readline():
            word = line[:4].strip().upper()
            if word == b"RCPT" and self.server.refuses:
                self._say(b"450 not now")
            elif word == b"DATA":
                self._say(b"354 go on")
                self._take()
            else:
                self._say(b"221 bye" if word == b"QUIT" else b"250 fine")

    def _take(self) -> None:
        lines = list(iter(self.rfile.readline, b".\r\n"))
        self.server.mails.append(message_from_bytes(b"".join(lines)))
        self._say(b"250 taken")

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")


class WebServer(HTTPServer):
    """Answers any request with ``status``."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Web)
        self.asked: list[tuple[str, str, str]] = []  # method, path, body
        self.status = 200

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_port}"


class _Web(BaseHTTPRequestHandler):
    server: WebServer

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
        self.server.asked.append((self.command, self.path, body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *told: object) -> None:
        pass


@contextmanager
def serving(server: TCPServer) -> Iterator[None]:
    """Let a server answer within the block."""
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

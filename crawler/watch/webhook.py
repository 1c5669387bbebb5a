"""A POST with a time limit that follows no redirect and reports the response status."""

from collections.abc import Mapping
from contextlib import suppress
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from socket import SHUT_RDWR
from threading import Timer
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPHandler, HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from crawler.system.clock import now

SECONDS = 10.0  # from the connection to the end of the response headers
LONGEST_WAIT = 86_400  # seconds; limit for Retry-After


class NotDelivered(OSError):
    """The receiver did not accept the request; ``wait``: seconds that it asks us to wait."""

    def __init__(self, why: str, wait: float = 0) -> None:
        super().__init__(why)
        self.wait = wait


def post(url: str, data: bytes, headers: Mapping[str, str]) -> None:
    """Send a POST request; raise ``NotDelivered`` unless the status is HTTP 2xx."""
    request = Request(url, data, dict(headers), method="POST")
    try:
        with _OPENER.open(request, timeout=SECONDS):
            pass  # the status is enough; the body may be endless
    except HTTPError as error:
        with error:
            raise NotDelivered(_answered(error), _wait(error)) from error
    except (TimeoutError, URLError) as error:
        why = getattr(error, "reason", error)
        late = isinstance(why, TimeoutError)
        raise NotDelivered(
            f"no response within {SECONDS:.0f} seconds" if late else str(why)
        ) from error
    except (HTTPException, OSError) as error:
        raise NotDelivered(f"invalid HTTP: {error}") from error


def _answered(error: HTTPError) -> str:
    if 300 <= error.code < 400:
        place = error.headers.get("Location", "nowhere")
        return f"HTTP {error.code} to {place}; redirects are not followed; set that URL"
    return f"HTTP {error.code}"


def _wait(error: HTTPError) -> float:
    """Return the seconds in ``Retry-After``, which may be a number or a date; 0 without one."""
    asked = error.headers.get("Retry-After", "")
    if asked.isascii() and asked.isdigit():
        return min(int(asked), LONGEST_WAIT)
    try:
        seconds = parsedate_to_datetime(asked).timestamp() - now().timestamp()
    except ValueError:
        return 0
    return min(max(seconds, 0), LONGEST_WAIT)


class _InTime(HTTPConnection):
    """Closes the connection of a slow response: the socket's timeout limits only each read."""

    def getresponse(self) -> HTTPResponse:
        late = []

        def cut() -> None:
            late.append(True)
            with suppress(OSError):
                self.sock.shutdown(SHUT_RDWR)

        timer = Timer(SECONDS, cut)
        timer.start()
        try:
            return super().getresponse()
        finally:
            timer.cancel()
            if late:
                raise TimeoutError


class _SecureInTime(_InTime, HTTPSConnection):
    pass


class _Plain(HTTPHandler):
    def http_open(self, request: Request) -> HTTPResponse:
        return self.do_open(_InTime, request)


class _Secure(HTTPSHandler):
    def https_open(self, request: Request) -> HTTPResponse:
        return self.do_open(_SecureInTime, request)


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = build_opener(_Plain, _Secure, _NoRedirect)

"""Downloads: how a run that ends cancels them, and why one failed, in words that can be counted."""

import asyncio
import sqlite3
from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.errors import StorageError

told_to_end = object()  # a signal, made as Scrapy makes its own
time_is_up = object()
TIMERS = 1000  # responses after which expired timers are dropped

_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (CannotResolveHostError, "host not found"),
    (DownloadConnectionRefusedError, "connection refused"),
    (DownloadTimeoutError, "timeout"),
    (ResponseDataLossError, "truncated"),
    (DownloadCancelledError, "too large"),
    (UnsupportedURLSchemeError, "unsupported address"),
    (NotSupported, "unsupported address"),
)

ROBOTS_UNAVAILABLE = "robots.txt unavailable"
ELSEWHERE = "redirected to another host"
NOT_REACHED = frozenset({"host not found", "connection refused", "TLS error"})

_REMEDIES = {
    "host not found": "check the address and the machine's DNS",
    "connection refused": "check the address, and whether the site is up",
    "TLS error": "the site's certificate does not hold; do not switch verification off",
    "timeout": "run again later; DOWNLOAD_TIMEOUT sets how long to wait",
    "forbidden by robots.txt": "the site asks crawlers not to fetch this; leave it",
    ROBOTS_UNAVAILABLE: "while it does, nothing may be fetched there; run again later",
    "HTTP 403": "the site refuses; contact its owner and set CONTACT",
}


class LeftAsWork(IgnoreRequest):
    """The run ended before the request was sent, or before its response. A later run sends it."""


class ToldToWait(LeftAsWork):
    """The site asked for a longer pause than a run may take."""


def put_back(crawler: Crawler) -> None:
    """Put requests that wait in the downloader back into the queue, now and from now on."""
    crawler.signals.send_catch_log(told_to_end)
    engine: Any = crawler.engine
    for slot in engine.downloader.slots.values():
        while slot.queue:
            _, waiting = slot.queue.popleft()
            waiting.errback(LeftAsWork("the run ended"))


def break_off(crawler: Crawler) -> None:
    """Cancel running transfers, and put back what has come to wait since."""
    put_back(crawler)
    crawler.signals.send_catch_log(time_is_up)


class Transfers(HTTP11DownloadHandler):
    """Scrapy's own handler, with transfers that can be cancelled. Scrapy would wait for all."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.in_flight: set[asyncio.Task[Any]] = set()  # Scrapy gives each download its own task
        self.ended = 0
        self.is_open = True
        crawler.signals.connect(self.shut, signal=told_to_end)
        crawler.signals.connect(self.break_off, signal=time_is_up)

    def shut(self) -> None:
        """Begin no new transfer. Some requests may still be on their way here."""
        self.is_open = False

    def break_off(self) -> None:
        """Cancel every transfer; its article stays pending."""
        for transfer in self.in_flight:
            transfer.cancel()

    async def download_request(self, request: Request) -> Response:
        """Return the response. Raises ``LeftAsWork`` if the run ends before it arrives."""
        if not self.is_open:
            raise LeftAsWork("the run ended")
        transfer = asyncio.current_task()
        assert transfer is not None
        self.in_flight.add(transfer)
        try:
            return await super().download_request(request)
        except asyncio.CancelledError:
            raise LeftAsWork("the run ended") from None
        finally:
            self.in_flight.discard(transfer)
            self.ended += 1
            if self.ended % TIMERS == 0:
                drop_timers()


def drop_timers() -> None:
    """Let Twisted drop the timers of ended transfers. It keeps them until some timer is due."""
    from twisted.internet import reactor  # importing it earlier would choose a reactor

    clock: Any = reactor
    clock.callLater(0, lambda: None)


def reason_of(failure: Failure) -> str:
    """Return the reason of a failed download. An unknown error is named by its class.

    Raises an archive's own error again: that is not the site's fault.
    """
    error = failure.value
    if isinstance(error, StorageError | sqlite3.Error):
        raise type(error)(*error.args) from error  # Scrapy does not report the same error twice
    if isinstance(error, IgnoreRequest):
        return _ignored(error)
    text = str(error).lower()
    if isinstance(error, DownloadFailedError) and any(
        word in text for word in ("ssl", "tls", "certificate")
    ):
        return "TLS error"
    if isinstance(error, DownloadFailedError):
        return "connection lost"
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return reason
    return type(error).__name__


def _ignored(error: IgnoreRequest) -> str:
    text = str(error)
    if "Forbidden by robots.txt" in text:
        return "forbidden by robots.txt"
    if "max redirections" in text:
        return "redirect loop"
    if "DOWNLOAD_MAXSIZE" in text:
        return "too large"
    return text or "ignored"


def advice(reason: str) -> str:
    """Return what an operator can do about a reason, in brackets, or an empty text."""
    return f" ({_REMEDIES[reason]})" if reason in _REMEDIES else ""

"""Names the reason of a failed request, in a few words that can be counted."""

import sqlite3

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
from twisted.python.failure import Failure

from crawler.errors import StorageError


class LeftAsWork(IgnoreRequest):
    """The run ended before the request was sent, or before its response. A later run sends it."""


class ToldToWait(LeftAsWork):
    """The site asked for a longer pause than a run may take."""


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

_REMEDIES = {
    "host not found": "check the address and the machine's DNS",
    "connection refused": "check the address, and whether the site is up",
    "TLS error": "the site's certificate does not hold; do not switch verification off",
    "timeout": "run again later; DOWNLOAD_TIMEOUT sets how long to wait",
    "forbidden by robots.txt": "the site asks crawlers not to fetch this; leave it",
    ROBOTS_UNAVAILABLE: "while it does, nothing may be fetched there; run again later",
    "HTTP 403": "the site refuses; contact its owner and set CONTACT",
}


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

"""Send a notice by mail, by POST to a URL, or by Apprise to any service that it supports."""

import smtplib
from email.message import EmailMessage
from email.utils import format_datetime
from http.client import HTTPException
from netrc import NetrcParseError, netrc
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from crawler.system.clock import now

SECONDS = 30  # timeout of each connection


def send(to: str, subject: str, text: str, server: str, key: str = "") -> None:
    """Mail a notice to an address, or post its text to a URL; raise ``OSError`` if that fails.

    Other URLs, such as ``discord://...``, are passed to Apprise. ``server``: ``smtp://HOST:PORT``,
    or ``smtps://HOST:PORT`` with the password in ``~/.netrc``. ``key``: goes into the Message-ID,
    so that a mail sent twice has the same.
    """
    if to.startswith(("http://", "https://")):
        fetch(Request(to, text.encode(), {"Title": subject, "Content-Type": "text/plain"}))
    elif "://" in to:
        _hand_over(to, subject, text)
    else:
        _mail(to, subject, text, server, key)


def _hand_over(to: str, subject: str, text: str) -> None:
    from apprise import Apprise  # an optional extra

    service = Apprise()
    if not (service.add(to) and service.notify(title=subject, body=text)):
        raise OSError("the service did not accept it")


def _mail(to: str, subject: str, text: str, server: str, key: str) -> None:
    message = EmailMessage()
    message["To"] = message["From"] = to
    message["Subject"], message["Date"] = subject, format_datetime(now())
    if key:
        message["Message-ID"] = f"<{key}@{to.rpartition('@')[2]}>"
    message.set_content(text)
    address = urlsplit(server)
    kind = smtplib.SMTP_SSL if address.scheme == "smtps" else smtplib.SMTP
    with kind(address.hostname or "", address.port or 0, timeout=SECONDS) as connection:
        if address.scheme == "smtps" and (login := _login(address.hostname or "")):
            connection.login(*login)
        connection.send_message(message)


def ask(url: str) -> None:
    """Send a GET request; raise ``OSError`` if it fails."""
    fetch(Request(url))


def fetch(request: Request) -> bytes:
    """Return the response body; raise ``OSError`` if there is none or its status is an error."""
    try:
        with urlopen(request, timeout=SECONDS) as answer:
            body: bytes = answer.read()
            return body
    except HTTPError:
        raise
    except URLError as error:
        raise OSError(str(error.reason)) from error
    except HTTPException as error:
        raise OSError(f"invalid HTTP: {error}") from error


def _login(host: str) -> tuple[str, str] | None:
    try:
        known = netrc().authenticators(host)
    except FileNotFoundError:
        return None
    except NetrcParseError as error:
        raise OSError(f"~/.netrc: {error}") from error
    return (known[0], known[2]) if known else None

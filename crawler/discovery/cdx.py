"""The index of a web archive: which captures it has of a host, page by page. No I/O here.

Two kinds of servers are in use. The Internet Archive's returns a key to resume by, if a limit was
given (its numbered pages leave captures out). pywb's has no such key, and numbered pages only with
a special index. Both have a limit and a window of time: a window with more captures than the limit
is halved.

Sources: the manuals of the CDX server APIs of the Wayback Machine and of pywb.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec

from crawler.extract.memento import read_stamp, write_stamp
from crawler.warc.record import mime_of

EARLIEST = "19950101000000"  # before the oldest capture of any archive
_SECOND = timedelta(seconds=1)
_GOOD = "200"
_HTML = ("text/html", "application/xhtml+xml")


class NotAnIndex(ValueError):
    """A response is not from an index. The message says what it is instead."""


@dataclass(frozen=True, slots=True)
class CdxEntry:
    """A line of the index: the captured address, the time (14 digits), and the payload's digest."""

    original: str
    stamp: str
    digest: str
    status: str
    mime: str

    @property
    def is_good(self) -> bool:
        """Whether the site returned a page; the page of a revisit has a line of its own."""
        return self.status == _GOOD and self.mime in _HTML


@dataclass(frozen=True, slots=True)
class IndexPage:
    """One response: captures, lines that are none, and the key to continue with, if any."""

    captures: list[CdxEntry]
    garbage: list[str]
    resume: str | None

    @property
    def lines(self) -> int:
        """The number of lines of any kind."""
        return len(self.captures) + len(self.garbage)


def read_index(text: str) -> IndexPage:
    """Read a response in either server's plain form. Raises ``NotAnIndex`` if no line is valid."""
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    # The key stands alone after an empty line. Other empty lines are ignored.
    resume = lines.pop() if lines[-2:-1] == [""] and " " not in lines[-1] else ""
    captures, garbage = [], []
    for line in filter(None, lines):
        try:
            captures.append(read_line(line))
        except ValueError:
            garbage.append(line)
    if garbage and not captures:
        raise NotAnIndex(f"no line of an index, but {garbage[0][:60]!r}")
    return IndexPage(captures, garbage, resume.strip() or None)


def read_line(line: str) -> CdxEntry:
    """Read a line: a key, a timestamp, then fields or JSON. Raises ``ValueError`` otherwise."""
    _, stamp, rest = line.split(None, 2)
    if rest.startswith("{"):
        told: Any = msgspec.json.decode(rest)
        fields = [told.get(name) for name in ("url", "mime", "status", "digest")]
    else:
        fields = list(rest.split()[:4])
    if len(fields) < 4 or not all(isinstance(field, str) and field for field in fields[:1]):
        raise ValueError("fields are missing")
    original, mime, status, digest = (str(field or "-") for field in fields)
    if not original.isprintable() or "." not in original:
        raise ValueError("no address")
    read_stamp(stamp)
    # Without a digest, each capture counts as different.
    known = digest.removeprefix("sha1:") if digest != "-" else stamp
    return CdxEntry(original, stamp, known, status, mime_of(mime))


@dataclass(frozen=True, slots=True)
class Place:
    """The position of a search: the windows of time left, and the key to continue the first one.

    ``windows``: first and last second, both included, 14 digits each.
    """

    windows: tuple[tuple[str, str], ...]
    resume: str | None = None

    @property
    def is_end(self) -> bool:
        """Whether everything was listed."""
        return not self.windows

    def after(self, page: IndexPage, most: int) -> "Place | None":
        """Return the position after a page. None if its window must be halved first."""
        if page.resume:
            if page.resume == self.resume:
                raise NotAnIndex("the same page again and again")
            return replace(self, resume=page.resume)
        if page.lines >= most:
            return None
        return Place(self.windows[1:])

    def halved(self) -> "Place":
        """Return the position with its first window halved; ``NotAnIndex`` if it is too short."""
        (first, last), *others = self.windows
        start, end = read_stamp(first), read_stamp(last)
        if start == end:
            raise NotAnIndex(f"more captures in the second {first} than CDX_LINES")
        middle = start + (end - start) // 2 // _SECOND * _SECOND
        halves = (first, write_stamp(middle)), (write_stamp(middle + _SECOND), last)
        return Place((*halves, *others))


@dataclass(frozen=True, slots=True)
class Query:
    """A query to a CDX server: all good pages of a host, with a limit of lines per response."""

    server: str
    host: str
    most: int

    @property
    def name(self) -> str:
        """The query's name, whatever its position."""
        wanted = {
            "url": self.host,
            "matchType": "host",
            "filter": [f"statuscode:{_GOOD}", "mimetype:text/html"],
        }
        return f"{self.server}?{urlencode(wanted, doseq=True)}"

    def address(self, place: Place) -> str:
        """Return the address of the page at a position."""
        first, last = place.windows[0]
        limits = {"from": first, "to": last, "limit": self.most, "showResumeKey": "true"}
        address = f"{self.name}&{urlencode(limits)}"
        return f"{address}&resumeKey={place.resume}" if place.resume else address


def hosts_to_ask(hosts: frozenset[str]) -> Iterator[str]:
    """Yield the hosts, without those that an index keeps under the name without ``www``."""
    for host in sorted(hosts):
        if not (host.startswith("www.") and host.removeprefix("www.") in hosts):
            yield host


def encode_place(place: Place) -> str:
    """Write a position as text for the ledger."""
    return msgspec.json.encode(place).decode()


def decode_place(text: str) -> Place:
    """Read a position from the ledger's text."""
    return msgspec.json.decode(text, type=Place)

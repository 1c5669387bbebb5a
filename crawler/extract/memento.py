"""Captures in web archives: the address of the original bytes, that for people, the original's.

Source of the addresses: the Internet Archive's Wayback Machine and pywb send the page as it was
received at ``{archive}/{timestamp}id_/{original}``; RFC 7089 calls it a memento.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from crawler.system.clock import FIRST_PAGE, now, rfc3339

if TYPE_CHECKING:
    from crawler.extract.document import Document

_ADDRESS = re.compile(
    r"(?P<root>(?:https?|warc)://.+?)/(?P<stamp>[0-9]{14})(?:[a-z]{2}_)?/(?P<original>.+)",
    re.DOTALL,
)
_ORIGINAL = "x-archive-orig-"  # prefix of the archived response's headers
_RIGHTS = frozenset({"tdm-reservation", "tdm-policy", "x-robots-tag"})

SCHEME = "warc"  # in the addresses of captures that are in a file

AHEAD = timedelta(days=1)  # other clocks may be ahead, or a zone left out


class FalseTime(ValueError):
    """A time of capture that cannot be right: before the web, in the future, or not a time."""

    reason = "capture time that cannot be right"


def check_moment(moment: datetime) -> datetime:
    """Return a time of capture. Raises ``FalseTime`` if it cannot be right."""
    if not FIRST_PAGE <= moment <= now() + AHEAD:
        raise FalseTime(f"{moment.isoformat()} is before the web or in the future")
    return moment


def check_time(time: str) -> str:
    """Return a time of capture in RFC 3339, unchanged. Raises ``FalseTime`` if it is impossible.

    A time without a zone is in UTC.
    """
    try:
        moment = datetime.fromisoformat(time)
    except ValueError:
        raise FalseTime(f"{time!r} is not a time") from None
    check_moment(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    return time


@dataclass(frozen=True, slots=True)
class Memento:
    """A capture.

    ``root``: the address of its archive; ``stamp``: 14 digits, UTC; ``original``: the address as
    archived.
    """

    root: str
    stamp: str
    original: str

    @property
    def taken_at(self) -> str:
        """The time of capture: RFC 3339 in UTC. Raises ``FalseTime`` if it cannot be right."""
        try:
            moment = read_stamp(self.stamp)
        except ValueError as error:
            raise FalseTime(str(error)) from None
        return rfc3339(check_moment(moment))

    @property
    def raw(self) -> str:
        """The address at which the archive sends the page as received."""
        return f"{self.root}/{self.stamp}id_/{self.original}"

    @property
    def shown(self) -> str:
        """The address at which the archive shows it to people, or its file and place there."""
        if self.in_file:
            return f"{SCHEME}:{self.root.rpartition('/')[2]}"
        return f"{self.root}/{self.stamp}/{self.original}"

    @property
    def in_file(self) -> bool:
        """Whether it is in a WARC file on this machine."""
        return self.root.startswith(f"{SCHEME}://")


def read_stamp(stamp: str) -> datetime:
    """Read a web archive's timestamp, 14 digits. Raises ``ValueError`` if it is not a time."""
    if not re.fullmatch("[0-9]{14}", stamp):
        raise ValueError(f"{stamp!r} is not a timestamp of 14 digits")
    return datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def write_stamp(moment: datetime) -> str:
    """Write a time as web archives do: 14 digits, UTC."""
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%S").zfill(14)


def read_memento(address: str, headers: Mapping[str, str]) -> Memento | None:
    """Return the capture that an archive's response has. None if the address is no capture's.

    ``headers``: names in lower case. An archive that sends the nearest capture says so by a
    redirect, or only by ``Memento-Datetime``, which takes precedence.
    """
    match = _ADDRESS.fullmatch(address)
    if match is None:
        return None
    memento = Memento(match["root"], match["stamp"], match["original"])
    try:
        told = parsedate_to_datetime(headers.get("memento-datetime", ""))
        stamp = write_stamp(told.replace(tzinfo=told.tzinfo or UTC))
    except (ValueError, OverflowError):
        return memento
    return replace(memento, stamp=stamp)


def original_document(
    memento: Memento, status: int, headers: Mapping[str, str], body: bytes
) -> Document:
    """Return a captured page as the site sent it, under its own address."""
    from crawler.extract.document import Document

    tells_apart = any(name.startswith(_ORIGINAL) for name in headers)
    kept = {
        name.removeprefix(_ORIGINAL): value
        for name, value in sorted(headers.items(), key=lambda header: _ORIGINAL in header[0])
        if not (tells_apart and name in _RIGHTS)  # it is the archive's own
    }
    return Document(memento.original, status, kept, body)

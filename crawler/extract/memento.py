"""Captures in web archives: where one is fetched as it was, where people see it, what it is of.

Source of the addresses: ``{archive}/{timestamp}id_/{original}`` is what the Internet Archive's
Wayback Machine and pywb answer with the page as it was received; RFC 7089 calls it a memento.
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
    from crawler.extract.page import Document

_ADDRESS = re.compile(
    r"(?P<root>(?:https?|warc)://.+?)/(?P<stamp>[0-9]{14})(?:[a-z]{2}_)?/(?P<original>.+)",
    re.DOTALL,
)
_ORIGINAL = "x-archive-orig-"  # before the name of a header that the archived answer had
_RIGHTS = frozenset({"tdm-reservation", "tdm-policy", "x-robots-tag"})

SCHEME = "warc"  # of the addresses of captures that stand in a file

AHEAD = timedelta(days=1)  # how far the clocks of others may be ahead, or a zone be left out


class FalseTime(ValueError):
    """A moment of capture that cannot be right: before the web, after now, or none at all."""

    reason = "capture time that cannot be right"


def check_moment(moment: datetime) -> datetime:
    """Return a moment of capture; raise ``FalseTime`` if it cannot be right."""
    if not FIRST_PAGE <= moment <= now() + AHEAD:
        raise FalseTime(f"{moment.isoformat()} lies before the web or after now")
    return moment


def check_time(time: str) -> str:
    """Return a time of capture as RFC 3339, as it was; raise ``FalseTime`` if it cannot be right.

    One without a zone is in UTC.
    """
    try:
        moment = datetime.fromisoformat(time)
    except ValueError:
        raise FalseTime(f"{time!r} is no time") from None
    check_moment(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    return time


@dataclass(frozen=True, slots=True)
class Memento:
    """A capture; ``root`` is its archive, ``stamp`` 14 digits of UTC, ``original`` as archived."""

    root: str
    stamp: str
    original: str

    @property
    def taken_at(self) -> str:
        """When it was captured: RFC 3339 in UTC; raises ``FalseTime`` if that cannot be right."""
        try:
            moment = read_stamp(self.stamp)
        except ValueError as error:
            raise FalseTime(str(error)) from None
        return rfc3339(check_moment(moment))

    @property
    def raw(self) -> str:
        """Where the archive answers with the page as it was."""
        return f"{self.root}/{self.stamp}id_/{self.original}"

    @property
    def shown(self) -> str:
        """Where the archive shows it to people, or the name of its file and its place there."""
        if self.in_file:
            return f"{SCHEME}:{self.root.rpartition('/')[2]}"
        return f"{self.root}/{self.stamp}/{self.original}"

    @property
    def in_file(self) -> bool:
        """Whether it stands in a WARC file of this machine."""
        return self.root.startswith(f"{SCHEME}://")


def read_stamp(stamp: str) -> datetime:
    """Read a web archive's timestamp, 14 digits; raise ``ValueError`` if it is no moment."""
    if not re.fullmatch("[0-9]{14}", stamp):
        raise ValueError(f"{stamp!r} is no timestamp of 14 digits")
    return datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def write_stamp(moment: datetime) -> str:
    """Write a moment as web archives do, 14 digits of UTC."""
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%S").zfill(14)


def read_memento(address: str, headers: Mapping[str, str]) -> Memento | None:
    """Tell which capture an archive answered with; None if the address is no capture's.

    ``headers``: names in lower case. Archives that answer with the nearest capture say so by
    redirect, or by ``Memento-Datetime`` alone; that counts.
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
    from crawler.extract.page import Document

    tells_apart = any(name.startswith(_ORIGINAL) for name in headers)
    kept = {
        name.removeprefix(_ORIGINAL): value
        for name, value in sorted(headers.items(), key=lambda header: _ORIGINAL in header[0])
        if not (tells_apart and name in _RIGHTS)  # else it is the archive's own
    }
    return Document(memento.original, status, kept, body)

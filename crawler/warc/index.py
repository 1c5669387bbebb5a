"""Indexes of captures: a table in the ledger, and CDXJ files for replay tools such as pywb.

Source: the formats of pywb and OpenWayback; the key of a line is the URL in SURT form.
"""

import json
import sqlite3
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal

import msgspec

from crawler.extract.memento import FalseTime, read_memento
from crawler.model.article import UNKNOWN, Capture
from crawler.system.files import replace_file
from crawler.warc.record import Original, Record, digest_of, mime_of
from crawler.warc.scan import Scanned
from crawler.warc.surt import surt

# A revisit's payload is in another record, a truncated one is incomplete; a withdrawn record is not
# yet blanked in its file.
Kind = Literal["response", "revisit", "truncated", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRecord:
    """An archived response: its place, its URL, its status and content.

    ``article_id``: None if the request was for no article (a listing, robots.txt). ``code``: digest
    of the code that last read it; None if it was not read. ``version``: the last version read from
    it.
    """

    file: str
    offset: int
    length: int
    kind: Kind
    status: int
    mime: str
    digest: str
    uri: str
    taken_at: str
    article_id: str | None = None
    code: str | None = None
    version: int | None = None

    @property
    def said_at(self) -> str:
        """The time of the site's response: of a web archive's capture, when that was taken."""
        memento = read_memento(self.uri, {})
        try:
            return memento.taken_at if memento else self.taken_at
        except FalseTime:  # no version is read from such a capture
            return self.taken_at

    @property
    def place(self) -> Capture:
        """Its place, in the form used in rows."""
        return Capture(self.file, self.offset, self.length, self.digest)


def capture_record(file: str, found: Scanned) -> CaptureRecord | None:
    """Return the index entry of a record; None if the record is no response.

    Raises ``ValueError`` if the response cannot be parsed, ``KeyError`` if a field is missing.
    """
    record = found.record
    if record is None or record.kind not in ("response", "revisit"):
        return None
    status, headers, body = record.answer
    return CaptureRecord(
        file=file,
        offset=found.offset,
        length=found.length,
        kind=_kind(record),
        status=status,
        mime=mime_of(headers.get("content-type", "")),
        digest=record.fields.get("warc-payload-digest") or digest_of(body),
        uri=record.fields["warc-target-uri"],
        taken_at=record.fields["warc-date"],
        article_id=record.fields.get("x-article-id"),
    )


def _kind(record: Record) -> Kind:
    if record.kind == "revisit":
        return "revisit"
    return "truncated" if "warc-truncated" in record.fields else "response"


_AT_ONCE = 50  # captures per query

_NAMES = tuple(CaptureRecord.__dataclass_fields__)
_values = attrgetter(*_NAMES)
_COLUMNS = ", ".join(_NAMES)
_ADD = f"INSERT INTO capture ({_COLUMNS}) VALUES ({', '.join('?' * len(_NAMES))})"


def _records(rows: Iterable[tuple[Any, ...]]) -> Iterator[CaptureRecord]:
    return (CaptureRecord(**dict(zip(_NAMES, row, strict=True))) for row in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Filters for the captures to read again; without any, all captures.

    ``since``: first day (UTC) of capture. ``layout``: layout that read a version of the article.
    ``guessed``: only captures whose version was read without a layout.
    """

    since: str | None = None
    layout: str | None = None
    ids: tuple[str, ...] = ()
    guessed: bool = False

    @property
    def condition(self) -> tuple[str, list[str]]:
        """The filters as SQL on the columns of ``capture``, with its values."""
        condition, values = "", [each for each in (self.since, self.layout) if each]
        if self.since:
            condition += " AND taken_at >= ?"
        if self.layout:
            condition += (
                " AND EXISTS (SELECT 1 FROM version WHERE version.article_id = capture.article_id "
                "AND layout = ?)"
            )
        if self.guessed:
            condition += (
                " AND EXISTS (SELECT 1 FROM version WHERE version.article_id = capture.article_id "
                f"AND number = capture.version AND layout = '{UNKNOWN}')"
            )
        if self.ids:
            condition += " AND article_id IN (SELECT value FROM json_each(?))"
            values.append(json.dumps(self.ids))
        return condition, values


class CaptureIndex:
    """Reads and writes the table of captures; does not commit."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database
        self._grown = ""  # the file last recorded as grown

    def add(self, capture: CaptureRecord) -> None:
        """Record a capture."""
        self.database.execute(_ADD, _values(capture))
        if capture.file != self._grown:
            self._grown = capture.file
            self.database.execute("INSERT OR IGNORE INTO grown_file VALUES (?)", (capture.file,))

    def knows(self, place: Capture) -> bool:
        """Return whether there is a capture at a place."""
        query = "SELECT EXISTS (SELECT 1 FROM capture WHERE file = ? AND offset = ?)"
        return bool(self.database.execute(query, (place.file, place.offset)).fetchone()[0])

    def original(self, digest: str) -> Original | None:
        """Return a response whose payload has the digest, for a revisit to refer to."""
        row = self.database.execute(
            "SELECT uri, taken_at FROM capture WHERE digest = ? AND kind = 'response' LIMIT 1",
            (digest,),
        ).fetchone()
        return Original(*row) if row else None

    def latest(self, article_id: str) -> Original | None:
        """Return the article's last response with a body."""
        row = self.database.execute(
            "SELECT uri, taken_at FROM capture WHERE article_id = ? AND kind = 'response' "
            "AND status = 200 ORDER BY taken_at DESC LIMIT 1",
            (article_id,),
        ).fetchone()
        return Original(*row) if row else None

    def has(self, article_id: str) -> bool:
        """Return whether there is a capture of the article."""
        row = self.database.execute(
            "SELECT 1 FROM capture WHERE article_id = ? LIMIT 1", (article_id,)
        ).fetchone()
        return row is not None

    def response(self, digest: str) -> CaptureRecord | None:
        """Return a capture that holds the payload with the digest."""
        return next(self._where("digest = ? AND kind = 'response' LIMIT 1", digest), None)

    def picture(self, address: str, moment: str) -> CaptureRecord | None:
        """Return the capture of a picture that is closest to a time, in RFC 3339."""
        return next(self._where(
            "uri = ? AND mime >= 'image/' AND mime < 'image0' AND kind = 'response' AND "
            "status = 200 ORDER BY abs(julianday(taken_at) - julianday(?)) LIMIT 1",
            address, moment,
        ), None)  # fmt: skip

    def numbered(self, number: int) -> CaptureRecord:
        """Return the capture with that row id."""
        return next(self._where("rowid = ?", number))

    def of_article(self, article_id: str) -> list[CaptureRecord]:
        """Return an article's captures in order of time."""
        return list(self._where("article_id = ? ORDER BY taken_at, file, offset", article_id))

    def with_several_addresses(self) -> frozenset[str]:
        """Return the articles with captures of several URLs: several pages, or an API."""
        rows = self.database.execute(
            "SELECT article_id FROM capture WHERE article_id IS NOT NULL AND status = 200 "
            "GROUP BY article_id HAVING min(uri) <> max(uri)"
        )
        return frozenset(article_id for (article_id,) in rows)

    def in_order(self, file: str) -> Iterator[CaptureRecord]:
        """Yield the captures in a file by offset, including withdrawn ones not blanked yet."""
        return self._where("file = ? ORDER BY offset", file)

    def of_file(self, file: str, key: Callable[[str], str] = str) -> Iterator[CaptureRecord]:
        """Yield the captures in a file by a key of their URLs, then by time.

        SQLite sorts them, in temporary files if they are many.
        """
        self.database.create_function("address_key", 1, key, deterministic=True)
        return self._where(
            "kind <> 'withdrawn' AND file = ? ORDER BY address_key(uri), taken_at, offset", file
        )

    def _where(self, condition: str, *values: str | int) -> Iterator[CaptureRecord]:
        rows = self.database.execute(f"SELECT {_COLUMNS} FROM capture WHERE {condition}", values)
        return _records(rows)

    def unread(self, code: str, wanted: Wanted) -> Iterator[CaptureRecord]:
        """Yield the article pages not yet read by this code, in order of capture.

        Only their row ids are held in memory: an open query would let SQLite's log grow with every
        commit.
        """
        condition, values = wanted.condition
        rows = self.database.execute(
            "SELECT rowid FROM capture WHERE article_id IS NOT NULL AND status = 200 "
            f"AND kind IN ('response', 'revisit') AND code IS NOT ?{condition} "
            "ORDER BY taken_at, file, offset",
            (code, *values),
        )
        numbers = array("q", (number for (number,) in rows))
        for start in range(0, len(numbers), _AT_ONCE):
            batch = numbers[start : start + _AT_ONCE]
            listed = ", ".join(map(str, batch))
            yield from list(self._where(f"rowid IN ({listed}) ORDER BY taken_at, file, offset"))

    def was_read(self, capture: CaptureRecord, code: str) -> None:
        """Record which code has read a capture."""
        self.database.execute(
            "UPDATE capture SET code = ? WHERE file = ? AND offset = ?",
            (code, capture.file, capture.offset),
        )

    def tell_version(self, place: Capture, number: int) -> None:
        """Record which version was read from a capture."""
        self.database.execute(
            "UPDATE capture SET version = ? WHERE file = ? AND offset = ?",
            (number, place.file, place.offset),
        )

    def grown_files(self) -> list[str]:
        """Return the files with captures that are missing in the file's index."""
        return [name for (name,) in self.database.execute("SELECT name FROM grown_file")]

    def indexed(self, file: str) -> None:
        """Record that a file's index is complete."""
        self._grown = ""
        self.database.execute("DELETE FROM grown_file WHERE name = ?", (file,))


def write_indexes(captures: CaptureIndex, folder: Path) -> list[str]:
    """Rewrite the index of each file that has grown since; return the files' names.

    The ledger's next commit clears these marks. Memory does not grow with the number of captures.
    Raises ``OSError`` and ``sqlite3.Error``.
    """
    grown = captures.grown_files()
    for name in grown:
        path = folder / f"{name.removesuffix('.warc.gz')}.cdxj"
        replace_file(path, index_lines(captures, name))
        captures.indexed(name)
    return grown


def index_lines(captures: CaptureIndex, file: str) -> Iterator[bytes]:
    """Yield the lines of a file's index."""
    return map(index_line, captures.of_file(file, surt))


def index_line(capture: CaptureRecord) -> bytes:
    """Return the line of a capture in an index (CDXJ)."""
    moment = "".join(sign for sign in capture.taken_at if sign.isdigit())
    told = {
        "url": capture.uri,
        "mime": "warc/revisit" if capture.kind == "revisit" else capture.mime,
        "status": str(capture.status),
        "digest": capture.digest,
        "length": str(capture.length),
        "offset": str(capture.offset),
        "filename": capture.file,
    }
    return f"{surt(capture.uri)} {moment} ".encode() + msgspec.json.encode(told) + b"\n"

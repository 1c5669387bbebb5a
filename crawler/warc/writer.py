"""The raw archive: writes every exchange to WARC files, and reads it back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from uuid import uuid4

from crawler.errors import OutOfReach, StorageError
from crawler.model.article import Capture
from crawler.system.clock import now
from crawler.system.offloaded import MovableFiles
from crawler.warc.index import CaptureIndex, CaptureRecord, Kind
from crawler.warc.record import (
    Exchange,
    Original,
    Record,
    cut_head,
    digest_of,
    read_record,
    write_exchange,
    write_info,
)

# Most that a killed run can leave after a commit: one group, with the largest article's responses.
LONGEST_TAIL = 64_000_000  # bytes
SECONDS_A_DAY = 86_400

_OWN_NAME = re.compile(r"[a-z]+-[0-9]{8}T[0-9]{6}Z-[0-9]{4,}\.warc\.gz")


class WarcFiles(MovableFiles):
    """The WARC files of a folder; complete ones may be moved to other storage."""

    pattern = "*.warc.gz"
    longest_tail = LONGEST_TAIL
    may_be_elsewhere = True

    def _is_too_long(self, path: Path, covered: Mapping[str, int], longest: int) -> bool:
        """Check like the base class; files that our runs cannot have written are never cut."""
        is_ours = _may_be_ours(path.name, covered)
        return not is_ours or super()._is_too_long(path, covered, longest)


def _may_be_ours(name: str, covered: Mapping[str, int]) -> bool:
    """Return whether the last run, which knew the covered files, may have written a file."""
    if not _OWN_NAME.fullmatch(name):
        return False
    newest = max(filter(_OWN_NAME.fullmatch, covered), default=name)
    is_next = name >= newest and name.partition("-")[0] == newest.partition("-")[0]
    return name in covered or is_next


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a run captures.

    ``prefix``: of file names. ``largest``: size in bytes at which a file is full. ``about``:
    content of the warcinfo records. ``code``: digest of the code that reads the responses.
    """

    prefix: str
    largest: int
    about: Mapping[str, str]
    code: str


class Captures:
    """Archives exchanges once a run has set its ``plan``, and reads them back.

    The exchanges of an article are held until its outcome is known, and then written in the same
    commit, so that a killed run leaves both or neither. A file contains captures of one day (UTC).
    """

    def __init__(self, folder: Path, index: CaptureIndex) -> None:
        self.files = WarcFiles(folder)
        self.index = index
        self.plan: Plan | None = None
        self._file = self._info = ""  # the current file, and its warcinfo record
        self._day = 0  # of the current file, in days since 1970
        self._waiting: dict[str, list[Exchange]] = {}
        self._read_from: dict[str, Exchange] = {}

    def take(self, exchange: Exchange) -> None:
        """Archive an exchange with the next commit, or with that of its article."""
        if exchange.article_id is None:
            self._write(exchange, None)
        else:
            self._waiting.setdefault(exchange.article_id, []).append(exchange)

    def keep(self, article_id: str) -> Capture | None:
        """Write the exchanges of an article; return the place of the one it was read from.

        That is the last one, unless ``read_from`` names another.
        """
        waiting, read = self._waiting.pop(article_id, ()), self._read_from.pop(article_id, None)
        place = None
        for exchange in waiting:
            assert self.plan is not None
            written = self._write(exchange, self.plan.code)
            if read is None or exchange is read:
                place = written
        return place

    def read_from(self, article_id: str, exchange: Exchange | None) -> None:
        """Record which exchange an article was read from, if not the last; None changes nothing."""
        if exchange:
            self._read_from[article_id] = exchange

    def keep_all(self) -> None:
        """Write the exchanges of articles that stay pending after the run; none was read."""
        for exchange in [each for some in self._waiting.values() for each in some]:
            self._write(exchange, None)
        self._waiting.clear()

    def _write(self, exchange: Exchange, code: str | None) -> Capture:
        digest = digest_of(exchange.body)
        original = self._original(exchange, digest)
        self._choose_file(exchange.taken_at)
        response, request = write_exchange(exchange, digest, self._info, original)
        file, offset, length = self.files.add(self._file, response)
        if request:
            self.files.add(file, request)
        capture = CaptureRecord(
            file=file,
            offset=offset,
            length=length,
            kind=_kind(exchange, original),
            status=exchange.status,
            mime=exchange.mime,
            digest=digest,
            uri=exchange.uri,
            taken_at=exchange.taken_at,
            article_id=exchange.article_id,
            code=code,
        )
        self.index.add(capture)
        return capture.place

    def _original(self, exchange: Exchange, digest: str) -> Original | None:
        """Return an earlier capture with the same payload, for a revisit; None if there is none."""
        if exchange.status == 304 and exchange.article_id:
            return self.index.latest(exchange.article_id)
        if exchange.body and not exchange.truncated:
            return self.index.original(digest)
        return None

    def _choose_file(self, taken_at: str) -> None:
        """Begin a new file if the current one is full or of another day."""
        assert self.plan is not None
        today = int(now().timestamp()) // SECONDS_A_DAY
        if today != self._day or self.files.lengths.get(self._file, 0) >= self.plan.largest:
            self._file, self._info, self._day = self._newest_or_next(), "", today
        if not self._info:
            self._info = f"<{uuid4().urn}>"
            info = write_info(self._info, taken_at, self._file, self.plan.about)
            self.files.add(self._file, info)

    def _newest_or_next(self) -> str:
        """Return the newest file, if it is here, of today and not full; else a new name."""
        assert self.plan is not None
        stamp = now().strftime("%Y%m%dT%H%M%SZ")
        newest = max(self.files.lengths, default="")
        is_of_today = newest.startswith(f"{self.plan.prefix}-{stamp[:8]}")
        is_full = self.files.lengths.get(newest, 0) >= self.plan.largest
        if is_of_today and not is_full and self.files.is_there(newest):
            return newest
        return self._new_name(f"{self.plan.prefix}-{stamp}")

    def _new_name(self, start: str) -> str:
        names = (f"{start}-{number:04}.warc.gz" for number in count(1))
        return next(name for name in names if name not in self.files.lengths)

    def read(self, place: Capture) -> Record:
        """Return the record at a place; a revisit with the payload of its original.

        Raises ``StorageError``.
        """
        record = self._read(place)
        if record.kind == "metadata":
            raise StorageError(
                f"{self.files.folder / place.file}: the record at byte {place.offset} was withdrawn"
            )
        if record.kind != "revisit":
            return record
        original = self.index.response(place.digest)
        if original is None:
            raise StorageError(
                f"{self.files.folder / place.file}: the revisit at byte {place.offset} refers to a "
                "payload that is not in the archive; restore the files before it from a backup"
            )
        head, _ = cut_head(record.block)
        _, _, body = self._read(original.place).answer
        return Record(record.fields, b"%b\r\n\r\n%b" % (head, body))

    def _read(self, place: Capture) -> Record:
        path = self.files.folder / place.file
        try:
            return read_record(self.files.read_bytes(place.file, place.offset, place.length))
        except FileNotFoundError:
            raise StorageError(f"{path}: is missing; bring it back to read from it") from None
        except OutOfReach:
            raise
        except (OSError, StorageError) as error:
            raise StorageError(
                f"{path}: cannot be read at byte {place.offset} ({error}); restore the file from a "
                "backup"
            ) from error


def _kind(exchange: Exchange, original: Original | None) -> Kind:
    if original:
        return "revisit"
    return "truncated" if exchange.truncated else "response"

"""Links the years of a release that did not change from the previous release.

A year depends on its rows, on the marks that the year before hands on (the texts and stories of its
last two months), and on this code. If none of them changed, its files did not change. The archive's
folder ``release.years`` has the marks. They contain texts, so scrapy withdraw removes the folder.
"""

import gzip
import hashlib
import pickle
import shutil
from array import array
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import cast

import msgspec
from msgspec import Struct

import crawler
from crawler.release.documents.manifest import digest_of, read_sums
from crawler.release.figures import Figures
from crawler.release.files import link
from crawler.release.similarity.marks import Marks
from crawler.store.newest_versions import Place

FOLDER = "release.years"
_CODE = ("model", "release", "store", "text")


class Year(Struct):
    """The record of a year that was written."""

    key: str
    files: dict[str, str]  # with their digests
    figures: Figures
    gone: list[bytes]  # rows
    handed: str  # digest of the marks
    marks: bytes  # for the next year, compressed


_decode = msgspec.msgpack.Decoder(Year).decode
_encode = msgspec.msgpack.Encoder(enc_hook=array.tobytes).encode


class Years:
    """Links years of the previous release into ``out``, and records all years.

    ``known`` is the folder with the earlier records, ``new`` that of the new ones. Raises
    ``UsageError`` if ``previous`` is not a release.
    """

    def __init__(self, known: Path, new: Path, out: Path, previous: Path | None) -> None:
        self._known, self._new, self._out = known, new, out
        self._previous = previous
        self._sums = read_sums(previous) if previous else {}
        self._key = self._handed = ""
        self._taken = b""  # marks of the year before, if it was taken
        new.mkdir()

    def take(self, name: str, places: Iterable[Place]) -> Year | None:
        """Link the files of a year that did not change, and return its record; else None."""
        self._key = self._key_of(places)
        year = self._read(self._known / name)
        if self._previous is None or year is None:
            return None
        # Check all files before linking one: a file that is written again must not be a link.
        if not all(self._is_there(path, digest) for path, digest in year.files.items()):
            return None
        for path in year.files:
            link(self._previous / path, self._out / path)
        shutil.copyfile(self._known / name, self._new / name)
        self._handed, self._taken = year.handed, year.marks
        return year

    def _key_of(self, places: Iterable[Place]) -> str:
        told = hashlib.sha256(f"{code()} {self._handed}".encode())
        for place in places:
            told.update(repr(place).encode())
        return told.hexdigest()

    def _read(self, path: Path) -> Year | None:
        try:
            year = _decode(path.read_bytes())
        except (OSError, msgspec.DecodeError):
            return None
        return year if year.key == self._key else None

    def _is_there(self, path: str, digest: str) -> bool:
        source = (self._previous or Path()) / path
        return self._sums.get(path) == digest and source.is_file() and digest_of(source) == digest

    def handed_on(self, marks: Marks) -> Marks:
        """Return the marks of the year before: ``marks`` unless that year was linked."""
        if self._taken:
            packed, self._taken = self._taken, b""
            return cast(Marks, pickle.loads(gzip.decompress(packed)))
        return marks

    def record(self, name: str, figures: Figures, gone: list[bytes], marks: Marks) -> None:
        """Record a year that was written because ``take`` returned None."""
        paths = [
            *self._out.glob(f"articles/*/{name}.jsonl.gz"),
            self._out / f"links/{name}.jsonl.gz",
        ]
        files = {path.relative_to(self._out).as_posix(): digest_of(path) for path in paths}
        self._handed = hashlib.sha256(_encode(marks)).hexdigest()
        packed = gzip.compress(pickle.dumps(marks), 1)
        year = Year(self._key, files, figures, gone, self._handed, packed)
        (self._new / name).write_bytes(_encode(year))

    def forget(self) -> None:
        """Remove the records."""
        shutil.rmtree(self._known, ignore_errors=True)

    def keep(self) -> None:
        """Keep the records for the next release.

        Without them, as in a read-only archive, the next release writes all years.
        """
        with suppress(OSError):
            if self._known.exists():
                shutil.rmtree(self._known)
            shutil.move(self._new, self._known)


@cache
def code() -> str:
    """Return a digest of the code that writes rows."""
    root, told = Path(crawler.__path__[0]), hashlib.sha256()
    for name in _CODE:
        for path in sorted(root.joinpath(name).rglob("*.py")):
            told.update(path.read_bytes())
    return told.hexdigest()

"""Takes from the previous release what did not change: whole years, and the first months of one.

A year depends on its rows, on the marks that the year before hands on (the texts and stories of its
last month), and on this code. If none of them changed, its files did not change: they are linked.
If only its last months changed, as with a day's news, its files are copied up to there and then
continued. The archive's folder ``release.years`` has the marks. They contain texts, so scrapy
withdraw removes the folder.
"""

import hashlib
import pickle
import shutil
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias, cast

import msgspec
from isal.igzip import IGzipFile
from msgspec import Raw, Struct

import crawler
from crawler.errors import StorageError
from crawler.release.documents.manifest import digest_of, read_sums
from crawler.release.figures import Figures
from crawler.release.files import Begun, RowFile, copy_start, link
from crawler.release.rows import UNDATED
from crawler.release.similarity.marks import Marks

FOLDER = "release.years"
_CODE = ("model", "release", "store", "text")

Months: TypeAlias = Iterable[tuple[str, Iterable[object]]]  # with what their rows depend on


@dataclass(slots=True)
class Carried:
    """A year as far as it is made, apart from finished files.

    ``month``: the last one that is made, empty if none is. ``begun``: its files at the end of it.
    """

    marks: Marks
    figures: Figures = field(default_factory=Figures)
    gone: list[bytes] = field(default_factory=list)  # rows
    month: str = ""
    begun: dict[str, Begun] = field(default_factory=dict)


class Year(Struct):
    """The record of a year that was made."""

    figures: Figures
    gone: list[bytes]
    files: dict[str, str]  # with their digests
    marks: dict[str, str]  # the same, of files in this folder, by the month after which they were
    handed: str  # digest of the last of these marks
    keys: dict[str, str]  # of each month, with all before it
    checkpoints: dict[str, Raw]  # by month


class _Checkpoint(Struct):
    """How far a year was made at the end of a month."""

    figures: Figures
    gone: list[bytes]
    begun: dict[str, Begun]


_decode = msgspec.msgpack.Decoder(Year).decode
_decode_checkpoint = msgspec.msgpack.Decoder(_Checkpoint).decode
_encode = msgspec.msgpack.Encoder(enc_hook=array.tobytes).encode


class Years:
    """Takes years of the previous release into ``out``, and records all years.

    ``known`` is the folder with the earlier records, ``new`` that of the new ones. ``months``
    returns those of a year. From the month ``since`` on, the next release can continue a year at
    the end of each month. Raises ``UsageError`` if ``previous`` is not a release.
    """

    def __init__(
        self,
        known: Path,
        new: Path,
        out: Path,
        previous: Path | None,
        *,
        months: Callable[[str], Months],
        since: str,
    ) -> None:
        self._known, self._new, self._out = known, new, out
        self._previous = previous
        self._sums = read_sums(previous) if previous else {}
        self._months, self._since = months, since
        self.digests: dict[str, str] = {}  # of all files of these years, by path
        self._handed = ""
        self._taken = ""  # the last month of the year before, if that was linked
        self._year: Year | None = None  # as it was recorded
        self._keys: dict[str, str] = {}
        self._marks: dict[str, str] = {}
        self._checkpoints: dict[str, Raw] = {}
        new.mkdir()

    def take(self, name: str) -> Year | None:
        """Link the files of a year that did not change, and return its record; else None."""
        self._keys = dict(self._keys_of(self._months(name)))
        self._year = year = self._read(name)
        if year is None or year.keys != self._keys:
            return None
        for path in year.files:
            link(self._source(path), self._out / path)
        self.digests |= year.files
        for file in (name, *map(_marks_after, year.marks)):
            link(self._known / file, self._new / file)
        self._handed, self._taken = year.handed, next(reversed(year.keys))
        return year

    def _keys_of(self, months: Months) -> Iterator[tuple[str, str]]:
        told = hashlib.sha256(f"{code()} {self._handed}".encode())
        for month, rows in months:
            told.update(_encode(list(rows)))
            yield month, told.hexdigest()

    def _read(self, name: str) -> Year | None:
        """Return the record of a year, if all files that it names are as they were."""
        try:
            year = _decode((self._known / name).read_bytes())
        except (OSError, msgspec.DecodeError):
            return None
        if not all(self._sums.get(path) == digest for path, digest in year.files.items()):
            return None
        files = {self._source(path): digest for path, digest in year.files.items()}
        files |= {self._known / _marks_after(month): each for month, each in year.marks.items()}
        is_whole = all(path.is_file() and digest_of(path) == each for path, each in files.items())
        return year if is_whole else None

    def _source(self, path: str) -> Path:
        return (self._previous or Path()) / path

    def begin(self, marks: Marks) -> Carried:
        """Return the year that ``take`` did not link, as far as it did not change.

        ``marks``: those after the year before, unless that was linked.
        """
        self._marks, self._checkpoints = {}, {}
        before, self._taken = self._taken, ""
        for month in self._unchanged():
            self._keep_checkpoint(month)
        if self._checkpoints:
            return self._continued(next(reversed(self._checkpoints)))
        return Carried(self._marks_after(before) if before else marks)

    def _unchanged(self) -> list[str]:
        """Return the months that did not change and at whose end the year can be continued."""
        year = self._year
        return [
            month
            for month, key in self._keys.items()
            if year and month in year.checkpoints and year.keys[month] == key
        ]

    def _keep_checkpoint(self, month: str) -> None:
        assert self._year is not None
        self._marks[month] = self._year.marks[month]
        self._checkpoints[month] = self._year.checkpoints[month]
        link(self._known / _marks_after(month), self._new / _marks_after(month))

    def _continued(self, month: str) -> Carried:
        made = _decode_checkpoint(self._checkpoints[month])
        for path, begun in made.begun.items():
            copy_start(self._source(path), self._out / path, begun.size)
        figures = Figures()
        figures.add(made.figures)
        return Carried(self._marks_after(month), figures, made.gone, month, made.begun)

    def _marks_after(self, month: str) -> Marks:
        path = self._known / _marks_after(month)
        with IGzipFile(path) as file:  # type: ignore[no-untyped-call]
            try:
                return cast(Marks, _Unpickler(file).load())
            except pickle.UnpicklingError as error:
                raise StorageError(
                    f"{path}: was not written by scrapy release ({error}); remove {self._known}: "
                    "it is made again"
                ) from error

    def end_month(self, month: str, made: Carried, files: Mapping[str, RowFile]) -> None:
        """Record a month so that the next release can continue after it, if it is recent."""
        if month >= self._since:
            begun = {path: file.begun() for path, file in files.items()}
            told = _encode(_Checkpoint(made.figures, made.gone, begun))
            self._checkpoints[month] = Raw(told)
            self._save_marks(month, made.marks)

    def _save_marks(self, month: str, marks: Marks) -> None:
        path = self._new / _marks_after(month)
        with IGzipFile(path, "wb") as file:  # type: ignore[no-untyped-call]
            pickle.dump(marks, file, pickle.HIGHEST_PROTOCOL)
        self._marks[month] = digest_of(path)

    def record(self, name: str, made: Carried) -> None:
        """Record a year that was made because ``take`` returned None."""
        last = next(reversed(self._keys))
        if last not in self._marks:
            self._save_marks(last, made.marks)
        paths = [*self._out.glob(f"articles/*/{name}.jsonl.gz"), self._out / links_of(name)]
        files = {path.relative_to(self._out).as_posix(): digest_of(path) for path in paths}
        self.digests |= files
        self._handed = hashlib.sha256(_encode(made.marks)).hexdigest()
        year = Year(
            made.figures, made.gone, files, self._marks, self._handed, self._keys, self._checkpoints
        )
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


class _Unpickler(pickle.Unpickler):
    """Reads marks only: an archive may come from others, and any other pickle could run code."""

    def find_class(self, module: str, name: str) -> Any:
        if module.startswith("crawler.release.similarity.") or module == "array":
            found = super().find_class(module, name)
            if getattr(found, "__module__", None) == module:  # not what the module imports
                return found
        raise pickle.UnpicklingError(f"it refers to {module}.{name}")


def _marks_after(month: str) -> str:
    """Return the file, beside the records, of the marks after a month."""
    return f"{month or UNDATED}.marks"


def links_of(year: str) -> str:
    """Return the path of a year's links in a release."""
    return f"links/{year}.jsonl.gz"


@cache
def code() -> str:
    """Return a digest of the code that writes rows."""
    root, told = Path(crawler.__path__[0]), hashlib.sha256()
    for name in _CODE:
        for path in sorted(root.joinpath(name).rglob("*.py")):
            told.update(path.read_bytes())
    return told.hexdigest()

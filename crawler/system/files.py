"""Files that survive a power cut: replaced atomically, or growing beside a ledger."""

import errno
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, ClassVar

from crawler.errors import StorageError, UsageError


class GrowingFiles:
    """Data that is collected in memory, then written and synced at the end of its files.

    Only what a commit of the ledger covers is valid: ``settle`` cuts each file back to the length
    in the ledger. A kind of file sets ``pattern`` (the text after ``*`` is the ending of its
    names), ``longest_tail`` (bytes that a killed run can leave beyond a commit), and whether a
    whole file ``may_be_elsewhere``.
    """

    pattern: ClassVar[str]
    longest_tail: ClassVar[int]
    may_be_elsewhere: ClassVar[bool] = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._waiting: dict[str, list[bytes]] = {}
        self.waiting_bytes = 0
        self.lengths: dict[str, int] = {}

    def settle(self, committed: Mapping[str, int], *, closed: bool = False) -> None:
        """Cut every file to its length in the ledger, if ``check`` finds nothing wrong."""
        self.check(committed, closed=closed)
        self.lengths = self._covered(committed)
        for name, size in self._present().items():
            if size > self.lengths.get(name, 0):
                cut(self.folder / name, self.lengths.get(name, 0))

    def check(self, committed: Mapping[str, int], *, closed: bool = False) -> None:
        """Compare the files with the ledger. ``committed``: lengths by file name.

        Raises ``StorageError`` if a file is shorter, or longer than a killed run can leave it: then
        files and ledger do not belong together. A run that ``closed`` the ledger has left nothing.
        """
        longest = 0 if closed else self.longest_tail
        covered, present = self._covered(committed), self._present()
        for name in sorted(present.keys() | covered.keys()):
            if name in present or not self.may_be_elsewhere:
                self._check(name, present.get(name, 0), covered, longest)

    def _covered(self, committed: Mapping[str, int]) -> dict[str, int]:
        return {name: committed[name] for name in committed if Path(name).match(self.pattern)}

    def _present(self) -> dict[str, int]:
        return {path.name: path.stat().st_size for path in self.folder.glob(self.pattern)}

    def _check(self, name: str, present: int, covered: Mapping[str, int], longest: int) -> None:
        path, agency = self.folder / name, self.folder.parent.name
        committed = covered.get(name, 0)
        if present < committed:
            raise StorageError(
                f"{path}: {present} bytes where the ledger has {committed}; restore the file from "
                f"a backup, or continue without the damaged part: scrapy rebuild {agency}"
            )
        if present > committed and self._is_too_long(path, covered, longest):
            raise beyond(path, present - committed)

    def _is_too_long(self, path: Path, covered: Mapping[str, int], longest: int) -> bool:
        """Return whether a file has more beyond the committed length than a killed run leaves."""
        return path.stat().st_size - covered.get(path.name, 0) > longest

    def is_there(self, name: str) -> bool:
        """Return whether a file can be added to: it was not moved, or is still to be written."""
        return name in self._waiting or (self.folder / name).exists()

    def add(self, name: str, data: bytes) -> tuple[str, int, int]:
        """Queue data for the next write. Return its file name, offset and length in bytes."""
        offset = self.lengths.get(name, 0)
        self._waiting.setdefault(name, []).append(data)
        self.lengths[name] = offset + len(data)
        self.waiting_bytes += len(data)
        return name, offset, len(data)

    def write(self) -> dict[str, int]:
        """Write and sync the queued data. Return the new length of each file that grew.

        Raises ``OSError``, also if a file was moved or changed meanwhile: the data would be in
        another place than the index says.
        """
        grown = {}
        for name, waiting in self._waiting.items():
            before = self._check_end(name, self.lengths[name] - sum(map(len, waiting)))
            with (self.folder / name).open("ab") as file:
                file.write(b"".join(waiting))
                file.flush()
                os.fsync(file.fileno())
            if not before:
                sync_folder(self.folder)
            grown[name] = self.lengths[name]
        self._waiting.clear()
        self.waiting_bytes = 0
        return grown

    def _check_end(self, name: str, expected: int) -> int:
        path = self.folder / name
        if expected and not path.exists():
            self._bring_back(path)
        size = path.stat().st_size if path.exists() else 0
        if size != expected:
            raise OSError(f"{path} has {size} bytes where this run had left {expected}")
        return size

    def _bring_back(self, path: Path) -> None:
        """Get a file that was written and is not in the folder, if it is elsewhere."""

    def overwrite(self, name: str, pieces: Mapping[int, bytes]) -> None:
        """Overwrite bytes of a file with as many others. ``pieces``: by offset.

        A reader sees the file before or after this, nothing between. Raises ``OSError``.
        """
        path = self.folder / name
        with replacing(path) as file:
            with path.open("rb") as old:
                shutil.copyfileobj(old, file)
            shutil.copymode(path, file.name)
            for offset, data in pieces.items():
                file.seek(offset)
                file.write(data)

    def read_bytes(self, name: str, offset: int, length: int) -> bytes:
        """Read data back by its place, even if it is not written yet."""
        if name in self._waiting:
            waiting = b"".join(self._waiting[name])
            start = self.lengths[name] - len(waiting)
            if offset >= start:
                return waiting[offset - start :][:length]
        file = os.open(f"{self.folder}/{name}", os.O_RDONLY)
        try:
            return os.pread(file, length, offset)
        finally:
            os.close(file)


def beyond(path: Path, number: int) -> StorageError:
    """Return the error for a file with more bytes than a killed run can have left behind."""
    return StorageError(
        f"{path}: {number} bytes beyond what the ledger covers, more than a killed run can have "
        "left behind; nothing was removed; add them to the ledger by: scrapy rebuild "
        f"{path.parent.parent.name}"
    )


def cut(path: Path, length: int) -> None:
    """Shorten a file, and sync it."""
    with path.open("r+b") as file:
        file.truncate(length)
        os.fsync(file.fileno())


def replace_file(path: Path, parts: Iterable[bytes]) -> int:
    """Write a file so that a reader sees all of it or the old one. Return the number of parts.

    Raises ``OSError``; then the old file stays.
    """
    if not path.name:  # names such as "." and the empty one
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    number = 0
    with replacing(path) as file:
        for number, part in enumerate(parts, 1):  # noqa: B007
            file.write(part)
    return number


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Yield a file to write, which replaces another one at the end of the block."""
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Sync a folder, so that the names of its files survive; syncing a file does not do that."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_file(name: str, path: str | Path, parts: Iterable[bytes]) -> None:
    """Replace a file; raise ``UsageError`` if that fails. ``name`` says what it is for."""
    try:
        replace_file(Path(path), parts)
    except OSError as error:
        raise UsageError(f"{name} {path}: cannot be written ({error.strerror})") from error


def check_writable(name: str, path: str | Path, *, makes_folders: bool = False) -> None:
    """Raise ``UsageError`` unless a file can be written there. ``name`` says what it is for.

    ``makes_folders``: missing folders will be created.
    """
    file = Path(path)
    if not str(path).strip() or file.is_dir():
        raise UsageError(f"{name} {str(path)!r}: expected the name of a file")
    place = file if file.exists() else file.parent
    while makes_folders and not place.exists():
        place = place.parent
    try:
        with file.open("ab") if file.exists() else TemporaryFile(dir=place):
            pass
    except OSError as error:
        raise UsageError(f"{name} {path}: cannot be written ({error.strerror})") from error

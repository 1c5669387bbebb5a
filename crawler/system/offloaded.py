"""Files of an archive that were moved to a bucket: list them, and read them.

``offloaded.json`` in an archive's folder contains the bucket's address, and length and digest of
each moved file. A file is read by its original path: from the folder if it is there, else from the
bucket.

The name of an object contains its digest, so an object never changes:
``journal/<digest>/2026-01.jsonl``.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryFile, gettempdir
from typing import BinaryIO, cast

import msgspec

from crawler.errors import StorageError
from crawler.system.bucket import bucket_at
from crawler.system.files import GrowingFiles, beyond, replace_file

MANIFEST = "offloaded.json"
_BLOCK = 1 << 20  # bytes per request: about 50 captures, and the next one needed often follows
_MOST_BLOCKS = 8
_MOST_COPIES = 64


class Moved(msgspec.Struct, frozen=True):
    """Digest and length of a file when it was moved."""

    sha256: str
    bytes: int

    def object(self, name: str) -> str:
        """Return the name of its object; ``name``: its name in the archive."""
        folder, _, file = name.partition("/")
        return f"{folder}/{self.sha256[:16]}/{file}"


class Manifest(msgspec.Struct):
    """The address of the bucket, and the moved files by their names in the archive.

    ``releases``: whether releases were moved there, too.
    """

    to: str = ""
    files: dict[str, Moved] = {}
    releases: bool = False


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of an archive; empty if nothing was ever moved."""
    path = folder / MANIFEST
    try:
        state = path.stat()
    except FileNotFoundError:
        return Manifest()
    return _read_manifest(path, state.st_mtime_ns, state.st_ino)


@lru_cache(maxsize=4)
def _read_manifest(path: Path, changed: int, number: int) -> Manifest:
    return decode_manifest(path.read_bytes(), str(path))


def decode_manifest(data: bytes, place: str) -> Manifest:
    """Decode a manifest; raise ``StorageError`` if it is invalid."""
    try:
        return msgspec.json.decode(data, type=Manifest)
    except msgspec.DecodeError as error:
        raise StorageError(
            f"{place}: is not a manifest ({error}); restore it from a backup"
        ) from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write an archive's manifest; raises ``OSError``."""
    replace_file(folder / MANIFEST, [encode_manifest(manifest)])


def encode_manifest(manifest: Manifest) -> bytes:
    """Return a manifest as JSON with one line per file."""
    return msgspec.json.format(msgspec.json.encode(manifest, order="sorted"), indent=1) + b"\n"


def name_of(path: Path) -> str:
    """Return a file's name in its archive: ``journal/2026-01.jsonl``."""
    return f"{path.parent.name}/{path.name}"


def _moved(path: Path) -> tuple[str, str, Moved]:
    """Return the bucket, the object's name and its digest; ``FileNotFoundError`` if not moved."""
    manifest = read_manifest(path.parent.parent)
    moved = manifest.files.get(name_of(path))
    if moved is None:
        raise FileNotFoundError(2, "No such file", str(path))
    return manifest.to, moved.object(name_of(path)), moved


def sizes_of(folder: Path, pattern: str) -> dict[str, int]:
    """Return the sizes of the files in one folder of an archive, here or in the bucket."""
    sizes = {}
    for path in folder.glob(pattern):
        with suppress(FileNotFoundError):
            sizes[path.name] = path.stat().st_size
    files = read_manifest(
        folder.parent
    ).files  # only now: no file is missed that is moved meanwhile
    moved = {folder.parent / name: files[name].bytes for name in files}
    elsewhere = (path for path in moved if path.parent == folder and path.match(pattern))
    return {path.name: moved[path] for path in elsewhere} | sizes


def files_in(folder: Path, pattern: str) -> list[Path]:
    """Return the paths of the same files, sorted."""
    return [folder / name for name in sorted(sizes_of(folder, pattern))]


def size_of(path: Path) -> int:
    """Return a file's size; raise ``FileNotFoundError`` if it is neither here nor in the bucket."""
    with suppress(FileNotFoundError):
        return path.stat().st_size
    return _moved(path)[2].bytes


def is_kept(path: Path) -> bool:
    """Return whether a file is in its folder or in the bucket."""
    return path.exists() or is_offloaded(path)


def is_offloaded(path: Path) -> bool:
    """Return whether a file is in the bucket only."""
    return not path.exists() and has_object(path)


def has_object(path: Path) -> bool:
    """Return whether a file has an object in the bucket, even if it is in its folder, too."""
    return name_of(path) in read_manifest(path.parent.parent).files


def open_file(path: Path, *, again: bool = False) -> BinaryIO:
    """Open a file to read; of a file in the bucket, a local copy whose digest was checked.

    ``again``: keep the copy for the next call in this process. Raises ``OSError``, and
    ``StorageError`` if the object cannot be read.
    """
    with suppress(FileNotFoundError):
        return path.open("rb")
    where = _moved(path)
    file = os.fdopen(os.dup(_kept_copy(*where).number), "rb") if again else _copy(*where)
    file.seek(0)
    return file


def _copy(address: str, name: str, moved: Moved) -> BinaryIO:
    with ExitStack() as opened:
        copy = cast(BinaryIO, opened.enter_context(TemporaryFile()))
        try:
            copy.writelines(checked_pieces(address, name, moved))
            copy.flush()
        except OSError as error:
            raise StorageError(
                f"{gettempdir()}: a copy of {address}/{name}, {moved.bytes:,} bytes, cannot be "
                f"written ({error.strerror}); set TMPDIR to a folder with more space"
            ) from error
        opened.pop_all()
    return copy


class _Kept:
    """A local copy, closed when nothing refers to it any more and the cache has dropped it."""

    def __init__(self, copy: BinaryIO) -> None:
        with copy:
            self.number = os.dup(copy.fileno())

    def __del__(self) -> None:
        os.close(self.number)


@lru_cache(maxsize=_MOST_COPIES)
def _kept_copy(address: str, name: str, moved: Moved) -> _Kept:
    return _Kept(_copy(address, name, moved))


def checked_pieces(address: str, name: str, moved: Moved) -> Iterator[bytes]:
    """Yield an object's bytes; raise ``StorageError`` at the end if the digest differs."""
    digest = hashlib.sha256()
    for piece in bucket_at(address).pieces(name, moved.bytes):
        digest.update(piece)
        yield piece
    if digest.hexdigest() != moved.sha256:
        raise changed(address, name, f"sha256 {digest.hexdigest()}", moved.sha256)


def read_at(path: Path, offset: int, length: int) -> bytes:
    """Return a range of a file, shorter at its end. Raises the same errors as ``open_file``."""
    try:
        file = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return _read_moved(*_moved(path), offset, length)
    try:
        return os.pread(file, length, offset)
    finally:
        os.close(file)


def _read_moved(address: str, name: str, moved: Moved, offset: int, length: int) -> bytes:
    end = min(offset + length, moved.bytes)
    first, last = offset // _BLOCK, (end - 1) // _BLOCK
    blocks = [_block(address, name, moved.bytes, number) for number in range(first, last + 1)]
    start = offset - first * _BLOCK
    return b"".join(blocks)[start : start + max(0, end - offset)]


class Ranges:
    """The bytes of a file in the bucket, of which only the blocks that are used are downloaded."""

    def __init__(self, path: Path) -> None:
        self._where = _moved(path)

    def __len__(self) -> int:
        return self._where[2].bytes

    def __getitem__(self, part: slice) -> bytes:
        start, stop, _ = part.indices(len(self))
        return _read_moved(*self._where, start, max(0, stop - start))

    def find(self, sought: bytes, start: int) -> int:
        """Return where the bytes occur first, from ``start`` on, or -1."""
        for offset in range(start, len(self), _BLOCK):
            found = self[offset : offset + _BLOCK + len(sought) - 1].find(sought)
            if found >= 0:
                return offset + found
        return -1


@lru_cache(maxsize=_MOST_BLOCKS)
def _block(address: str, name: str, size: int, number: int) -> bytes:
    length = min(_BLOCK, size - number * _BLOCK)
    block = bucket_at(address).read(name, number * _BLOCK, length)
    if len(block) != length:
        raise changed(address, name, "it is shorter", f"{size} bytes")
    return block


def check_object(path: Path) -> None:
    """Raise ``StorageError`` unless a file's object exists and has the recorded length."""
    address, name, moved = _moved(path)
    size = bucket_at(address).size(name)
    if size is None:
        raise StorageError(f"{address}/{name}: is missing; restore it in the bucket")
    if size != moved.bytes:
        raise changed(address, name, f"{size} bytes", f"{moved.bytes}")


def changed(address: str, name: str, found: str, expected: str) -> StorageError:
    """Return the error for an object that differs from the file that was moved."""
    return StorageError(
        f"{address}/{name}: was changed since it was moved there ({found}, in {MANIFEST} "
        f"{expected}); restore it in the bucket, or the file from a backup"
    )


def bring_back(path: Path) -> bool:
    """Copy a file from the bucket into its folder, to change it; return whether that was needed.

    The object stays until ``drop`` removes it. Raises the same errors as ``open_file``.
    """
    if not is_offloaded(path):
        return False
    replace_file(path, checked_pieces(*_moved(path)))
    return True


class MovableFiles(GrowingFiles):
    """Growing files; those that are complete may be in a bucket."""

    def _present(self) -> dict[str, int]:
        return sizes_of(self.folder, self.pattern)

    def _check(self, name: str, present: int, covered: Mapping[str, int], longest: int) -> None:
        """Check a file like the base class; a file in the bucket cannot be shortened."""
        path, committed = self.folder / name, covered.get(name, 0)
        if present > committed and is_offloaded(path):
            raise beyond(path, present - committed)
        super()._check(name, present, covered, longest)

    def _bring_back(self, path: Path) -> None:
        """Get a file from the bucket: a wrong clock has moved it too early."""
        bring_back(path)

    def read_bytes(self, name: str, offset: int, length: int) -> bytes:
        """Read data by their place: in the folder, in the bucket, or queued to be written."""
        try:
            return super().read_bytes(name, offset, length)
        except FileNotFoundError:
            return read_at(self.folder / name, offset, length)

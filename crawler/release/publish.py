"""Releases in a bucket: put there whole or not at all, and fetched to be read."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler.errors import ArchiveError, StorageError, UsageError
from crawler.release.build import locked, nothing_left
from crawler.release.manifest import SUMS
from crawler.system.bucket import Bucket, bucket_at, is_address
from crawler.system.files import replace_file


@contextmanager
def room_for(out: str, archive: Path) -> Iterator[Path]:
    """Give the folder to build a release in; one for a bucket is gone when the block ends."""
    if not is_address(out):
        yield Path(out)
        return
    bucket = bucket_at(out)
    if bucket.size(SUMS) is not None:
        raise UsageError(f"{out}: a release is there already; choose another address by --out")
    part = archive / "releases" / "upload"
    part.parent.mkdir(parents=True, exist_ok=True)
    lock = part.with_suffix(".lock")
    with locked(lock), nothing_left(part, lock):
        yield part / "release"
        _publish(part / "release", bucket)


def _publish(folder: Path, bucket: Bucket) -> None:
    """Put a release into a bucket; its checksums come last, and make it one.

    Nothing is ever written over: what an interrupted call has left there is the same, or is
    refused.
    """
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    written: list[str] = []
    try:
        for name in [*sorted(files - {SUMS}), SUMS]:
            data = (folder / name).read_bytes()
            if bucket.put_if(name, data, None):
                written.append(name)
            _check(bucket, name, data)
    except BaseException:
        with suppress(ArchiveError):
            _remove(written, bucket)
        raise


def _remove(written: list[str], bucket: Bucket) -> None:
    """Leave nothing of a release that failed, unless another process has completed the same."""
    if SUMS in written or bucket.size(SUMS) is None:
        for name in reversed(written):
            bucket.delete(name)


def _check(bucket: Bucket, name: str, data: bytes) -> None:
    stored = hashlib.sha256()
    for piece in bucket.pieces(name, len(data)):
        stored.update(piece)
    same_length = bucket.size(name) == len(data)
    if not same_length or stored.digest() != hashlib.sha256(data).digest():
        raise StorageError(
            f"{bucket.address}/{name}: is there with other content, of another release or of one "
            "that was interrupted; remove it, or choose another address by --out"
        )


@contextmanager
def local_copy(place: str) -> Iterator[Path]:
    """Give the folder of a release; one in a bucket is fetched, and gone when the block ends."""
    if not is_address(place):
        yield Path(place)
        return
    bucket = bucket_at(place)
    if bucket.size(SUMS) is None:
        raise UsageError(f"{place}: is no whole release ({SUMS} is not there)")
    with TemporaryDirectory() as room:
        folder = Path(room) / bucket.address.rpartition("/")[2]  # what CHANGES.md names it by
        for name in bucket.names():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, bucket.pieces(name, bucket.size(name) or 0))
        yield folder

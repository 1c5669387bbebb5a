"""Releases in a bucket: uploaded completely or not at all, and downloaded to be read."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler.errors import ArchiveError, StorageError, UsageError
from crawler.release.build import locked, nothing_left
from crawler.release.documents.manifest import SUMS
from crawler.release.verify import Verifier
from crawler.system.bucket import Bucket, bucket_at, is_address
from crawler.system.files import replace_file, sync_folder
from crawler.system.offloaded import read_manifest


@contextmanager
def room_for(out: str, archive: Path) -> Iterator[Path]:
    """Yield the folder to build a release in. One for a bucket is uploaded, then removed."""
    if not is_address(out):
        yield Path(out)
        return
    bucket = bucket_at(out)
    if bucket.size(SUMS) is not None:
        raise UsageError(f"{out}: a release is there already; choose another address by --out")
    part = archive / "releases" / "upload"
    part.parent.mkdir(parents=True, exist_ok=True)
    lock = part.with_suffix(".lock")
    with locked(lock), nothing_left(lock, part):
        yield part / "release"
        _publish(part / "release", bucket)


def releases_in(archive: Path) -> list[Path]:
    """Return the whole releases in an archive's folder."""
    return sorted(path.parent for path in (archive / "releases").glob(f"*/{SUMS}"))


def move_release(folder: Path, address: str) -> None:
    """Put a whole release into a bucket, and remove it here; again, if it was interrupted."""
    if bucket_at(address).size(SUMS) is None:
        _check_release(folder, str(folder))
    _publish(folder, bucket_at(address))
    for path in folder.rglob("*"):
        if path.is_file() and path.name != SUMS:
            path.unlink()
    shutil.rmtree(folder)  # with its checksums, by which an interrupted call is completed


def _check_release(folder: Path, place: str) -> None:
    if problem := next(Verifier(folder).problems(), None):
        raise StorageError(f"{place}: {problem}; restore the release, or remove it")


def bring_release_back(address: str, archive: Path) -> Path:
    """Copy a moved release into an archive's folder, and remove its objects; return its folder.

    If it was interrupted, another call completes it. The checksums are removed last, so that the
    release is listed until then.
    """
    bucket, folder = bucket_at(address), archive / "releases" / address.rpartition("/")[2]
    part = folder.parent / "download"
    part.parent.mkdir(parents=True, exist_ok=True)
    lock = part.with_suffix(".lock")
    with locked(lock), nothing_left(lock, part):
        if not folder.exists():
            _download(bucket, part / folder.name)
            _check_release(part / folder.name, address)
            (part / folder.name).rename(folder)
            sync_folder(folder.parent)
        elif not (folder / SUMS).exists() or (folder / SUMS).read_bytes() != bucket.get(SUMS)[0]:
            raise UsageError(f"{folder}: is not the release at {address}; move it elsewhere first")
        _check_release(folder, str(folder))
        for name in sorted(bucket.names(), key=SUMS.__eq__):
            bucket.delete(name)
    return folder


def moved_releases(archive: Path) -> list[str]:
    """Return the addresses of the releases that were moved to where the archive's files are."""
    manifest = read_manifest(archive)
    if not manifest.releases:
        return []
    place, end = f"{manifest.to}/releases", f"/{SUMS}"
    names = bucket_at(place).names()
    return [f"{place}/{name.removesuffix(end)}" for name in names if name.endswith(end)]


def _publish(folder: Path, bucket: Bucket) -> None:
    """Upload a release into a bucket. Its checksums come last, and make it complete.

    Nothing is overwritten: files that an interrupted call has left must be the same, otherwise this
    one fails.
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
    """Remove the files of a release that failed, unless another process has completed it."""
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
    """Yield the folder of a release. One in a bucket is downloaded, and removed at the end."""
    if not is_address(place):
        yield Path(place)
        return
    bucket = bucket_at(place)
    if bucket.size(SUMS) is None:
        raise UsageError(f"{place}: is no whole release ({SUMS} is not there)")
    with TemporaryDirectory() as room:
        folder = Path(room) / bucket.address.rpartition("/")[2]  # its name in CHANGES.md
        _download(bucket, folder)
        yield folder


def _download(bucket: Bucket, folder: Path) -> None:
    for name in bucket.names():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, bucket.pieces(name, bucket.size(name) or 0))

"""Moves complete files from an archive's folder into a bucket, and back."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from crawler.errors import OutOfReach, StorageError, UsageError
from crawler.store.archive import lock_folder
from crawler.store.reader import ArchiveReader
from crawler.store.states import unfinished_withdrawals
from crawler.system.bucket import bucket_at
from crawler.system.clock import now
from crawler.system.files import sync_folder
from crawler.system.offloaded import (
    Manifest,
    Moved,
    bring_back,
    checked_pieces,
    decode_manifest,
    encode_manifest,
    name_of,
    read_manifest,
    write_manifest,
)

SHARED = "manifest.json"  # in the bucket: its files, also for a new disk
FOLDERS = ("warc", "journal", "articles")

_TRIES = 50
_STILL_READ = timedelta(days=31)  # each run compares itself with recent versions
_CHANGED = "SELECT year FROM changed_year WHERE year IS NOT NULL"


class _Known(NamedTuple):
    """The ledger's data: lengths of files, and years whose files will be written again."""

    lengths: dict[str, int]
    changed_years: set[str]


class Offload:
    """Moves complete files of an archive into a bucket; ``say`` gets the progress.

    For each file, under the archive's lock:

    1. The object's name is added to the manifest here, then to the one in the bucket, by a
       conditional write. So the next command, or a withdrawal, knows about anything that a killed
       command leaves in the bucket.
    2. The object is written, and completely read back.
    3. The file is removed only if the digests are equal.

    It stops at an object with the same name and other content, put there by another archive.
    """

    def __init__(self, folder: Path, address: str, say: Callable[[str], None]) -> None:
        self.folder = folder
        self.bucket = bucket_at(address)
        self.say = say
        self.moved = self.moved_bytes = 0

    def work(self) -> None:
        """Move the complete files. Raises ``ArchiveError``; files moved before that stay moved."""
        self.check()
        self._adopt()
        for name in self.finished():
            with lock_folder(self.folder / "lock"):
                if self._is_finished(name, self._ledger()):
                    self._move(name)

    def expect_releases(self, *, expected: bool) -> None:
        """Record whether releases are in the bucket, so that a withdrawal searches them there."""
        self.check()
        if read_manifest(self.folder).releases != expected:
            with lock_folder(self.folder / "lock"):
                self._try_out()
                self._note(lambda manifest: setattr(manifest, "releases", expected))

    def check(self) -> None:
        """Raise ``UsageError`` if files or releases of the archive are in another bucket."""
        present = read_manifest(self.folder)
        if present.releases and present.to != self.bucket.address:
            raise UsageError(
                f"{self.bucket.address}: the archive has releases in {present.to}; use that "
                "address, or bring them back first by: scrapy offload "
                f"{self.folder.name} --back --releases"
            )
        if present.files and present.to != self.bucket.address:
            raise UsageError(
                f"{self.bucket.address}: the archive has files in {present.to} already; name that, "
                f"or bring them back first by: scrapy offload {self.folder.name} --back"
            )

    def finished(self) -> list[str]:
        """Return the names of the files that runs no longer write to.

        These are captures of earlier days, journals up to the month before last and files of
        earlier years, if they match the ledger.
        """
        paths = [path for folder in FOLDERS for path in sorted((self.folder / folder).glob("*"))]
        known = self._ledger()
        return [name for name in map(name_of, paths) if self._is_finished(name, known)]

    def _ledger(self) -> "_Known | None":
        """Return the ledger's data; None if there is no ledger yet, as on a new disk."""
        if not (self.folder / "ledger.sqlite").exists():
            return None
        with ArchiveReader(self.folder, checked=True) as reader:
            if left := unfinished_withdrawals(reader.database):
                raise UsageError(
                    f"{left[0]}: its withdrawal is not complete; first run: scrapy withdraw "
                    f"{left[0]}"
                )
            lengths = dict(reader.database.execute("SELECT name, length FROM file"))
            return _Known(lengths, {y for (y,) in reader.database.execute(_CHANGED)})

    def _is_finished(self, name: str, known: "_Known | None") -> bool:
        folder, _, file = name.partition("/")
        if known is None or not (self.folder / name).exists():
            return False
        if folder == "articles":
            year = file.removesuffix(".jsonl")
            return year.isdecimal() and year < f"{now():%Y}" and year not in known.changed_years
        if (self.folder / name).stat().st_size != known.lengths.get(file):
            return False
        if folder == "journal":
            return file < f"{now() - _STILL_READ:%Y-%m}"
        stamp = file.partition("-")[2]
        return f"{now():%Y%m%d}" > stamp[:8] and stamp[:8].isdecimal()

    def _adopt(self) -> None:
        """Add files of the bucket to the manifest here, if that or the whole disk was lost."""
        known, here = self._ledger(), read_manifest(self.folder).files
        found = {
            name: moved
            for name, moved in self._shared()[0].files.items()
            if name not in here
            and not (self.folder / name).exists()
            and _is_known(name, moved, known)
            and self.bucket.size(moved.object(name)) == moved.bytes
        }
        if not found:
            return
        for folder in FOLDERS:
            (self.folder / folder).mkdir(parents=True, exist_ok=True)
        with lock_folder(self.folder / "lock"):
            self._note(lambda manifest: manifest.files.update(found))
        self.say(f"{len(found)} files that are missing here were found in {self.bucket.address}")

    def bring_all_back(self) -> None:
        """Copy all files back into the archive's folder, and remove their objects."""
        self.check()
        for name in sorted(read_manifest(self.folder).files):
            with lock_folder(self.folder / "lock"):
                bring_back(self.folder / name)
                self.drop(name)
            self.say(f"{name}: brought back")

    def drop_superseded(self) -> None:
        """Remove the objects of files that are in the archive's folder again."""
        for name in sorted(read_manifest(self.folder).files):
            if (self.folder / name).exists():
                self.drop(name)
                self.say(f"{name}: removed from {self.bucket.address}")

    def _move(self, name: str) -> None:
        path = self.folder / name
        moved = Moved(_digest_of(path), path.stat().st_size)
        if read_manifest(self.folder).files.get(name, moved) != moved:
            self.drop(name)
        self._register(name, moved)
        if not self._has(name, moved):
            self.bucket.put(moved.object(name), path)
            self._check(name, moved)
        path.unlink()
        sync_folder(path.parent)
        self.moved += 1
        self.moved_bytes += moved.bytes
        self.say(f"{name}: {moved.bytes:,} bytes moved")

    def _try_out(self) -> None:
        """Raise ``StorageError`` unless a new bucket can be written: then nothing refers to it."""
        if read_manifest(self.folder).to != self.bucket.address:
            self._share(lambda shared: None)

    def _register(self, name: str, moved: Moved) -> None:
        self._try_out()
        self._note(lambda manifest: manifest.files.update({name: moved}))
        self._share(partial(self._add, name=name, moved=moved))

    def _add(self, shared: Manifest, name: str, moved: Moved) -> None:
        if shared.files.get(name, moved) != moved:
            self._note(lambda manifest: manifest.files.pop(name))
            raise UsageError(
                f"{self.bucket.address}/{shared.files[name].object(name)}: another archive has put "
                f"a {name} with other content there; choose another address"
            )
        shared.files[name] = moved

    def drop(self, name: str) -> None:
        """Remove a file's object from the bucket, then from both manifests."""
        moved = read_manifest(self.folder).files[name]
        self.bucket.delete(moved.object(name))
        self._share(partial(_remove, name=name, moved=moved))
        self._note(lambda manifest: manifest.files.pop(name))

    def _has(self, name: str, moved: Moved) -> bool:
        """Return whether a killed command has already written the object."""
        if self.bucket.size(moved.object(name)) != moved.bytes:
            return False
        try:
            self._check(name, moved)
        except OutOfReach:
            raise
        except StorageError:
            return False
        return True

    def _check(self, name: str, moved: Moved) -> None:
        """Read an object back; raise ``StorageError`` if it differs from the file."""
        for _ in checked_pieces(self.bucket.address, moved.object(name), moved):
            pass

    def _note(self, change: Callable[[Manifest], object]) -> None:
        """Change the manifest here."""
        present = read_manifest(self.folder)
        manifest = Manifest(self.bucket.address, dict(present.files), present.releases)
        change(manifest)
        write_manifest(self.folder, manifest)

    def _share(self, change: Callable[[Manifest], object]) -> None:
        """Change the manifest in the bucket; retry if another program changed it meanwhile."""
        for _ in range(_TRIES):
            with self.bucket.alone():
                shared, state = self._shared()
                change(shared)
                if self.bucket.put_if(SHARED, encode_manifest(shared), state):
                    return
        raise OutOfReach(
            f"{self.bucket.address}/{SHARED}: was changed {_TRIES} times meanwhile, or the "
            "service does not support conditional writes; run the same command again"
        )

    def _shared(self) -> tuple[Manifest, dict[str, str] | None]:
        data, state = self.bucket.get(SHARED)
        place = f"{self.bucket.address}/{SHARED}"
        return (decode_manifest(data, place) if state else Manifest()), state


def _is_known(name: str, moved: Moved, known: _Known | None) -> bool:
    """Return whether an object matches this archive; a copy of it may have moved other files."""
    folder, _, file = name.partition("/")
    return known is None or folder == "articles" or known.lengths.get(file) == moved.bytes


def _remove(shared: Manifest, name: str, moved: Moved) -> None:
    if shared.files.get(name) == moved:
        del shared.files[name]


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

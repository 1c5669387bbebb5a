"""Proofs: one Merkle root per day, over all data added to the archive since the previous proof.

    proofs/2026-11-24.json      the root, the covered ranges, and the digest of the previous proof
    proofs/2026-11-24.jsonl.gz  its leaves: each line of the journal, and the record of each capture
    proofs/2026-11-24.json.sig  the operator's signature
    proofs/2026-11-24.json.tsr  the time stamp of an authority

Covered data never move. A leaf contains only a hash, so it does not reveal the text of an article
that was withdrawn since.
"""

import gzip
import hashlib
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import IO, Annotated

import msgspec
from msgspec import Meta, Struct

from crawler.errors import StorageError
from crawler.model.merkle import leaf_hash, levels, root
from crawler.model.merkle import path as neighbours
from crawler.store.archive import lock_folder
from crawler.store.reader import ArchiveReader
from crawler.system.clock import now, rfc3339
from crawler.system.files import replace_file
from crawler.system.offloaded import is_kept, open_file

_encode = msgspec.json.encode
_AT_ONCE = 10_000  # leaves in memory and per gzip member


class Proof(Struct, kw_only=True, forbid_unknown_fields=True):
    """A root and what it covers: for each file, the first byte and the end.

    ``previous``: SHA-256 of the file of the previous proof; None for the first one.
    """

    agency: str
    day: str
    made_at: str
    leaves: Annotated[int, Meta(gt=0)]
    root: str
    previous: str | None
    covered: dict[str, tuple[int, int]]


class Leaf(Struct):
    """The place of a line or record in the archive, and its hash in the tree."""

    file: str
    offset: int
    length: int
    hash: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class Inclusion(Struct):
    """The index of a leaf in a proof, and the hashes from it to the root."""

    day: str
    index: int
    leaf: str
    path: list[str]


_proof = msgspec.json.Decoder(Proof).decode
_leaf = msgspec.json.Decoder(Leaf).decode


class Proofs:
    """The proofs of an archive, oldest first; raises ``StorageError`` if one is damaged.

    ``elsewhere``: WARC files without a proof of their captures, because the files are not here.
    """

    def __init__(self, archive: Path) -> None:
        self.archive = archive
        self.folder = archive / "proofs"
        self.paths = sorted(self.folder.glob("*.json"))
        self.elsewhere: list[Path] = []

    def lock(self) -> IO[str]:
        """Create the folder if necessary, and lock it for making a proof; raise ``Locked``."""
        self.folder.mkdir(exist_ok=True)
        return lock_folder(self.folder / "lock")

    def read(self, path: Path) -> Proof:
        """Read a proof."""
        try:
            return read_proof(path.read_bytes())
        except (OSError, ValueError) as error:
            raise _damaged(path, error) from error

    def leaves(self, path: Path) -> list[Leaf]:
        """Return the leaves of a proof."""
        file = leaves_of(path)
        try:
            with gzip.open(file) as lines:
                return list(map(_leaf, lines))
        except (OSError, EOFError, ValueError) as error:
            raise _damaged(file, error) from error

    def ends(self) -> dict[str, int]:
        """Return the end of the covered bytes of each file."""
        covered = (self.read(path).covered for path in self.paths)
        return {name: end for each in covered for name, (_, end) in each.items()}

    def inclusions(self, wanted: Collection[tuple[str, int]]) -> Iterator[Inclusion]:
        """Yield the inclusions of lines and captures, given by file and offset.

        Raises ``StorageError`` if the leaves of a day do not result in its root.
        """
        for path in self.paths:
            proof = self.read(path)
            covered = proof.covered
            here = {
                (name, offset)
                for name, offset in wanted
                if name in covered and covered[name][0] <= offset < covered[name][1]
            }
            if here:
                leaves = self.leaves(path)
                tree = levels([bytes.fromhex(each.hash) for each in leaves])
                if not leaves or tree[-1][0].hex() != proof.root:
                    raise StorageError(
                        f"{path}: its leaves do not result in its root; restore both from a backup"
                    )
                for index, leaf in enumerate(leaves):
                    if (leaf.file, leaf.offset) in here:
                        way = [each.hex() for each in neighbours(tree, index)]
                        yield Inclusion(path.stem, index, leaf.hash, way)

    def make(self, reader: ArchiveReader, sign: Callable[[bytes], bytes] | None) -> Path | None:
        """Write a proof of the committed data without one; return its path, None if none was made.

        None is made if there are no such data, or if today has a proof. Leaves and signature are
        written first, so a proof under its final name is complete.
        """
        path = self.folder / f"{now().date().isoformat()}.json"
        grown = self._grown(reader)
        if not grown or (self.paths and self.paths[-1] >= path):
            return None
        try:
            hashes: list[bytes] = []
            replace_file(leaves_of(path), self._new_leaves(reader, grown, hashes))
            data = _encode(self._proof(path.stem, hashes, grown))
            signature_of(path).unlink(missing_ok=True)  # left by a killed command
            if sign:
                replace_file(signature_of(path), [sign(data)])
        except BaseException:
            for file in (leaves_of(path), signature_of(path)):
                file.unlink(missing_ok=True)
            raise
        replace_file(path, [data])
        return path

    def _proof(self, day: str, hashes: list[bytes], grown: dict[str, tuple[int, int]]) -> Proof:
        return Proof(
            agency=self.archive.name,
            day=day,
            made_at=rfc3339(now()),
            leaves=len(hashes),
            root=root(hashes).hex(),
            previous=digest_of(self.paths[-1]) if self.paths else None,
            covered=grown,
        )

    def _grown(self, reader: ArchiveReader) -> dict[str, tuple[int, int]]:
        before, grown, places = self.ends(), {}, Places(self.archive)
        for name, length in reader.database.execute("SELECT name, length FROM file ORDER BY name"):
            proved = before.get(name, 0)
            if length < proved:
                raise StorageError(
                    f"{places.path(name)}: {proved} bytes are covered by proofs, but the ledger "
                    f"has {length}; restore both from a later backup"
                )
            if not any(_found(reader, name, proved, length)):
                continue
            if name.endswith(".gz") and not is_kept(places.path(name)):
                self.elsewhere.append(places.path(name))
            else:
                grown[name] = proved, length
        return grown

    def _new_leaves(
        self, reader: ArchiveReader, grown: dict[str, tuple[int, int]], hashes: list[bytes]
    ) -> Iterator[bytes]:
        """Yield the compressed lines of the file of leaves, and collect their hashes."""
        with closing(Places(self.archive)) as places:
            for name, (start, end) in grown.items():
                found = _found(reader, name, start, end)
                while some := list(islice(found, _AT_ONCE)):
                    hashes += (leaf_hash(places.read(name, *place)) for place in some)
                    leaves = zip(some, hashes[-len(some) :], strict=True)
                    lines = (_encode(Leaf(name, *place, each.hex())) for place, each in leaves)
                    yield gzip.compress(b"\n".join([*lines, b""]), 1, mtime=0)


class Places:
    """Reads data from the files of an archive; keeps one file open, so read file by file."""

    def __init__(self, archive: Path) -> None:
        self._archive = archive
        self._name = ""
        self._file: IO[bytes] | None = None

    def path(self, name: str) -> Path:
        """Return the path of a file by its name."""
        return self._archive / ("warc" if name.endswith(".gz") else "journal") / name

    def read(self, name: str, offset: int, length: int) -> bytes:
        """Return the bytes at a place, fewer at the end of the file; raise ``StorageError``."""
        try:
            if self._file is None or name != self._name:
                self.close()
                self._file, self._name = open_file(self.path(name), again=True), name
            return os.pread(self._file.fileno(), length, offset)
        except OSError as error:
            raise StorageError(f"{self.path(name)}: cannot be read ({error.strerror})") from error

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()
            self._file = None


def _found(reader: ArchiveReader, name: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the offset and length of each line or capture that begins in a range of a file."""
    if not name.endswith(".gz"):
        return _lines(reader.journal.folder / name, start, end)
    return reader.database.execute(
        "SELECT offset, length FROM capture WHERE file = ? AND offset >= ? AND offset < ? "
        "AND kind <> 'withdrawn' ORDER BY offset",
        (name, start, end),
    )


def _lines(path: Path, start: int, end: int) -> Iterator[tuple[int, int]]:
    with open_file(path, again=True) as file:
        file.seek(start)
        while start < end and (line := file.readline()):
            yield start, len(line)
            start += len(line)


def read_proof(data: bytes) -> Proof:
    """Decode a proof; raise ``ValueError`` if it is invalid."""
    return _proof(data)


def leaves_of(path: Path) -> Path:
    """Return the path of the file with the leaves of a proof."""
    return path.with_suffix(".jsonl.gz")


def signature_of(path: Path) -> Path:
    """Return the path of the file with the signature of a proof."""
    return path.with_suffix(".json.sig")


def stamp_of(path: Path) -> Path:
    """Return the path of the file with the time stamp of a proof."""
    return path.with_suffix(".json.tsr")


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a proof, with which the next proof refers to it."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _damaged(path: Path, error: Exception) -> StorageError:
    return StorageError(f"{path}: cannot be read ({error}); restore it from a backup")

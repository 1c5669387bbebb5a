"""The proofs: each refers to the previous one, is signed, and matches the data it covers."""

from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

from crawler.errors import OutOfReach, StorageError
from crawler.model.merkle import leaf_hash, root
from crawler.store.journal import read_row
from crawler.store.proofs import Leaf, Places, Proof, Proofs, digest_of, signature_of, stamp_of
from crawler.system.offloaded import is_kept
from crawler.system.signing import NotSigned, signer_of, stamped_at
from crawler.verify.context import SHARE, Context
from crawler.warc.record import read_record


class ProofCheck:
    """Checks every proof and the data it covers: each line, and some or all captures."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.proofs = Proofs(context.folder)
        self._number = context.turn
        self._signers: set[str] = set()
        self._unsigned = self._unstamped = self._unread = 0

    def problems(self) -> Iterator[str]:
        """Yield what is wrong, one line each."""
        for before, path in pairwise([None, *self.proofs.paths]):
            assert path
            try:
                yield from self._check(before, path)
            except OutOfReach:
                raise
            except StorageError as error:
                yield str(error)
        self._note()

    def _check(self, before: Path | None, path: Path) -> Iterator[str]:
        proof = self.proofs.read(path)
        self.context.checked["proofs"] += 1
        if (proof.agency, proof.day) != (self.context.folder.name, path.stem):
            yield f"{path}: is the proof of {proof.day} of {proof.agency}"
        if proof.previous != (digest_of(before) if before else None):
            yield (
                f"{path}: does not follow {before.name if before else 'nothing'}: one of them was "
                "changed, or one between them is missing"
            )
        yield from self._check_signature(path)
        yield from self._check_stamp(path)
        yield from self._check_leaves(path, proof)

    def _check_signature(self, path: Path) -> Iterator[str]:
        signature = signature_of(path)
        if not signature.exists():
            self._unsigned += 1
            return
        try:
            self._signers.add(signer_of(path.read_bytes(), signature.read_bytes()))
        except NotSigned as error:
            yield f"{signature}: is not a valid signature of {path.name} ({error})"

    def _check_stamp(self, path: Path) -> Iterator[str]:
        stamp, known = stamp_of(path), self.context.certificates
        if not stamp.exists():
            self._unstamped += 1
            return
        try:
            self._unread += not stamped_at(path.read_bytes(), stamp.read_bytes(), known)
        except NotSigned as error:
            yield f"{stamp}: is not a valid time stamp of {path.name} ({error})"

    def _check_leaves(self, path: Path, proof: Proof) -> Iterator[str]:
        leaves = self.proofs.leaves(path)
        hashes = [bytes.fromhex(each.hash) for each in leaves]
        if not leaves or (len(leaves), root(hashes).hex()) != (proof.leaves, proof.root):
            yield f"{path}: its {len(leaves)} leaves do not result in its root of {proof.leaves}"
        with closing(Places(self.context.folder)) as places:
            changed: dict[str, list[int]] = {}
            for leaf in leaves:
                if self._is_due(leaf, places) and not self._stands(leaf, places):
                    changed.setdefault(leaf.file, []).append(leaf.offset)
            for name, offsets in changed.items():
                yield (
                    f"{places.path(name)}: {len(offsets)} lines or captures of the proof of "
                    f"{proof.day} were changed or removed, the first at byte {offsets[0]}"
                )

    def _is_due(self, leaf: Leaf, places: Places) -> bool:
        """Return whether a leaf is checked in this call; a WARC file may be kept elsewhere."""
        path = places.path(leaf.file)
        if not self.context.reads(path):
            return False
        if not leaf.file.endswith(".gz"):
            return True
        self._number += 1
        is_turn = self.context.whole or self._number % SHARE == 0
        return is_turn and is_kept(path)

    def _stands(self, leaf: Leaf, places: Places) -> bool:
        self.context.checked["proved lines and captures"] += 1
        data = places.read(leaf.file, leaf.offset, leaf.length)
        return leaf_hash(data).hex() == leaf.hash or _is_withdrawn(leaf, data)

    def _note(self) -> None:
        if self._signers:
            signers = sorted(
                each or "a key that only ssh-keygen can tell" for each in self._signers
            )
            self.context.notes.append(f"proofs are signed by {', '.join(signers)}")
        for number, what in (
            (self._unsigned, "proofs have no signature"),
            (self._unstamped, "proofs have no time stamp"),
            (self._unread, "time stamps of proofs were not checked: set PROOF_AUTHORITY_CA"),
        ):
            if number:
                self.context.notes.append(f"{number:,} {what}")


def _is_withdrawn(leaf: Leaf, data: bytes) -> bool:
    """Return whether the covered data were withdrawn since."""
    try:
        if leaf.file.endswith(".gz"):
            return read_record(data).kind == "metadata"
        return read_row(data).change == "withdrawn"
    except (StorageError, ValueError):
        return False

"""The files in the evidence of an article that prove when its rows and captures existed.

proofs/2026-11-24.json    the proof of a day, with its signature and its time stamp
proofs/inclusion.jsonl    for each line and record, its hashes up to the root of such a day
"""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import msgspec

from crawler.model.merkle import leaf_hash, root_by
from crawler.store.proofs import Inclusion, Proof, Proofs, read_proof, signature_of, stamp_of
from crawler.system.signing import NotSigned, signer_of, stamped_at

WAYS = "proofs/inclusion.jsonl"
_inclusion = msgspec.json.Decoder(Inclusion).decode


def proof_files(proofs: Proofs, wanted: Collection[tuple[str, int]]) -> dict[str, bytes]:
    """Return the files that prove the data at some places; empty without a proof."""
    ways = list(proofs.inclusions(wanted))
    days = {each.day for each in ways}
    paths = [
        file
        for path in proofs.paths
        if path.stem in days
        for file in (path, signature_of(path), stamp_of(path))
        if file.exists()
    ]
    lines = b"".join(msgspec.json.encode(each) + b"\n" for each in ways)
    held = {f"proofs/{file.name}": file.read_bytes() for file in paths}
    return held | {WAYS: lines} if ways else {}


class InclusionCheck:
    """Checks these files; ``proved``: the hashes of data with a valid proof.

    ``certificates``: of the authority; without them time stamps are not checked.
    """

    def __init__(self, files: Mapping[str, bytes], certificates: Path | None) -> None:
        self._files = files
        self._certificates = certificates
        self.proved: set[str] = set()
        self.days: dict[str, Proof] = {}
        self.signers: set[str] = set()
        self.moments: list[str] = []

    def problems(self, data: Collection[bytes]) -> Iterator[str]:
        """Yield what is wrong; ``data``: the lines and records in the evidence."""
        for name in sorted(self._files):
            if name.startswith("proofs/") and name.endswith(".json"):
                yield from self._check_day(Path(name))
        here = {leaf_hash(each).hex() for each in data}
        for number, line in enumerate(self._files.get(WAYS, b"").splitlines(), 1):
            if problem := self._check_way(line, here):
                yield f"{WAYS}: line {number}: {problem}"

    def _check_day(self, path: Path) -> Iterator[str]:
        data = self._files[path.as_posix()]
        try:
            proof = read_proof(data)
        except ValueError as error:
            yield f"{path}: is not a proof ({error})"
            return
        self.days[path.stem] = proof
        if proof.day != path.stem:
            yield f"{path}: is the proof of {proof.day}"
        signature = self._files.get(signature_of(path).as_posix())
        stamp = self._files.get(stamp_of(path).as_posix())
        try:
            if signature is not None:
                self.signers.add(signer_of(data, signature))
            if stamp is not None and (at := stamped_at(data, stamp, self._certificates)):
                self.moments.append(at)
        except NotSigned as error:
            yield f"{path}: its signature or its time stamp is invalid ({error})"

    def _check_way(self, line: bytes, here: Collection[str]) -> str:
        try:
            way = _inclusion(line)
            proof = self.days[way.day]
            leaf, *path = map(bytes.fromhex, (way.leaf, *way.path))
            found = root_by(leaf, way.index, proof.leaves, path).hex()
        except KeyError as error:
            return f"the proof of {error} is not here"
        except ValueError as error:
            return str(error)
        if found != proof.root:
            return f"does not lead to the root of {way.day}"
        if way.leaf not in here:
            return f"data of the proof of {way.day} are missing here, or were changed"
        self.proved.add(way.leaf)
        return ""

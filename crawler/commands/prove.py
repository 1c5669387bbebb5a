"""``scrapy prove``: prove that the archive contains its rows and captures today."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.settings import Settings

from crawler.cli import AgencyCommand, agency_named, certificates, signer
from crawler.errors import SourceFailed, StorageError, UsageError

if TYPE_CHECKING:
    from crawler.store.proofs import Proofs

_MANUAL = """\
Run it once a day: it writes data/AGENCY/proofs/DAY.json, with the Merkle root of all journal lines
and captures added since the previous proof. With PROOF_KEY (an SSH key) it signs the file; with
PROOF_AUTHORITY (URL of a time stamp authority, RFC 3161) and PROOF_AUTHORITY_CA (its certificates,
PEM) it gets a time stamp for it, and for earlier proofs that have none yet.
scrapy verify checks all proofs, and scrapy evidence adds them to the evidence of an article.

examples:
  scrapy prove AGENCY -s PROOF_KEY=$HOME/.ssh/proofs

exit codes: 0 done, or no new data; 2 usage, or the key cannot sign; 3 no time stamp from the
authority; 5 another call has locked the folder; 7 the archive is damaged, or cannot be written"""


class Command(AgencyCommand):
    """Writes the proof of the day, and has it signed and time-stamped."""

    usage = "[options] AGENCY"
    summary = "Prove what the archive has today: a Merkle root, a signature, a time stamp"
    manual = _MANUAL

    after_interrupt = "existing proofs are complete; run it again"

    def work(self, args: list[str], opts: Namespace) -> None:
        """Write the missing proof and time stamps."""
        from crawler.store.proofs import Proofs
        from crawler.store.reader import ArchiveReader

        folder = self.folder(agency_named(self.settings, args))
        sign, confirm = signer(self.settings), _authority(self.settings)
        try:
            with ArchiveReader(folder) as reader, Proofs(folder).lock():
                proofs = Proofs(folder)
                _tell(proofs, proofs.make(reader, sign))
                if confirm:
                    _confirm(Proofs(folder), confirm, self.settings["PROOF_AUTHORITY"])
        except OSError as error:
            raise StorageError(f"{folder / 'proofs'}: cannot be written ({error})") from error


def _authority(settings: Settings) -> Callable[[bytes], bytes] | None:
    """Return the function that requests a time stamp and checks it."""
    from crawler.system.signing import stamp, stamped_at

    authority, known = settings["PROOF_AUTHORITY"], certificates(settings)
    if not authority:
        return None
    if not authority.startswith(("http://", "https://")):
        raise UsageError(f"PROOF_AUTHORITY={authority}: expected a URL: http://...")
    if known is None:
        raise UsageError(
            "PROOF_AUTHORITY_CA is not set: without the authority's certificates no time stamp can "
            "be checked"
        )

    def confirmed(data: bytes) -> bytes:
        answer = stamp(data, authority)
        stamped_at(data, answer, known)
        return answer

    return confirmed


def _tell(proofs: Proofs, made: Path | None) -> None:
    if made is None:
        last = f"the last is {proofs.paths[-1]}" if proofs.paths else "there is nothing to prove"
        print(f"{proofs.archive}: no proof was made; {last}")
        return
    proof = proofs.read(made)
    print(f"{made}: {proof.leaves:,} lines and captures, root {proof.root}")
    for path in proofs.elsewhere:
        print(f"{path}: is not here, so its captures are proved once it is back")


def _confirm(proofs: Proofs, confirm: Callable[[bytes], bytes], authority: str) -> None:
    from crawler.store.proofs import stamp_of
    from crawler.system.files import replace_file
    from crawler.system.signing import NotSigned

    waiting = [path for path in proofs.paths if not stamp_of(path).exists()]
    for number, path in enumerate(waiting):
        data = path.read_bytes()
        try:
            answer = confirm(data)
        except (OSError, NotSigned) as error:
            raise SourceFailed(
                f"PROOF_AUTHORITY={authority}: gave no time stamp ({error}); proofs without one: "
                f"{len(waiting) - number}; the next call tries again"
            ) from error
        replace_file(stamp_of(path), [answer])

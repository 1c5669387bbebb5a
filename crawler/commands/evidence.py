"""``scrapy evidence``: one file that proves the versions of an article."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from crawler.cli import AgencyCommand, agency_named, certificates
from crawler.errors import StorageError, UsageError

_MANUAL = """\
The file is a web archive (WACZ): the lines of the journal, and the responses that they were read
from, byte for byte. ReplayWeb.page and pywb show its pages. --check needs no archive; it prints
each problem on a line.

examples:
  scrapy evidence AGENCY:594021 --out 594021.wacz
  scrapy evidence --check 594021.wacz

exit codes: 0 done; 2 usage, an unknown article, or one without archived responses; 7 the archive
is damaged, or a problem was found"""


class Command(AgencyCommand):
    """Writes the evidence of an article, or checks it."""

    usage = "AGENCY:ID --out FILE.wacz | --check FILE.wacz"
    summary = "Write a web archive of one article that proves its versions; check it"
    manual = _MANUAL

    def add_options(self, parser: ArgumentParser) -> None:
        """Add the options for the file to write or check."""
        super().add_options(parser)
        parser.add_argument("--out", metavar="FILE", help="write the evidence to FILE")
        parser.add_argument("--check", metavar="FILE", help="check the evidence")

    def work(self, args: list[str], opts: Namespace) -> None:
        """Write or check the file."""
        if opts.check is not None and not args and opts.out is None:
            _check(Path(opts.check), certificates(self.settings))
        elif opts.check is None and len(args) == 1 and ":" in args[0] and opts.out is not None:
            self._write(args[0], opts.out)
        else:
            raise UsageError("expected an article and --out FILE, or --check FILE alone")

    def _write(self, article_id: str, out: str) -> None:
        from crawler.evidence.wacz import write_evidence
        from crawler.store.reader import ArchiveReader
        from crawler.system.files import check_writable

        agency = agency_named(self.settings, [article_id.partition(":")[0]])
        check_writable("--out", out)
        with ArchiveReader(self.folder(agency)) as reader:
            written = write_evidence(reader, article_id, Path(out))
        print(
            f"{out}: {written.versions} versions, {written.captures} captures; proved: "
            f"{written.proved or 'none'}"
        )
        for number in written.lacking:
            print(f"the response of version {number} is no longer in the archive")


def _check(path: Path, known: Path | None) -> None:
    from crawler.evidence.check import EvidenceCheck

    check, number = EvidenceCheck(path, known), 0
    for number, problem in enumerate(check.problems(), 1):  # noqa: B007
        print(problem)
    if number:
        what = "1 thing is" if number == 1 else f"{number} things are"
        raise StorageError(f"{path}: {what} wrong; take another copy of it")
    proofs = check.proofs
    print(
        f"{path}: whole; {len(check.rows)} versions, {len(check.captures)} captures; proved: "
        f"{len(proofs.proved) or 'none'}"
    )
    if proofs.days:
        print(f"proofs of {', '.join(proofs.days)}")
        print(f"signed by {', '.join(sorted(proofs.signers)) or 'no key'}")
        print(f"time stamps: {', '.join(proofs.moments) or 'none that could be checked'}")

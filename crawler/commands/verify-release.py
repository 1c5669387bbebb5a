"""``scrapy verify-release``: check that a release is complete and consistent."""

from argparse import Namespace

from crawler.cli import AgencyCommand
from crawler.errors import StorageError, UsageError

_MANUAL = """\
Needs no archive. Prints each problem on a line.

examples:
  scrapy verify-release data/AGENCY/releases/AGENCY-2026-10-01
  scrapy verify-release s3://BUCKET/AGENCY-2026-10-01      fetches it into TMPDIR

exit codes: 0 no problem; 2 usage, or FOLDER is not a release; 7 a problem was found"""


class Command(AgencyCommand):
    """Checks checksums, every row and its hashes, counts and links; needs no archive."""

    usage = "FOLDER"
    summary = "Check a release: its checksums, every row, its counts and links"
    manual = _MANUAL

    def work(self, args: list[str], opts: Namespace) -> None:
        """Print the problems, one line each."""
        # Scrapy loads all commands for each call, so large imports are made here.
        from crawler.release.publish import local_copy
        from crawler.release.verify import Verifier
        from crawler.scaffold.agencies import image_sizes

        if len(args) != 1:
            raise UsageError("expected the folder of a release")
        with local_copy(args[0]) as folder:
            verifier = Verifier(folder, image_sizes(self.settings))
            number = 0
            for problem in verifier.problems():
                print(problem)
                number += 1
        if number:
            what = "1 thing is" if number == 1 else f"{number} things are"
            other = f", or check it with {verifier.made_by}" if verifier.made_by else ""
            raise StorageError(f"{args[0]}: {what} wrong; take another copy of it{other}")
        print(f"{args[0]}: whole; {verifier.rows:,} rows were read")
        if verifier.signer:
            print(f"signed by {verifier.signer}")
        if verifier.skipped_parquet:
            print("parquet/ was not compared with the lines: pyarrow is not installed: make data")
        if verifier.unchecked:
            print(
                f"the content_hash of {verifier.unchecked:,} rows with pictures was not checked: "
                "this project does not know their agency's rules"
            )

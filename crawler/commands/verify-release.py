"""``scrapy verify-release``: whether a release is whole and says what is so."""

from argparse import Namespace
from pathlib import Path

from crawler.cli import AgencyCommand
from crawler.errors import StorageError, UsageError


class Command(AgencyCommand):
    """Checks checksums, every row and its hash, counts and links; needs no archive."""

    def syntax(self) -> str:
        """Return what may stand behind the command's name."""
        return "FOLDER"

    def short_desc(self) -> str:
        """Return the line shown in the list of commands."""
        return "Check a release: its checksums, every row, its counts and links"

    def work(self, args: list[str], opts: Namespace) -> None:
        """Print what is wrong, a line each."""
        # Scrapy loads every command for each: what only this one needs is loaded here.
        from crawler.release.verify import Verifier
        from crawler.scaffold.agencies import image_sizes

        if len(args) != 1:
            raise UsageError("expected the folder of a release")
        assert self.settings is not None
        verifier = Verifier(Path(args[0]), image_sizes(self.settings))
        number = 0
        for problem in verifier.problems():
            print(problem)
            number += 1
        if number:
            what = "1 thing is" if number == 1 else f"{number} things are"
            raise StorageError(f"{args[0]}: {what} wrong; take another copy of it")
        print(f"{args[0]}: whole; {verifier.rows:,} rows were read")
        if verifier.unchecked:
            print(
                f"the content_hash of {verifier.unchecked:,} rows with pictures was not checked: "
                "this project does not know their agency's rules"
            )

"""``scrapy rebuild``: the ledger of an agency, made anew from its journal and captures."""

import sys
from argparse import ArgumentParser, Namespace

from crawler.agency_command import AgencyCommand, agency_named
from crawler.rebuilding import Rebuild

HELP = (
    "Make the ledger of an agency anew from its journal, captures and run reports, when it is "
    "missing, damaged, or older than the journal. The old one stays beside it as "
    "ledger.sqlite.before-rebuild. Marks, pending work and failures are found again by the next "
    "run; articles of which only captures are left, by scrapy reparse. Exit codes: 0 made; 2 "
    "usage; 5 a run holds the data folder; 7 a damaged line or capture, or a disk that cannot be "
    "written: nothing was changed."
)


class Command(AgencyCommand):
    """Rebuilds a ledger; see ``HELP``."""

    def syntax(self) -> str:
        """Return what may stand behind the command's name."""
        return "[--skip-damaged] AGENCY"

    def short_desc(self) -> str:
        """Return the line shown in the list of commands."""
        return "Make an agency's ledger anew from its journal and captures"

    def long_desc(self) -> str:
        """Return the manual."""
        return HELP

    def add_options(self, parser: ArgumentParser) -> None:
        """Add what to do with damaged lines."""
        super().add_options(parser)
        parser.add_argument(
            "--skip-damaged",
            action="store_true",
            help="leave out what is damaged, and name it",
        )

    def work(self, args: list[str], opts: Namespace) -> None:
        """Rebuild, and say what was made."""
        assert self.settings is not None
        folder = self.folder(agency_named(self.settings, args))
        try:
            Rebuild(folder, _say, skip_damaged=opts.skip_damaged).make()
        except KeyboardInterrupt:
            print("scrapy rebuild: interrupted before it was done; begin again", file=sys.stderr)
            self.exitcode = 130


def _say(line: str) -> None:
    print(line, flush=True)

"""``scrapy rebuild``: the ledger of an agency, made anew from its journal."""

import argparse
import sys
from pathlib import Path
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.spiderloader import get_spider_loader

from crawler.errors import ArchiveError, UsageError
from crawler.rebuilding import Rebuild

HELP = (
    "Make the ledger of an agency anew from its journal and run reports, when it is missing, "
    "damaged, or older than the journal. The old one stays beside it as "
    "ledger.sqlite.before-rebuild. Marks, pending work and failures are found again by the next "
    "run. Exit codes: 0 made; 2 usage; 5 a run holds the data folder; 7 a damaged line, or a disk "
    "that cannot be written: nothing was changed."
)


class Command(ScrapyCommand):
    """Rebuilds a ledger; see ``HELP``."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """Return what may stand behind the command's name."""
        return "[--skip-damaged] AGENCY"

    def short_desc(self) -> str:
        """Return the line shown in the list of commands."""
        return "Make an agency's ledger anew from its journal"

    def long_desc(self) -> str:
        """Return the manual."""
        return HELP

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add what to do with damaged lines."""
        super().add_options(parser)
        parser.add_argument(
            "--skip-damaged", action="store_true", help="name damaged lines and leave them out"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Rebuild, say what was made, and set the exit code."""
        try:
            folder = self._folder(args)
            Rebuild(folder, _say, skip_damaged=opts.skip_damaged).make()
        except ArchiveError as error:
            print(f"scrapy rebuild: {error}", file=sys.stderr)
            self.exitcode = error.exit_code
        except KeyboardInterrupt:
            print("scrapy rebuild: interrupted before it was done; begin again", file=sys.stderr)
            self.exitcode = 130

    def _folder(self, args: list[str]) -> Path:
        assert self.settings is not None
        agencies = sorted(get_spider_loader(self.settings).list())
        if len(args) != 1 or args[0] not in agencies:
            raise UsageError(f"expected one agency; there are: {', '.join(agencies)}")
        return Path(self.settings["DATA_DIR"]) / args[0]


def _say(line: str) -> None:
    print(line, flush=True)

"""``scrapy runspider``: says what runs a spider here."""

from argparse import Namespace

from crawler.cli import AgencyCommand
from crawler.errors import UsageError


class Command(AgencyCommand):
    """Refuses: a run of Scrapy's own checks nothing beforehand, and ends without an exit code."""

    def short_desc(self) -> str:
        """Return the line shown in the list of commands."""
        return "Use crawl instead: it checks what is asked for, and ends with an exit code"

    def work(self, args: list[str], opts: Namespace) -> None:
        """Say what to use."""
        raise UsageError("a spider of this project is run by: scrapy crawl AGENCY")

"""``scrapy genspider``: says what makes a spider here."""

from argparse import Namespace

from crawler.cli import AgencyCommand
from crawler.errors import UsageError


class Command(AgencyCommand):
    """Refuses: Scrapy's templates know nothing of agencies."""

    def short_desc(self) -> str:
        """Return the line shown in the list of commands."""
        return "Use newagency instead: it writes spider, page class, saved page and test"

    def work(self, args: list[str], opts: Namespace) -> None:
        """Say what to use."""
        raise UsageError(
            "a spider of this project is written by: scrapy newagency NAME URL "
            "(docs/adding-an-agency.md)"
        )

"""``scrapy genspider``: refers to the command that creates a spider here."""

from argparse import Namespace

from crawler.cli import AgencyCommand
from crawler.errors import UsageError


class Command(AgencyCommand):
    """Refuses, because Scrapy's templates do not fit this project."""

    def short_desc(self) -> str:
        """Return the text for the list of commands."""
        return "Use newagency instead: it writes spider, page class, saved page and test"

    def work(self, args: list[str], opts: Namespace) -> None:
        """Name the command to use."""
        raise UsageError(
            "a spider of this project is written by: scrapy newagency NAME URL "
            "(docs/adding-an-agency.md)"
        )

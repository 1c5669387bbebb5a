"""``scrapy agencies``: whose articles can be crawled, and how well that is known."""

from argparse import Namespace

from crawler.cli import AgencyCommand
from crawler.errors import UsageError
from crawler.scaffold.agencies import agencies, table


class Command(AgencyCommand):
    """Lists the agencies there are spiders for."""

    def short_desc(self) -> str:
        """Return the line shown in the list of commands."""
        return "List the agencies: what they were checked against, editions, layouts, roads"

    def work(self, args: list[str], opts: Namespace) -> None:
        """Print the list."""
        assert self.settings is not None
        if args:
            raise UsageError(f"expected no argument, not {args[0]!r}")
        print("\n".join(table(list(agencies(self.settings)))))

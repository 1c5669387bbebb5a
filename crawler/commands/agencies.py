"""``scrapy agencies``: the agencies that can be crawled, and how well they were checked."""

from argparse import Namespace

from crawler.cli import AgencyCommand
from crawler.errors import UsageError

_MANUAL = """\
examples:
  scrapy agencies

exit codes: 0 done; 2 usage"""


class Command(AgencyCommand):
    """Lists the agencies that have a spider."""

    summary = "List the agencies: how each was checked, editions, layouts, sources"
    manual = _MANUAL

    def work(self, args: list[str], opts: Namespace) -> None:
        """Print the list."""
        from crawler.scaffold.agencies import agencies, table

        if args:
            raise UsageError(f"expected no argument, not {args[0]!r}")
        print("\n".join(table(list(agencies(self.settings)))))

"""``scrapy rebuild``: create an agency's ledger again from its journal and captures."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from crawler.cli import AgencyCommand, spider_named
from crawler.errors import UsageError

if TYPE_CHECKING:
    from crawler.maintenance.rediscover import Rediscovery

_MANUAL = """\
Use it if the ledger is missing, damaged, or older than the journal. The old ledger stays beside
the new one as ledger.sqlite.before-rebuild. The command reads again, from the captures of lists
and feeds, which source listed which article. The next run finds again how far lists were read,
pending articles and failures. scrapy reparse finds articles of which only captures exist.

examples:
  scrapy rebuild AGENCY
  scrapy rebuild AGENCY --skip-damaged    leaves damaged lines and captures out, and names them

exit codes: 0 done; 2 usage; 5 a run holds the data folder; 7 a damaged line or capture, or a
file that cannot be written: nothing was changed; 130 interrupted: nothing was changed"""


class Command(AgencyCommand):
    """Rebuilds a ledger."""

    usage = "[--skip-damaged] AGENCY"
    summary = "Make a lost or damaged ledger again, from journal and captures"
    manual = _MANUAL

    after_interrupt = "nothing was changed; run it again"

    def add_options(self, parser: ArgumentParser) -> None:
        """Add the option for damaged lines."""
        super().add_options(parser)
        parser.add_argument(
            "--skip-damaged",
            action="store_true",
            help="leave out damaged lines and captures, and list them; move these lines to a file",
        )

    def work(self, args: list[str], opts: Namespace) -> None:
        """Rebuild the ledger, and print a summary."""
        from crawler.maintenance.rebuild import Rebuild

        agency, sources = self._sources(args)
        folder = self.folder(agency)
        Rebuild(folder, _say, skip_damaged=opts.skip_damaged, sources=sources).make()

    def _sources(self, args: list[str]) -> tuple[str, Rediscovery | None]:
        """Return the agency, and its sources; a ledger can be made without them."""
        from crawler.maintenance.rediscover import Rediscovery
        from crawler.scaffold.agencies import listings, without_run

        try:
            spider = without_run(spider_named(self.settings, args), self.settings)
            lists = [one for _, one in listings(type(spider), self.settings)]
        except UsageError:
            raise
        except Exception as error:  # any error of the agency's module
            if len(args) != 1 or not self.folder(args[0]).is_dir():
                raise UsageError(
                    f"expected an agency; no spider can be loaded ({error})"
                ) from error
            _say(
                f"{args[0]}: its spider cannot be loaded ({type(error).__name__}: {error}); the "
                "ledger will not know which source saw which article"
            )
            return args[0], None
        return spider.name, Rediscovery(lists, spider.site, spider.rules)


def _say(line: str) -> None:
    print(line, flush=True)

"""``scrapy rebuild``: the ledger of an agency, made anew from its journal and captures."""

from argparse import ArgumentParser, Namespace

from crawler.cli import AgencyCommand, spider_named
from crawler.errors import UsageError
from crawler.maintenance.rebuild import Rebuild
from crawler.maintenance.rediscover import Rediscovery
from crawler.scaffold.agencies import listings, without_run

HELP = (
    "Make the ledger of an agency anew from its journal, captures and run reports, when it is "
    "missing, damaged, or older than the journal. The old one stays beside it as "
    "ledger.sqlite.before-rebuild. Which source saw which article is read again from the captures "
    "of lists and feeds. Marks, pending work and "
    "failures are found again by the next run; articles of which only captures are left, by "
    "scrapy reparse. Exit codes: 0 made; 2 "
    "usage; 5 a run holds the data folder; 7 a damaged line or capture, or a disk that cannot be "
    "written: nothing was changed."
)


class Command(AgencyCommand):
    """Rebuilds a ledger; see ``HELP``."""

    after_interrupt = "nothing was changed; run it again"

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
            help="leave out what is damaged, and name it; lines are moved into a file beside",
        )

    def work(self, args: list[str], opts: Namespace) -> None:
        """Rebuild, and say what was made."""
        agency, sources = self._sources(args)
        folder = self.folder(agency)
        Rebuild(folder, _say, skip_damaged=opts.skip_damaged, sources=sources).make()

    def _sources(self, args: list[str]) -> tuple[str, Rediscovery | None]:
        """Return the agency, and its lists; a ledger can be made without them."""
        assert self.settings is not None
        try:
            spider = without_run(spider_named(self.settings, args), self.settings)
            lists = [one for _, one in listings(type(spider), self.settings)]
        except UsageError:
            raise
        except Exception as error:  # whatever a module of an agency does when it is loaded
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

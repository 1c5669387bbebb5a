"""``scrapy preview``: the row that can be read from one page of any site."""

from argparse import ArgumentParser, Namespace

from crawler.cli import AgencyCommand
from crawler.errors import UsageError

_MANUAL = """\
The page is fetched once, as politely as in a crawl, and nothing is recorded. A known agency's
page is read as in a crawl; other pages by what articles of all sites have in common.

examples:
  scrapy preview https://www.example.org/news/a-story
  scrapy preview https://www.example.org/news/a-story --file saved.html --zone Asia/Tashkent

exit codes: 0 done; 1 the page cannot be fetched, or no article can be read from it; 2 usage"""


class Command(AgencyCommand):
    """Prints the row of a page."""

    usage = "[options] URL"
    summary = "Print the row that can be read from an article of any site"
    after_interrupt = "nothing was recorded"
    manual = _MANUAL

    def add_options(self, parser: ArgumentParser) -> None:
        """Add the options for page and time zone."""
        super().add_options(parser)
        parser.add_argument("--file", help="read the page from FILE; nothing is fetched")
        parser.add_argument(
            "--zone", help="the zone of times that name none, such as Asia/Tashkent (default: none)"
        )

    def work(self, args: list[str], opts: Namespace) -> None:
        """Print the row."""
        from crawler.scaffold.fetch import look

        if len(args) != 1:
            raise UsageError("expected the address of an article; see scrapy preview -h")
        given = {"url": args[0], "file": opts.file, "zone": opts.zone}
        print(look(self.settings, {name: value for name, value in given.items() if value}))

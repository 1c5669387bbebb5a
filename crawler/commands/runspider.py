"""``scrapy runspider``: run a spider in a single file; ``crawl`` runs those of agencies."""

from argparse import Namespace

from scrapy import Spider
from scrapy.commands.runspider import Command as ScrapyCommand
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError as BadFile

from crawler.cli import PlainCommand
from crawler.errors import UsageError


class Command(PlainCommand, ScrapyCommand):
    """Scrapy's own command, without access to the archive."""

    requires_crawler_process = True
    after_interrupt = "the archive was not touched"

    def work(self, args: list[str], opts: Namespace) -> None:
        """Run Scrapy's command."""
        try:
            ScrapyCommand.run(self, args, opts)
        except BadFile as error:
            problem = " ".join(str(error).split()) or "expected the file of a spider"
            raise UsageError(problem) from error

    def _create_crawler(self, spidercls: type[Spider] | str) -> Crawler:
        from crawler.crawl.spider import AgencySpider

        crawler = super()._create_crawler(spidercls)
        if issubclass(crawler.spidercls, AgencySpider):  # its settings were not checked before
            raise UsageError("a spider of this project is run by: scrapy crawl AGENCY")
        return crawler

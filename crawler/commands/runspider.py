"""``scrapy runspider``: a spider in a file of its own; those of agencies are run by ``crawl``."""

from argparse import Namespace

from scrapy import Spider
from scrapy.commands.runspider import Command as ScrapyCommand
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError as BadFile

from crawler.cli import PlainCommand
from crawler.errors import UsageError


class Command(PlainCommand, ScrapyCommand):
    """Scrapy's own command, kept away from the archive."""

    requires_crawler_process = True
    after_interrupt = "the archive was not touched"

    def work(self, args: list[str], opts: Namespace) -> None:
        """Do what Scrapy does."""
        try:
            ScrapyCommand.run(self, args, opts)
        except BadFile as error:
            problem = " ".join(str(error).split()) or "expected the file of a spider"
            raise UsageError(problem) from error

    def _create_crawler(self, spidercls: type[Spider] | str) -> Crawler:
        from crawler.crawl.spider import AgencySpider

        crawler = super()._create_crawler(spidercls)
        if issubclass(crawler.spidercls, AgencySpider):  # nothing of it was checked beforehand
            raise UsageError("a spider of this project is run by: scrapy crawl AGENCY")
        return crawler

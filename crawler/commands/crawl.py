"""``scrapy crawl``, with the arguments checked before a crawler exists."""

import argparse
import logging
import sys
from pathlib import Path

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.spiderloader import SpiderLoaderProtocol

from crawler.archive import Archive
from crawler.arguments import MANUAL, parse_arguments
from crawler.contact import name_contact
from crawler.errors import ArchiveError, UsageError
from crawler.spider import AgencySpider

EXIT_CODES = {
    0: "fine",
    1: "a fault of ours, or sums that do not balance",
    2: "usage or configuration",
    3: "finished, but a road failed or too many articles did",
    5: "another run holds the data folder",
    6: "blocked or refused by the site, or told to wait too long",
    7: "storage failed",
}

# Scrapy's own start-up lines; what matters of them stands in the run report.
QUIET = ("scrapy.middleware", "scrapy.crawler", "scrapy.addons", "scrapy.utils.log")


class Command(ScrapyCrawl):
    """Runs a spider; see ``long_desc``."""

    def short_desc(self) -> str:
        """Return the command's line in the list of commands."""
        return "Crawl an agency into its archive"

    def long_desc(self) -> str:
        """Return the command's help: arguments with examples, and exit codes."""
        arguments = "; ".join(f"-a {name}={example}" for name, example in MANUAL.items())
        codes = "; ".join(f"{code} {meaning}" for code, meaning in EXIT_CODES.items())
        return f"Crawl an agency. Arguments: {arguments}. Exit codes: {codes}."

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check what was asked for, crawl, and set the exit code."""
        assert self.settings is not None
        try:
            spider_class = self._spider_class(args)
            parse_arguments(opts.spargs, spider_class.rules)
            archive = Archive(Path(self.settings["DATA_DIR"]) / spider_class.name)
        except ArchiveError as error:
            print(f"scrapy crawl: {error}", file=sys.stderr)
            self.exitcode = error.exit_code
            return
        name_contact(self.settings)
        for name in QUIET:
            logging.getLogger(name).setLevel(logging.WARNING)
        self._crawl(spider_class, archive, opts)

    def _spider_class(self, args: list[str]) -> type[AgencySpider]:
        loader = self._loader()
        agencies = ", ".join(sorted(loader.list()))
        if len(args) != 1:
            raise UsageError(f"expected one agency; there are: {agencies}")
        try:
            spider_class = loader.load(args[0])
        except KeyError:
            raise UsageError(f"no agency {args[0]!r}; there are: {agencies}") from None
        assert issubclass(spider_class, AgencySpider)
        return spider_class

    def _loader(self) -> SpiderLoaderProtocol:
        assert self.crawler_process is not None
        return self.crawler_process.spider_loader

    def _crawl(
        self, spider_class: type[AgencySpider], archive: Archive, opts: argparse.Namespace
    ) -> None:
        assert self.crawler_process is not None
        crawler = self._create_crawler(spider_class)
        self.crawler_process.crawl(crawler, archive=archive, **opts.spargs)
        self.crawler_process.start()
        spider = crawler.spider
        if self.crawler_process.bootstrap_failed or not isinstance(spider, AgencySpider):
            self.exitcode = 1
        else:
            self.exitcode = spider.exit_code

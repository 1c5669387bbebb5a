"""``scrapy shell``: try selectors on a page; nothing is recorded."""

from argparse import Namespace

from scrapy.commands.shell import Command as ScrapyCommand

from crawler.cli import LookCommand


class Command(LookCommand, ScrapyCommand):
    """Scrapy's own command, without access to the archive."""

    def run(self, args: list[str], opts: Namespace) -> None:
        """Run Scrapy's command; the console handles Ctrl-C."""
        self.work(args, opts)

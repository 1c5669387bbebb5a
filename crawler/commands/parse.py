"""``scrapy parse``: the row read from an agency's page; nothing is recorded."""

from argparse import Namespace

from scrapy.commands.parse import Command as ScrapyCommand

from crawler.cli import LookCommand


class Command(LookCommand, ScrapyCommand):
    """Scrapy's own command, without access to the archive."""

    def work(self, args: list[str], opts: Namespace) -> None:
        """Run Scrapy's command."""
        ScrapyCommand.run(self, args, opts)

"""``scrapy parse``: the row that an agency's page gives; a look, which records nothing."""

from argparse import Namespace

from scrapy.commands.parse import Command as ScrapyCommand

from crawler.cli import LookCommand


class Command(LookCommand, ScrapyCommand):
    """Scrapy's own command, kept away from the archive."""

    def work(self, args: list[str], opts: Namespace) -> None:
        """Do what Scrapy does."""
        ScrapyCommand.run(self, args, opts)

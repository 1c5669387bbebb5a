"""``scrapy check``: the contracts of spiders; a look, which records nothing."""

from argparse import Namespace

from scrapy.commands.check import Command as ScrapyCommand

from crawler.cli import LookCommand


class Command(LookCommand, ScrapyCommand):
    """Scrapy's own command, kept away from the archive."""

    def work(self, args: list[str], opts: Namespace) -> None:
        """Do what Scrapy does."""
        ScrapyCommand.run(self, args, opts)

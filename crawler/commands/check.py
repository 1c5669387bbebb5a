"""``scrapy check``: the contracts of spiders; nothing is recorded."""

from argparse import Namespace

from scrapy.commands.check import Command as ScrapyCommand

from crawler.cli import LookCommand


class Command(LookCommand, ScrapyCommand):
    """Scrapy's own command, without access to the archive."""

    def work(self, args: list[str], opts: Namespace) -> None:
        """Run Scrapy's command."""
        ScrapyCommand.run(self, args, opts)

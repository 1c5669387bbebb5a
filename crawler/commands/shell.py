"""``scrapy shell``: a page to try selectors on; a look, which records nothing."""

from argparse import Namespace

from scrapy.commands.shell import Command as ScrapyCommand

from crawler.cli import LookCommand


class Command(LookCommand, ScrapyCommand):
    """Scrapy's own command, kept away from the archive."""

    def run(self, args: list[str], opts: Namespace) -> None:
        """Do what Scrapy does; Ctrl-C is the console's."""
        ScrapyCommand.run(self, args, opts)

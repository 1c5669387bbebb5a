"""``scrapy check``: the contracts of spiders; nothing is recorded."""

from scrapy.commands.check import Command as ScrapyCommand

from crawler.cli import LookCommand


class Command(LookCommand, ScrapyCommand):
    """Scrapy's own command, without access to the archive."""

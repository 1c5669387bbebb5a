"""``scrapy fetch``: a response as received; nothing is recorded."""

from scrapy.commands.fetch import Command as ScrapyCommand

from crawler.cli import LookCommand


class Command(LookCommand, ScrapyCommand):
    """Scrapy's own command, without access to the archive."""

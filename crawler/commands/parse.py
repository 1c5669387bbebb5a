"""``scrapy parse``: the row read from an agency's page; nothing is recorded."""

from scrapy.commands.parse import Command as ScrapyCommand

from crawler.cli import LookCommand


class Command(LookCommand, ScrapyCommand):
    """Scrapy's own command, without access to the archive."""

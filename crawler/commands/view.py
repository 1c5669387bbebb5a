"""``scrapy view``: open a page in a browser; nothing is recorded."""

from scrapy.commands.view import Command as ScrapyCommand

from crawler.cli import LookCommand


class Command(LookCommand, ScrapyCommand):
    """Scrapy's own command, without access to the archive."""

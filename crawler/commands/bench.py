"""``scrapy bench``: the speed of Scrapy itself on this machine."""

from argparse import Namespace

from scrapy.commands.bench import Command as ScrapyCommand
from scrapy.settings import default_settings

from crawler import settings as project
from crawler.cli import LookCommand


class Command(LookCommand, ScrapyCommand):
    """Scrapy's own command with Scrapy's default settings; the project's are polite, so slow."""

    def process_options(self, args: list[str], opts: Namespace) -> None:
        """Discard the settings of this project."""
        super().process_options(args, opts)
        for name in filter(str.isupper, vars(project)):
            default = getattr(default_settings, name, None)
            value = self.default_settings.get(name, default)
            self.settings.set(name, value, priority="project")
        self.settings.set("DOWNLOADER_MIDDLEWARES", {}, priority="cmdline")

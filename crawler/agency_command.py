"""What commands on an agency's archive share: the agency's name, its folder, errors in a line."""

import os
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand, ScrapyHelpFormatter
from scrapy.settings import BaseSettings
from scrapy.spiderloader import get_spider_loader

from crawler.clock import ahead
from crawler.errors import ArchiveError, UsageError
from crawler.generic import is_installed, unknown_layouts
from crawler.spider import AgencySpider
from crawler.web_address import check_web_address


class PlainHelp(ScrapyHelpFormatter):
    """Leaves the lines of the examples, and of an option's help, as they are."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return text

    def format_part_strings(self, part_strings: list[str]) -> list[str]:
        """Underline headings; the base takes any line with a colon at its end for one."""
        is_option = part_strings[:1] and part_strings[0].startswith(" ")
        return part_strings if is_option else super().format_part_strings(part_strings)


def agency_named(settings: BaseSettings, args: list[str]) -> str:
    """Return the agency that the arguments name; raise ``UsageError`` unless it is one we have."""
    agencies = sorted(get_spider_loader(settings).list())
    if len(args) != 1:
        raise UsageError(f"expected one agency; there are: {', '.join(agencies)}")
    if args[0] not in agencies:
        raise UsageError(f"no agency {args[0]!r}; there are: {', '.join(agencies)}")
    return args[0]


def spider_named(settings: BaseSettings, args: list[str]) -> type[AgencySpider]:
    """Return the spider of the agency that the arguments name, if its addresses are right.

    Raises ``UsageError`` for an agency we do not have, for ``<AGENCY>_SITE_URL`` or
    ``<AGENCY>_API_URL`` that is no web address, and for an extra that is not installed.
    """
    agency = agency_named(settings, args)
    for name in (f"{agency.upper()}_SITE_URL", f"{agency.upper()}_API_URL"):
        if name in settings:
            check_web_address(settings[name], name)
    spider_class = get_spider_loader(settings).load(agency)
    assert issubclass(spider_class, AgencySpider)
    if settings.getbool("READ_UNKNOWN_LAYOUTS"):
        if not is_installed():
            raise UsageError(
                "READ_UNKNOWN_LAYOUTS needs trafilatura: pip install -r requirements-unknown.txt"
            )
        spider_class.layouts = (*spider_class.layouts, *unknown_layouts(spider_class.rules))
    return spider_class


class AgencyCommand(ScrapyCommand):
    """A command that works on an archive without crawling; its errors are one line each."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    @property
    def name(self) -> str:
        """The command's own name."""
        return type(self).__module__.rpartition(".")[2]

    def work(self, args: list[str], opts: Namespace) -> None:
        """Do what the command is for; raise ``ArchiveError`` if it cannot."""
        raise NotImplementedError

    def run(self, args: list[str], opts: Namespace) -> None:
        """Work, and turn an error into one line and an exit code."""
        try:
            ahead()
            self.work(args, opts)
            sys.stdout.flush()
        except BrokenPipeError:
            # The reader has enough; Python must not find the pipe closed again when it exits.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except ArchiveError as error:
            print(f"scrapy {self.name}: {error}", file=sys.stderr)
            self.exitcode = error.exit_code

    def folder(self, agency: str) -> Path:
        """Return where an agency's archive lies."""
        assert self.settings is not None
        return Path(self.settings["DATA_DIR"]) / agency

"""What commands on an agency's archive share: the agency's name and its folder."""

from pathlib import Path
from typing import Any, ClassVar

from scrapy.settings import BaseSettings
from scrapy.spiderloader import get_spider_loader

from crawler.command_line import PlainCommand
from crawler.errors import UsageError
from crawler.generic import is_installed, unknown_layouts
from crawler.spider import AgencySpider
from crawler.web_address import check_web_address


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


class AgencyCommand(PlainCommand):
    """A command that works on an archive without crawling, and logs nothing."""

    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def folder(self, agency: str) -> Path:
        """Return where an agency's archive lies."""
        assert self.settings is not None
        return Path(self.settings["DATA_DIR"]) / agency

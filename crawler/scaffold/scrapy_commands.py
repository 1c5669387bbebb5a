"""Scrapy's commands such as ``fetch`` and ``parse``, for pages of agencies. They record nothing."""

from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.exceptions import DropItem
from scrapy.exceptions import UsageError as BadOption
from scrapy.http import Response

from crawler.crawl.agency_loader import AgencyLoader
from crawler.crawl.normalisers import load_normalisers
from crawler.crawl.spider import AgencySpider
from crawler.extract.article import read_article
from crawler.extract.errors import UnreadablePage
from crawler.model.article import Article
from crawler.model.identity import NotAnArticle
from crawler.scaffold.agencies import without_run
from crawler.system.clock import now, rfc3339


class Look(Spider):
    """Stands in for an agency's spider: it reads a page in the same way, without an archive."""

    agency: ClassVar[type[AgencySpider]]

    def parse(self, response: Response) -> Iterator[Article]:
        """Yield the row of an article's page, if there is one."""
        reader = without_run(self.agency, self.settings)
        normalisers = load_normalisers(self.settings, reader.rules)
        document = reader.site.document(response)
        try:
            yield read_article(
                document,
                reader.layouts,
                normalisers,
                fetched_at=rfc3339(now()),
                guesses=self.settings.getbool("READ_UNKNOWN_LAYOUTS"),
            )
        except (UnreadablePage, NotAnArticle, DropItem) as error:
            self.logger.error("%s: no article can be read from it (%s)", document.url, error)


class Looks(AgencyLoader):
    """Gives the stand-in of each agency's spider."""

    def load(self, spider_name: str) -> type[Spider]:
        """Return the stand-in. Raises Scrapy's ``UsageError`` if there is none of this name."""
        if spider_name not in self.list():
            known = ", ".join(sorted(self.list()))
            raise BadOption(f"no agency {spider_name!r}; there are: {known}", print_help=False)
        agency = super().load(spider_name)
        return type(agency.__name__, (Look,), {"name": spider_name, "agency": agency})

    def find_by_request(self, request: Request) -> list[str]:
        """Return the agency that has the host."""
        host = urlsplit(request.url).hostname
        return [name for name in self.list() if host in self._hosts(name)]

    def _hosts(self, name: str) -> frozenset[str]:
        agency: Any = super().load(name)
        return frozenset(agency.rules.address.hosts)

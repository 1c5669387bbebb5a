"""The base class of all agencies' spiders: from sources to requests to pages to items."""

from collections.abc import AsyncIterator, Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler.crawl.arguments import RunArguments, parse_arguments
from crawler.crawl.check_settings import stand_in_asked
from crawler.crawl.rounds import Rounds
from crawler.crawl.run import Run
from crawler.discovery.listing import Listing
from crawler.errors import UsageError
from crawler.extract.document import Site
from crawler.extract.page import ArticlePage
from crawler.model.rules import AgencyRules
from crawler.store.archive import Archive
from crawler.store.frontier import PendingArticle
from crawler.store.stand_in_site import open_archive

_ADDRESSES = ("SITE_URL", "API_URL")


class AgencySpider(Spider):
    """Crawls one agency.

    1. ``sources`` names an agency's listings. Every address found there is recorded in the ledger,
       where it is pending.
    2. ``rounds`` takes pending articles from the ledger, a batch at a time, newest listings first.
    3. A response is read by the class of ``layouts`` that its content matches.
    4. A page that cannot be read is read from the API instead, if ``api_address`` has one.
    5. The draft goes through the pipelines. ``run.outcomes`` records the result.

    An agency sets ``name``, ``layouts``, ``sources`` and what else differs from these defaults.
    ``evidence`` says what its classes were checked against. ``refusal`` says why its site is not
    crawled, for example because it forbids crawlers: then it is read from archives only.
    """

    rules: ClassVar[AgencyRules]
    layouts: ClassVar[Sequence[type[ArticlePage]]]
    evidence: ClassVar[str] = "from code only"
    refusal: ClassVar[str | None] = None

    arguments: RunArguments
    site: Site
    run: Run
    rounds: Rounds

    # The agency.

    def sources(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return an edition's listings: chains; in each, the first one that works is used.

        Without any, its pages are read from archives only.
        """
        return ()

    def article_address(self, native_id: int) -> str:
        """Return the address of an article by its native id."""
        raise UsageError(f"{self.name} cannot be requested by number alone")

    def api_address(self, pending: PendingArticle) -> str | None:
        """Return where the agency's API has the same article. None if it has no API."""
        return None

    @classmethod
    def address_settings(cls) -> list[str]:
        """Return the settings with the address of the site, and of the API if there is one."""
        kinds = ["SITE_URL"] if cls.api_address is AgencySpider.api_address else [*_ADDRESSES]
        return [f"{cls.name.upper()}_{kind}" for kind in kinds]

    def address_setting(self, name: str, default: str) -> str:
        """Return an agency's address; a setting such as ``<AGENCY>_SITE_URL`` may change it."""
        return str(self.settings.get(f"{self.name.upper()}_{name}", default)).rstrip("/")

    # The run.

    @classmethod
    def from_crawler(
        cls, crawler: Crawler, *args: Any, archive: Archive | None = None, **kwargs: Any
    ) -> Self:
        """Prepare the run. ``archive`` is the data folder, if it is already open."""
        spider = super().from_crawler(crawler, *args)
        rules, settings = cls.rules, crawler.settings
        spider.arguments = parse_arguments(kwargs, rules)
        stand_in = stand_in_asked(settings, cls.address_settings())
        archive = archive or open_archive(
            Path(settings["DATA_DIR"]) / spider.name, stand_in, rules.address.host
        )
        spider.site = Site(spider.address_setting("SITE_URL", rules.address.site), rules.address)
        spider.run = Run(spider, archive, stand_in, crawler)
        spider.rounds = Rounds(spider.run)
        return spider

    def start(self) -> AsyncIterator[Any]:
        """Return the requests of the run, as Scrapy asks for them."""
        return self.rounds.requests()


def spider_of(crawler: Crawler) -> AgencySpider:
    """Return the spider. Raises ``NotConfigured`` if it is no agency's: then a component is off.

    So Scrapy's shell, fetch, bench and other commands work as in every project.
    """
    if not isinstance(crawler.spider, AgencySpider):
        raise NotConfigured
    return crawler.spider

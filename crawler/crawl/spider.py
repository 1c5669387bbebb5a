"""The spider that all agencies' spiders are: from sources to requests to pages to items."""

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
from crawler.extract.page import ArticlePage
from crawler.extract.site import Site
from crawler.model.rules import AgencyRules
from crawler.store.archive import Archive
from crawler.store.frontier import PendingArticle
from crawler.store.stand_in import open_archive

_ADDRESSES = ("SITE_URL", "API_URL")


class AgencySpider(Spider):
    """Crawls one agency.

    1. ``sources`` says where an agency lists its articles; every address found is noted in the
       ledger, where it waits as work.
    2. ``rounds`` takes work from the ledger, a batch at a time, newest listings first.
    3. An answer is read by the layout of ``layouts`` that its content matches.
    4. A page that cannot be read is read from the API instead, if ``api_address`` knows where.
    5. The draft goes through the pipelines; ``run.outcomes`` notes what became of it.

    An agency sets ``name``, ``layouts``, ``sources`` and what else differs from the defaults here.
    ``evidence`` says what its classes were checked against, ``refusal`` why its site is not
    crawled, such as that it wants no crawler: it is read from archives only.
    """

    rules: ClassVar[AgencyRules]
    layouts: ClassVar[Sequence[type[ArticlePage]]]
    evidence: ClassVar[str] = "from code only"
    refusal: ClassVar[str | None] = None

    arguments: RunArguments
    site: Site
    run: Run
    rounds: Rounds

    # What an agency says.

    def sources(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return an edition's listings: chains of which the first that answers serves."""
        raise NotImplementedError

    def article_address(self, native_id: int) -> str:
        """Return an address under which a native id alone is answered."""
        raise UsageError(f"{self.name} answers no bare number")

    def api_address(self, pending: PendingArticle) -> str | None:
        """Return where the agency's API tells the same article, if it has one."""
        return None

    @classmethod
    def address_settings(cls) -> list[str]:
        """Return the settings that say where the site is, and the API if there is one."""
        kinds = ["SITE_URL"] if cls.api_address is AgencySpider.api_address else [*_ADDRESSES]
        return [f"{cls.name.upper()}_{kind}" for kind in kinds]

    def address_setting(self, name: str, default: str) -> str:
        """Return an address of the agency that a setting such as ``<AGENCY>_SITE_URL`` moves."""
        return str(self.settings.get(f"{self.name.upper()}_{name}", default)).rstrip("/")

    # Its run.

    @classmethod
    def from_crawler(
        cls, crawler: Crawler, *args: Any, archive: Archive | None = None, **kwargs: Any
    ) -> Self:
        """Begin what the run was asked to do; ``archive`` is the data folder, if open."""
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

    async def start(self) -> AsyncIterator[Any]:
        """Yield the listings, then the ledger's work as fast as it is done."""
        async for request in self.rounds.requests():
            yield request


def check_ours(crawler: Crawler) -> None:
    """Raise ``NotConfigured`` if no agency is crawled: then what serves a run has nothing to do.

    So Scrapy's shell, fetch, bench and the like work here as everywhere.
    """
    if not isinstance(crawler.spider, AgencySpider):
        raise NotConfigured

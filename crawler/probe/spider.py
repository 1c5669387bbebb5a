"""The spider of a probe: it sends requests and records nothing."""

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings

from crawler.crawl.spider import AgencySpider
from crawler.errors import ArchiveError
from crawler.extract.article import Normaliser
from crawler.probe.answers import answers, earlier_site, robots
from crawler.probe.articles import articles
from crawler.probe.finding import Finding
from crawler.probe.known import Known
from crawler.probe.sources import other_sources, sources
from crawler.probe.visit import Visit
from crawler.scaffold.agencies import without_run

Part = Callable[[Known], AsyncIterator[Finding]]  # of a probe


class ProbeSpider(Spider):
    """Checks the facts of an agency, as politely as a crawl, without its data folder."""

    name = "probe"

    agency: AgencySpider
    known: Known
    own: Part | None
    findings: list[Finding]
    visit: Visit
    problem: ArchiveError | None = None
    finished = False

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Switch off pipelines, and extensions that use the ledger."""
        super().update_settings(settings)
        middlewares = settings.getdict("DOWNLOADER_MIDDLEWARES")
        middlewares["crawler.probe.spider.BoundRequests"] = 990  # next to the downloader
        for name, value in {
            "ITEM_PIPELINES": {},
            "EXTENSIONS": {"crawler.middlewares.politeness.HonourCrawlDelay": 10},
            "DOWNLOADER_MIDDLEWARES": middlewares,
            "RETRY_TIMES": 1,  # a retry counts as a request
        }.items():
            settings.set(name, value, priority="cmdline")

    @classmethod
    def from_crawler(
        cls,
        crawler: Crawler,
        *args: Any,
        agency: type[AgencySpider],
        normalisers: Sequence[Normaliser],
        own: Part | None,
        progress: Callable[[str], None],
        legacy: str | None = None,
        **kwargs: Any,
    ) -> Self:
        """Make the spider without a run. ``own``: questions for this agency alone."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.agency = without_run(agency, crawler.settings)
        spider.own = own
        spider.visit = Visit(crawler, spider.agency.site, progress, legacy)
        spider.known = Known(spider.agency, spider.visit, normalisers)
        spider.findings = []
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Yield the findings one by one."""
        try:
            for part in filter(None, (sources, articles, answers, self.own, end)):
                async for finding in part(self.known):
                    self.findings.append(finding)
                    yield finding
        except ArchiveError as error:
            self.problem = error
        self.finished = True


async def end(known: Known) -> AsyncIterator[Finding]:
    """Ask the optional questions, and check robots.txt against everything that was requested."""
    if known.visit.legacy is not None:
        yield await earlier_site(known, known.visit.legacy)
    async for finding in other_sources(known):
        yield finding
    async for finding in robots(known):
        yield finding


class BoundRequests:
    """Counts every request that is sent, with robots.txt and retries, and saves the responses."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware, as Scrapy does."""
        return cls(crawler)

    @property
    def visit(self) -> Visit:
        """The running probe's visit."""
        assert isinstance(self.crawler.spider, ProbeSpider)
        return self.crawler.spider.visit

    def process_request(self, request: Request) -> None:
        """Send a request if the limit allows it."""
        self.visit.count()

    def process_response(self, request: Request, response: Response) -> Response:
        """Save a response before anything has changed it."""
        self.visit.keep(response)
        return response

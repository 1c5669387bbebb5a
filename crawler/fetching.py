"""One page for a command: fetched with the manners of a crawl, or read from a file."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings
from twisted.python.failure import Failure

from crawler.contact import name_contact
from crawler.errors import ArchiveError, UsageError
from crawler.page import Document
from crawler.probing.report import readable
from crawler.reasons import advice, reason_of
from crawler.rules import AddressRules
from crawler.saved_page import load_document
from crawler.site import Site
from crawler.unreadable import UnreadablePage


class OnePage(Spider):
    """Fetches one address, with nothing of a crawl but its manners."""

    name = "one-page"
    custom_settings: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "ITEM_PIPELINES": {},
        "EXTENSIONS": {},
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "crawler.middlewares.obey_robots.ObeyRobots": 100,
        },
        "COMPRESSION_ENABLED": False,  # a person has to read what is saved
        "RETRY_ENABLED": False,
        "LOG_ENABLED": False,
    }
    address: str
    site: Site
    document: Document | None = None
    problem: str | None = None

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the one address."""
        yield Request(self.address, self.keep, errback=self.explain, dont_filter=True)

    def keep(self, response: Response) -> None:
        """Keep the answer."""
        try:
            self.document = readable(self.site.document(response))
        except UnreadablePage as error:
            self.problem = str(error)

    def explain(self, failure: Failure) -> None:
        """Say why there is no answer."""
        reason = reason_of(failure)
        self.problem = reason + advice(reason)


def fetch_page(settings: Settings, address: str, rules: AddressRules) -> Document:
    """Fetch a page; raise ``ArchiveError`` that says why there is none."""
    name_contact(settings)
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(OnePage)
    process.crawl(crawler, address=address, site=Site(rules.site, rules))
    process.start()
    spider = crawler.spider
    assert isinstance(spider, OnePage)
    if spider.document is None:
        raise ArchiveError(f"{address}: {spider.problem}")
    return spider.document


def load_page(source: str, url: str | None) -> Document:
    """Read a page from a file, as a browser or curl saved it, or from a folder of a probe."""
    path = Path(source)
    try:
        if path.is_dir():
            return load_document(path)
        body = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{error.filename} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"{source} is no saved page: {error}") from error
    if url is None:
        raise UsageError(f"say with --url which address {source} was saved from")
    return Document(url, 200, {}, body)

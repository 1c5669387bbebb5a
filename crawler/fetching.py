"""One page for a command: fetched with the manners of a crawl, or read from a file."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings
from twisted.python.failure import Failure

from crawler.contact import name_contact
from crawler.errors import ArchiveError, UsageError
from crawler.interrupts import run_crawl
from crawler.page import Document
from crawler.probing.report import readable
from crawler.reasons import advice, reason_of
from crawler.rules import AddressRules
from crawler.saved_page import load_document
from crawler.site import Site
from crawler.unreadable import UnreadablePage


class SinglePages(Spider):
    """Fetches single addresses, with nothing of a crawl but its manners."""

    name = "single-pages"
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
    addresses: Sequence[str]
    site: Site

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.documents: dict[str, Document] = {}
        self.problems: dict[str, str] = {}

    async def start(self) -> AsyncIterator[Request]:
        """Ask for each address once."""
        for address in self.addresses:
            yield Request(
                address,
                self.keep,
                errback=self.explain,
                dont_filter=True,
                cb_kwargs={"asked": address},
            )

    def keep(self, response: Response, asked: str) -> None:
        """Keep the answer."""
        try:
            self.documents[asked] = readable(self.site.document(response))
        except UnreadablePage as error:
            self.problems[asked] = str(error)

    def explain(self, failure: Failure) -> None:
        """Say why there is no answer."""
        reason = reason_of(failure)
        asked = failure.request.cb_kwargs["asked"]  # type: ignore[attr-defined]
        self.problems[asked] = reason + advice(reason)


def fetch_page(settings: Settings, address: str, rules: AddressRules) -> Document:
    """Fetch a page; raise ``ArchiveError`` that says why there is none."""
    return fetch_pages(settings, [address], rules)[address]


def fetch_pages(
    settings: Settings, addresses: Sequence[str], rules: AddressRules
) -> dict[str, Document]:
    """Fetch pages; raise ``ArchiveError`` that says why there is no answer to the first of them."""
    name_contact(settings)
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(SinglePages)
    process.crawl(crawler, addresses=addresses, site=Site(rules.site, rules))
    run_crawl(process)
    spider = crawler.spider
    assert isinstance(spider, SinglePages)
    if addresses[0] not in spider.documents:
        raise ArchiveError(f"{addresses[0]}: {spider.problems[addresses[0]]}")
    return spider.documents


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

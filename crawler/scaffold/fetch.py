"""One page for a command: fetched as politely as in a crawl, or read from a file."""

from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import DropItem
from scrapy.http.request import NO_CALLBACK
from scrapy.settings import Settings
from twisted.python.failure import Failure

from crawler.crawl.arguments import check_web_address
from crawler.crawl.check_settings import name_contact
from crawler.crawl.download import advice, reason_of
from crawler.crawl.normalisers import load_normalisers
from crawler.errors import ArchiveError, UsageError
from crawler.extract.agencies import agency_at
from crawler.extract.article import read_article
from crawler.extract.document import Document, Site, readable
from crawler.extract.errors import UnreadablePage
from crawler.extract.generic import generic_layouts
from crawler.extract.page import ArticlePage
from crawler.extract.saved_page import load_document
from crawler.model.article import Article
from crawler.model.identity import NotAnArticle
from crawler.model.rules import AddressRules
from crawler.system.clock import now, rfc3339
from crawler.system.signals import run_crawl

NAME = "page"
MANUAL = {
    "url": "the address of an article, of any site",
    "file": "a file with that page; without it, the address is fetched once",
    "zone": "the zone of times that name none, such as Asia/Tashkent",
}


class SinglePages(Spider):
    """Fetches single addresses, with the politeness of a crawl and nothing else of it."""

    name = "single-pages"
    custom_settings: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "ITEM_PIPELINES": {},
        "EXTENSIONS": {},
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "crawler.middlewares.politeness.ObeyRobots": 100,
        },
        "COMPRESSION_ENABLED": False,  # a person will read the saved page
        "RETRY_ENABLED": False,
        "LOG_ENABLED": False,
    }
    addresses: Sequence[str]
    site: Site

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.documents: dict[str, Document] = {}
        self.problems: dict[str, str] = {}

    async def start(self) -> AsyncIterator[Any]:
        """Yield the page at each address. Without a response, keep the reason."""
        assert self.crawler.engine is not None
        for address in self.addresses:
            request = Request(address, callback=NO_CALLBACK)
            try:
                response = await self.crawler.engine.download_async(request)
                self.documents[address] = readable(self.site.document(response))
            except UnreadablePage as error:
                self.problems[address] = str(error)
            except Exception as error:  # any failure of the network
                reason = reason_of(Failure(error))  # type: ignore[no-untyped-call]
                self.problems[address] = reason + advice(reason)
            else:
                yield self.documents[address]


def fetch_page(settings: Settings, address: str, rules: AddressRules) -> Document:
    """Fetch a page. Raises ``ArchiveError`` with the reason if that fails."""
    return fetch_pages(settings, [address], rules)[address]


def fetch_pages(
    settings: Settings, addresses: Sequence[str], rules: AddressRules
) -> dict[str, Document]:
    """Fetch pages. Raises ``ArchiveError`` with the reason if the first one fails."""
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
    """Read a page from a file, as saved by a browser or curl, or from a folder of a probe."""
    path = Path(source)
    try:
        if path.is_dir():
            return load_document(path)
        body = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{error.filename} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"{source} is not a saved page: {error}") from error
    if url is None:
        raise UsageError(f"say with --url which address {source} was saved from")
    return Document(url, 200, {}, body)


def look(settings: Settings, given: Mapping[str, str]) -> str:
    """Return the row that can be read from a page, as JSON.

    A known agency's page is read as in a crawl. All other pages, and those that a crawl would not
    be sure of, are read by the generic reader.

    Raises ``UsageError`` for invalid arguments, and ``ArchiveError`` for a page that cannot be
    fetched or read.
    """
    _check(given)
    document = get_page(settings, given.get("file"), given["url"])
    try:
        article = _of_agency(settings, document) or _read(
            settings, document, generic_layouts(document, given.get("zone"))
        )
    except (UnreadablePage, NotAnArticle, DropItem) as error:
        raise ArchiveError(f"{given['url']}: no article can be read from it ({error})") from error
    return msgspec.json.format(msgspec.json.encode(article), indent=2).decode()


def _of_agency(settings: Settings, document: Document) -> Article | None:
    """Return the row of a known agency's page, if a layout describes it or it names itself."""
    agency = agency_at(document.url)
    try:
        guesses = settings.getbool("READ_UNKNOWN_LAYOUTS")
        return _read(settings, document, agency.layouts, guesses=guesses) if agency else None
    except UnreadablePage:
        return None


def _read(
    settings: Settings,
    document: Document,
    layouts: Sequence[type[ArticlePage]],
    *,
    guesses: bool = False,
) -> Article:
    normalisers, moment = load_normalisers(settings, layouts[0].rules), rfc3339(now())
    return read_article(document, layouts, normalisers, fetched_at=moment, guesses=guesses)


def get_page(settings: Settings, file: str | None, url: str) -> Document:
    """Read a page from a file, or fetch it. Raises ``ArchiveError`` if there is none."""
    if file is not None:
        return load_page(file, url)
    document = fetch_page(settings, url, AddressRules(url, frozenset(), (), ""))
    if document.status != 200:
        raise ArchiveError(f"{url}: HTTP {document.status}")
    return document


def _check(given: Mapping[str, str]) -> None:
    for name in given:
        if name not in MANUAL:
            raise UsageError(f"unknown argument {name!r}; there are: {', '.join(MANUAL)}")
    if "url" not in given:
        raise UsageError("expected an article's address: scrapy preview URL")
    check_web_address(given["url"], "url")
    if "file" in given and not Path(given["file"]).is_file():
        raise UsageError(f"file={given['file']}: there is no such file")
    try:
        ZoneInfo(given.get("zone", "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        raise UsageError(f"zone={given['zone']}: expected a name such as Asia/Tashkent") from None

"""``scrapy savepage``: a page into a folder, with the article that the present code reads from it.

The folder is a test case: see ``tests/test_saved_pages.py``.
"""

import argparse
import re
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

from scrapy import Request, Spider
from scrapy.commands import ScrapyCommand
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.spiderloader import get_spider_loader
from twisted.python.failure import Failure

from crawler.contact import name_contact
from crawler.errors import ArchiveError, UsageError
from crawler.page import Document
from crawler.probing.report import readable
from crawler.reading import load_steps
from crawler.reasons import advice, reason_of
from crawler.saved_page import expectation, load_document, save_document, save_expectation
from crawler.site import Site
from crawler.spider import AgencySpider
from crawler.unreadable import UnreadablePage
from crawler.web_address import check_web_address

HELP = (
    "Save a page as a test case. The argument is an address, which is fetched once (robots.txt "
    "and the user agent of the settings apply), a file, or a folder that scrapy probe --save "
    "wrote. Written are page.html or page.json, response.json, and article.json with what the "
    "present code reads (refused.json, if it refuses the page). Review that file against the page, "
    "field by field: whatever is wrong in it, the tests will demand from then on. "
    "Examples: scrapy savepage https://agency.example/posts/a-story_600101; "
    "scrapy savepage story.html --url https://agency.example/posts/a-story_600101; "
    "scrapy savepage probed/09-200-posts-a-story. "
    "Exit codes: 1 the page cannot be fetched; 2 usage."
)
_LONGEST_SLUG = 50


class OnePage(Spider):
    """Fetches one address, with nothing of a crawl but its manners."""

    name = "savepage"
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


class Command(ScrapyCommand):
    """Saves a page; see ``HELP``."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """Return what may stand behind the command's name."""
        return "[options] URL|FILE|FOLDER"

    def short_desc(self) -> str:
        """Return the line shown in the list of commands."""
        return "Save a page as a test case, with the article read from it"

    def long_desc(self) -> str:
        """Return the manual."""
        return HELP

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add where the page is from, and where it goes."""
        super().add_options(parser)
        parser.add_argument("--url", help="the page's address, for a file or a copy elsewhere")
        parser.add_argument("--agency", help="whose page it is, if its host does not tell")
        parser.add_argument("--name", help="the folder's name; else date and slug")
        parser.add_argument("--into", help="the folder's parent; else tests/pages/<agency>")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Save the page; print where, or in one line why not."""
        try:
            written = self._save(args, opts)
        except ArchiveError as error:
            print(f"scrapy savepage: {error}", file=sys.stderr)
            self.exitcode = error.exit_code
            return
        print(f"{written}: please review it against the page, field by field")

    def _save(self, args: list[str], opts: argparse.Namespace) -> Path:
        if len(args) != 1:
            raise UsageError("expected one address, file or folder; see scrapy savepage -h")
        if opts.url is not None:
            check_web_address(opts.url, "--url")
        document, agency = self._document(args[0], opts)
        if document.status != 200:
            raise ArchiveError(f"{args[0]}: HTTP {document.status}")
        if opts.url:
            document = replace(document, url=opts.url)
        return self._write(agency, document, opts)

    def _document(
        self, source: str, opts: argparse.Namespace
    ) -> tuple[Document, type[AgencySpider]]:
        """Read the page, and find out whose it is."""
        if not source.startswith(("http://", "https://")):
            document = _load(source, opts.url)
            return document, self._agency(opts.agency, opts.url or document.url)
        check_web_address(source, "the address")
        agency = self._agency(opts.agency, opts.url or source)
        return self._fetch(source, agency), agency

    def _agency(self, name: str | None, url: str) -> type[AgencySpider]:
        """Find the agency by name, else by the host of the address."""
        assert self.settings is not None
        loader = get_spider_loader(self.settings)
        host = urlsplit(url).hostname
        for known in loader.list():
            agency = loader.load(known)
            assert issubclass(agency, AgencySpider)
            if name == known or (name is None and host in agency.rules.address.hosts):
                return agency
        wanted = f"no agency {name!r}" if name else f"no agency has the host {host!r}"
        raise UsageError(f"{wanted}; say --agency, one of: {', '.join(loader.list())}, and --url")

    def _fetch(self, address: str, agency: type[AgencySpider]) -> Document:
        assert self.settings is not None
        name_contact(self.settings)
        process = AsyncCrawlerProcess(self.settings)
        crawler = process.create_crawler(OnePage)
        site = Site(agency.rules.address.site, agency.rules.address)
        process.crawl(crawler, address=address, site=site)
        process.start()
        spider = crawler.spider
        assert isinstance(spider, OnePage)
        if spider.document is None:
            raise ArchiveError(f"{address}: {spider.problem}")
        return spider.document

    def _write(
        self, agency: type[AgencySpider], document: Document, opts: argparse.Namespace
    ) -> Path:
        assert self.settings is not None
        expected = expectation(document, agency.layouts, load_steps(self.settings, agency.rules))
        parent = Path(opts.into or f"tests/pages/{agency.rules.name}")
        folder = parent / (opts.name or _case_name(document.url, expected))
        try:
            save_document(folder, document)
        except FileExistsError:
            raise UsageError(f"{folder} is there already; choose another --name") from None
        except OSError as error:
            raise UsageError(f"{folder} cannot be written: {error.strerror}") from error
        return save_expectation(folder, expected)


def _load(source: str, url: str | None) -> Document:
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


def _case_name(url: str, expected: dict[str, Any]) -> str:
    """Name a case by day and slug, as far as they are known."""
    day = (expected.get("published_at") or "undated")[:10]
    slug = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2]
    plain = re.sub(r"[^\w.-]+", "-", slug)[:_LONGEST_SLUG].strip(".-_")
    return f"{day}-{plain or 'page'}"

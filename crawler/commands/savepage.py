"""``scrapy savepage``: save a page with the article that the present code reads from it.

The folder is a test case: see ``tests/test_saved_pages.py``.
"""

from __future__ import annotations

import argparse
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from crawler.cli import AgencyCommand
from crawler.crawl.agency_loader import spider_loader
from crawler.errors import ArchiveError, UsageError

if TYPE_CHECKING:
    from crawler.crawl.spider import AgencySpider
    from crawler.extract.document import Document

_LONGEST_SLUG = 50

_MANUAL = """\
The argument is an address, which is fetched once (robots.txt and the user agent apply), a file,
or a folder written by scrapy probe --save. The command writes page.html or page.json,
response.json, and article.json with what the present code reads (refused.json if it refuses the
page). Review that file against the page, field by field: from then on the tests demand whatever
is in it.

examples:
  scrapy savepage https://agency.example/posts/a-story_600101
  scrapy savepage story.html --url https://agency.example/posts/a-story_600101
  scrapy savepage probed/09-200-posts-a-story

exit codes: 0 done; 1 the page cannot be fetched; 2 usage"""


class Command(AgencyCommand):
    """Saves a page."""

    usage = "[options] URL|FILE|FOLDER"
    summary = "Save a page as a test case, with the article read from it"
    manual = _MANUAL

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options for page and folder."""
        super().add_options(parser)
        parser.add_argument("--url", help="the page's address, for a file or a copy elsewhere")
        parser.add_argument("--agency", help="the agency, if the host does not show it")
        parser.add_argument("--name", help="the folder's name (default: date and slug)")
        parser.add_argument("--into", help="the folder's parent (default: tests/pages/<agency>)")

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Save the page; print the folder."""
        written = self._save(args, opts)
        print(f"{written}: please review it against the page, field by field")

    def _save(self, args: list[str], opts: argparse.Namespace) -> Path:
        from crawler.crawl.arguments import check_web_address

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
        """Read the page, and find its agency."""
        from crawler.crawl.arguments import check_web_address
        from crawler.scaffold.fetch import fetch_page, load_page

        if not source.startswith(("http://", "https://")):
            document = load_page(source, opts.url)
            return document, self._agency(opts.agency, opts.url or document.url)
        check_web_address(source, "the address")
        agency = self._agency(opts.agency, opts.url or source)
        return fetch_page(self.settings, source, agency.rules.address), agency

    def _agency(self, name: str | None, url: str) -> type[AgencySpider]:
        """Find the agency by name, else by the URL's host."""
        from crawler.crawl.spider import AgencySpider

        loader = spider_loader(self.settings)
        host = urlsplit(url).hostname
        for known in loader.list():
            agency = loader.load(known)
            assert issubclass(agency, AgencySpider)
            if name == known or (name is None and host in agency.rules.address.hosts):
                return agency
        wanted = f"no agency {name!r}" if name else f"no agency has the host {host!r}"
        raise UsageError(f"{wanted}; say --agency, one of: {', '.join(loader.list())}, and --url")

    def _write(
        self, agency: type[AgencySpider], document: Document, opts: argparse.Namespace
    ) -> Path:
        from crawler.crawl.normalisers import load_normalisers
        from crawler.extract.saved_page import expectation, save_document, save_expectation

        expected = expectation(
            document, agency.layouts, load_normalisers(self.settings, agency.rules)
        )
        parent = Path(opts.into or f"tests/pages/{agency.rules.name}")
        folder = parent / (opts.name or case_name(document.url, expected))
        try:
            save_document(folder, document)
        except FileExistsError:
            raise UsageError(f"{folder} is there already; choose another --name") from None
        except OSError as error:
            raise UsageError(f"{folder} cannot be written: {error.strerror}") from error
        return save_expectation(folder, expected)


def case_name(url: str, expected: dict[str, Any]) -> str:
    """Return a name of day and slug, as far as they are known."""
    day = (expected.get("published_at") or "undated")[:10]
    slug = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2]
    plain = re.sub(r"[^\w.-]+", "-", slug)[:_LONGEST_SLUG].strip(".-_")
    return f"{day}-{plain or 'page'}"

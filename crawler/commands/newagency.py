"""``scrapy newagency``: write spider, page class, saved page and test from one page of a site."""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser, Namespace
from importlib.util import module_from_spec, spec_from_file_location
from keyword import iskeyword
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crawler.cli import AgencyCommand
from crawler.commands.savepage import case_name
from crawler.errors import ArchiveError, UsageError

if TYPE_CHECKING:
    from crawler.extract.document import Document
    from crawler.scaffold.inspect_page import Findings

_MANUAL = """\
Prints the files that it wrote and what you still have to decide: docs/adding-an-agency.md.

examples:
  scrapy newagency example https://news.example/posts/a-story-1
  scrapy newagency example story.html --url https://news.example/posts/a-story-1

exit codes: 0 done; 1 the page cannot be fetched, or no article can be read from it; 2 usage"""


class Command(AgencyCommand):
    """Writes the files of a new agency; see ``docs/adding-an-agency.md``."""

    usage = "[--url URL] NAME URL|FILE"
    summary = "Write spider, page class, saved page and test of a new agency from one page"
    manual = _MANUAL

    after_interrupt = "see git status for what was written"

    def add_options(self, parser: ArgumentParser) -> None:
        """Add the options for page and folder."""
        super().add_options(parser)
        parser.add_argument("--url", help="the page's address, for a file")
        parser.add_argument("--into", help="the project's folder (default: this one)", default=".")

    def work(self, args: list[str], opts: Namespace) -> None:
        """Write the files; print the findings and the decisions left to a person."""
        from crawler.extract.errors import UnreadablePage
        from crawler.extract.saved_page import REFUSAL
        from crawler.scaffold.inspect_page import inspect
        from crawler.scaffold.templates import tell, write_agency

        name, source = _checked(args, opts.url)
        document, robots = self._page(source, opts.url)
        try:
            found = _checked_findings(inspect(document, robots), source)
        except UnreadablePage as error:
            raise ArchiveError(f"{source}: no article can be read from it ({error})") from error
        root = Path(opts.into)
        written = list(write_agency(root, name, document.url, found))
        written.append(self._save(root, name, document))
        if written[-1].name == REFUSAL:
            print(f"the new class refuses its own page; see {written[-1]}", file=sys.stderr)
        print(
            "\n".join(
                ["written:", *(f"  {path}" for path in written), *tell(found, name, document.url)]
            )
        )

    def _page(self, source: str, url: str | None) -> tuple[Document, str]:
        """Return the page, and the content of robots.txt if the page is fetched."""
        from crawler.model.rules import AddressRules
        from crawler.scaffold.fetch import fetch_pages, load_page

        if not source.startswith(("http://", "https://")):
            return load_page(source, url), ""
        parts = urlsplit(source)
        robots = f"{parts.scheme}://{parts.netloc}/robots.txt"
        rules = AddressRules(f"{parts.scheme}://{parts.netloc}", frozenset(), (), "")
        answers = fetch_pages(self.settings, [source, robots], rules)
        document, listed = answers[source], answers.get(robots)
        if document.status != 200:
            raise ArchiveError(f"{source}: HTTP {document.status}")
        return document, listed.text if listed and listed.status == 200 else ""

    def _save(self, root: Path, name: str, document: Document) -> Path:
        """Save the page as a test case, with the fields that the new class reads from it."""
        from crawler.crawl.normalisers import load_normalisers
        from crawler.extract.saved_page import expectation, save_document, save_expectation

        pages = _load(root / "pages" / f"{name}.py")
        expected = expectation(
            document, pages.LAYOUTS, load_normalisers(self.settings, pages.RULES)
        )
        folder = root / "tests" / "pages" / name / case_name(document.url, expected)
        save_document(folder, document)
        return save_expectation(folder, expected)


def _checked(args: list[str], url: str | None) -> tuple[str, str]:
    from crawler.crawl.arguments import check_web_address
    from crawler.scaffold.fetch import NAME

    if len(args) != 2:
        raise UsageError("expected a name and a page: scrapy newagency NAME URL|FILE")
    name, source = args
    if not re.fullmatch(r"[a-z]{2,20}", name) or iskeyword(name) or name == NAME:
        raise UsageError(
            f"{name!r} cannot be the name of an agency: expected small letters a to z, and neither "
            f"{NAME!r} nor a word of Python's"
        )
    check_web_address(source if url is None and "://" in source else url or "", "--url")
    return name, source


def _checked_findings(found: Findings, source: str) -> Findings:
    """Raise ``ArchiveError`` if a page has too little data to write an agency from."""
    if not (found.title and found.body):
        lacks = "text" if found.title else "headline"
        raise ArchiveError(
            f"{source}: no {lacks} was found; is it an article, and saved completely?"
        )
    return found


def _load(path: Path) -> Any:
    """Load a module that was just written."""
    spec = spec_from_file_location(f"new_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

"""The quick look at a page of any site: ``scrapy crawl page -a url=URL``."""

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from scrapy.exceptions import DropItem
from scrapy.settings import Settings

from crawler.clock import now, rfc3339
from crawler.errors import ArchiveError, UsageError
from crawler.fetching import fetch_page, load_page
from crawler.generic import generic_layouts
from crawler.identity import NotAnArticle
from crawler.page import Document
from crawler.reading import load_steps, read_article
from crawler.rules import AddressRules
from crawler.unreadable import UnreadablePage
from crawler.web_address import check_web_address

NAME = "page"
MANUAL = {
    "url": "the address of an article, of any site",
    "file": "a file with that page; without it, the address is fetched once",
    "zone": "the zone of times that name none, such as Asia/Tashkent",
}


def look(settings: Settings, given: Mapping[str, str]) -> str:
    """Return the row that the generic layer reads from a page, as JSON to look at.

    Raises ``UsageError`` for arguments that make no sense, ``ArchiveError`` for a page that
    cannot be had or read.
    """
    _check(given)
    document = get_page(settings, given.get("file"), given["url"])
    try:
        layouts = generic_layouts(document, given.get("zone"))
        steps = load_steps(settings, layouts[0].rules)
        article = read_article(document, layouts, steps, fetched_at=rfc3339(now()))
    except (UnreadablePage, NotAnArticle, DropItem) as error:
        raise ArchiveError(f"{given['url']}: no article can be read from it ({error})") from error
    return msgspec.json.format(msgspec.json.encode(article), indent=2).decode()


def get_page(settings: Settings, file: str | None, url: str) -> Document:
    """Read a page from a file, or fetch it; raise ``ArchiveError`` if there is none."""
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
        raise UsageError("expected an article's address: scrapy crawl page -a url=URL")
    check_web_address(given["url"], "url")
    if "file" in given and not Path(given["file"]).is_file():
        raise UsageError(f"file={given['file']}: there is no such file")
    try:
        ZoneInfo(given.get("zone", "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        raise UsageError(f"zone={given['zone']}: expected a name such as Asia/Tashkent") from None

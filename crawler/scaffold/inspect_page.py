"""What one page shows about an unknown site: the facts that a new agency is made from."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit
from zoneinfo import TZPATH, ZoneInfo

from crawler.extract.document import Document
from crawler.extract.generic import SemanticPage, generic_layouts
from crawler.extract.html import selector
from crawler.extract.parameters import article_parameters
from crawler.extract.structured_data import Metadata
from crawler.model.rules import TimestampRules
from crawler.text.dates import UnreadableDate, choose_date, names_zone, read_timestamp

_FEEDS = 'link[type="application/rss+xml"], link[type="application/atom+xml"]'
_SITEMAPS = 'link[rel="sitemap"]'
_SITEMAP_LINE = re.compile(r"^sitemap:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_COUNTRIES = {"uk": "GB"}  # top-level domains that differ from the country's code
_MOST_ZONES = 6
_NUMBER = re.compile(r"(?<!\d)(?!(?:19|20)\d{6}(?!\d))[1-9]\d{4,}(?!\d)")


@dataclass(frozen=True, slots=True)
class Findings:
    """The facts that were found. Empty if a fact was not found."""

    title: str
    language: str
    feeds: Sequence[str]
    sitemaps: Sequence[str]
    json_ld: Sequence[str]
    dates: Sequence[str]
    date: str | None
    zones: Sequence[str]
    authors: Sequence[str]
    body: str
    pattern: str
    has_number: bool
    parameters: Sequence[str] = ()


def inspect(document: Document, robots: str = "") -> Findings:
    """Return the facts of a page, with the site's ``robots.txt`` if it was fetched.

    Raises UnreadablePage if no article can be read from the page.
    """
    page = generic_layouts(document, "UTC")[-1](document)
    assert isinstance(page, SemanticPage)
    data = Metadata(document.tree, document.root, document.article)
    dates = list(dict.fromkeys(data.published))
    date = choose_date(dates, TimestampRules(zone="UTC"))
    pattern, has_number = address_pattern(document.url)
    parameters = article_parameters(document)
    return Findings(
        title=page.title,
        language=_language(document),
        feeds=_links(document, _FEEDS),
        sitemaps=[*_links(document, _SITEMAPS), *_SITEMAP_LINE.findall(robots)],
        json_ld=list(data.article),
        dates=dates,
        date=date,
        zones=zones(document.url, date),
        authors=[person.name for person in page.authors],
        body=selector(page.holders[0]) if page.holders else "",
        pattern=pattern,
        has_number=has_number or bool(parameters),
        parameters=parameters,
    )


def _language(document: Document) -> str:
    html = document.tree.css_first("html")
    lang = (html.attributes.get("lang") if html else None) or "en"
    return re.split(r"[-_]", lang)[0].lower()


def _links(document: Document, wanted: str) -> list[str]:
    found = (node.attributes.get("href") for node in document.tree.css(wanted))
    return list(dict.fromkeys(urljoin(document.url, href) for href in found if href))


def address_pattern(url: str) -> tuple[str, bool]:
    """Return a pattern of addresses like this one, and whether it contains a number as id."""
    path = unquote(urlsplit(url).path).rstrip("/")
    numbers = list(_NUMBER.finditer(path))
    if not numbers:
        return r"(?P<path>(?:/[^/]+)*/(?P<slug>[^/]+))", False
    number = numbers[-1]
    before, after = path[: number.start()], path[number.end() :]
    opening = "" if before.endswith("/") else r"[^/]*?"
    ending = r"[^/]*" if after and not after.startswith("/") else ""
    more = r"(?:/[^/]*)?" if "/" in after else ""
    digits = len(number[0])
    identity = rf"(?P<id>[1-9]\d{{{max(digits - 3, 1)},{digits + 1}}})"
    return rf"(?P<path>(?:/[^/]+)*/{opening}{identity}{ending}){more}", True


def zones(url: str, date: str | None) -> list[str]:
    """Return the zones of the country in an address, and the offset of a date that has one."""
    country = (urlsplit(url).hostname or "").rpartition(".")[2].lower()
    code = _COUNTRIES.get(country, country.upper())
    known = sorted(
        _zone_table(), key=lambda row: len(row[0])
    )  # a country's own zone before a shared one
    own = [zone for countries, zone in known if code in countries]
    offset = _offset(date)
    if offset is None or own:
        return own[:_MOST_ZONES]
    assert date is not None
    return [zone for _, zone in known if _moment(date, zone).utcoffset() == offset][:_MOST_ZONES]


def _zone_table() -> Iterator[tuple[list[str], str]]:
    """Yield the zones of the system's table with their countries."""
    for folder in TZPATH:
        table = Path(folder) / "zone1970.tab"
        if table.exists():
            lines = table.read_text("utf-8").splitlines()
            cells = (line.split("\t") for line in lines if not line.startswith("#"))
            yield from ((cell[0].split(","), cell[2]) for cell in cells)
            return


def _offset(date: str | None) -> timedelta | None:
    """Return the offset of a date, unless it is UTC."""
    if date is None or not names_zone(date):
        return None
    try:
        offset = datetime.fromisoformat(date).utcoffset()
    except ValueError:
        return None
    return offset or None


def _moment(date: str, zone: str) -> datetime:
    try:
        value = read_timestamp(date, TimestampRules(zone="UTC")).value
    except UnreadableDate:
        value = date
    return datetime.fromisoformat(value).astimezone(ZoneInfo(zone))

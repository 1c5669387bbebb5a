"""The agencies: what their classes were checked against, their editions and sources."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from re import Pattern
from typing import Any

from scrapy.settings import BaseSettings

from crawler.crawl.agency_loader import spider_loader
from crawler.crawl.arguments import parse_arguments
from crawler.crawl.spider import AgencySpider
from crawler.discovery.listing import Listing
from crawler.extract.document import Site


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency for a table. ``sources``: in words, each once."""

    name: str
    evidence: str
    editions: Sequence[str]
    layouts: Sequence[str]
    sources: Sequence[str]


def agencies(settings: BaseSettings) -> Iterator[Agency]:
    """Yield the agencies that have a spider, by name."""
    loader = spider_loader(settings)
    for name in sorted(loader.list()):
        spider_class = loader.load(name)
        assert issubclass(spider_class, AgencySpider)
        found = (listing for _, listing in listings(spider_class, settings))
        sources = tuple(dict.fromkeys(_words(type(listing).__name__) for listing in found))
        yield Agency(
            name=name,
            evidence=spider_class.evidence,
            editions=tuple(spider_class.rules.editions),
            layouts=[layout.layout for layout in spider_class.layouts],
            sources=sources or ("archives only",),
        )


def image_sizes(settings: BaseSettings) -> dict[str, Pattern[str] | None]:
    """Return, by agency, the pattern of the size in a picture's address, which its hashes need."""
    loader = spider_loader(settings)
    found: dict[str, Any] = {name: loader.load(name) for name in sorted(loader.list())}
    return {name: found[name].rules.image_size for name in found}


def listings(
    spider_class: type[AgencySpider], settings: BaseSettings
) -> Iterator[tuple[str, Listing]]:
    """Yield every listing of an agency with its edition, without a run."""
    spider = without_run(spider_class, settings)
    for edition in spider.rules.editions:
        for chain in spider.sources(edition):
            yield from ((edition, listing) for listing in chain)


def without_run(spider_class: type[AgencySpider], settings: BaseSettings) -> AgencySpider:
    """Return an agency's spider at the configured site, for its listings."""
    spider = spider_class()
    rules = spider_class.rules
    spider.settings = settings
    spider.arguments = parse_arguments({}, rules)
    spider.site = Site(spider.address_setting("SITE_URL", rules.address.site), rules.address)
    return spider


def table(rows: Sequence[Agency]) -> list[str]:
    """Return the lines of a table of agencies."""
    cells = [("agency", "checked against", "editions", "layouts", "sources"), *map(_cells, rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = (map(str.ljust, row, widths) for row in cells)
    return ["  ".join(line).rstrip() for line in lines]


def _cells(one: Agency) -> tuple[str, str, str, str, str]:
    editions, layouts = " ".join(one.editions), str(len(one.layouts))
    return one.name, one.evidence, editions, layouts, ", ".join(one.sources)


def _words(name: str) -> str:
    """Return the name of a class as words: ``DayArchive`` as `day archive`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()

"""An extension that writes what an article runs through, and a spider that has it from its feed."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler

from crawler.crawl.listing_crawls import ListingCrawls
from crawler.crawl.outcomes import Outcomes
from crawler.discovery.listing import Listing
from spiders import uza

ROOT = Path(__file__).parents[2]
OURS = tuple(f"{ROOT / name}/" for name in ("crawler", "pages", "pipelines", "spiders"))
BEGIN, END = ListingCrawls.parse.__code__, Outcomes._count.__code__


class UzaSpider(uza.UzaSpider):
    """Reads the feeds only."""

    def sources(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return the edition's feed, without its list."""
        feed, _ = super().sources(edition)
        return (feed,)


class TraceTrip:
    """Notes calls from the first parse of a listing until the first outcome is counted."""

    def __init__(self, crawler: Crawler) -> None:
        self.file = Path(crawler.settings["TRIP_FILE"])
        self.called: Counter[tuple[str, str]] = Counter()
        self.has_begun = False
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the extension, as Scrapy does."""
        return cls(crawler)

    def spider_opened(self) -> None:
        """Look at all calls from now on."""
        sys.setprofile(self.note)

    def note(self, frame: FrameType, event: str, argument: Any) -> None:
        """Note the call of a function; that a module is imported is none."""
        code = frame.f_code
        self.has_begun |= code is BEGIN
        if not self.has_begun:
            return
        if event == "call" and code.co_name != "<module>" and code.co_filename.startswith(OURS):
            self.called[code.co_filename, code.co_qualname] += 1
        elif event == "return" and code is END:
            sys.setprofile(None)
            self.write()

    def write(self) -> None:
        """Write the files, each with the functions that were called in it, and how often."""
        trip: dict[str, dict[str, int]] = {}
        for (file, function), count in self.called.items():
            trip.setdefault(str(Path(file).relative_to(ROOT)), {})[function] = count
        self.file.write_text(json.dumps(trip))

"""The minimum: a Scrapy spider that downloads pages and does nothing.

A single file for ``scrapy runspider``: outside the project's folder it has Scrapy's default
settings.
"""

from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response


class NullSpider(Spider):
    """Downloads the pages FIRST to LAST of a site: ``-a site=URL -a ids=FIRST-LAST``."""

    name = "null"
    site: str
    ids: str

    async def start(self) -> AsyncIterator[Any]:
        """Yield the requests."""
        first, last = map(int, self.ids.split("-"))
        for number in range(first, last + 1):
            yield Request(f"{self.site}/posts/{number}", dont_filter=True)

    def parse(self, response: Response) -> None:
        """Do nothing."""

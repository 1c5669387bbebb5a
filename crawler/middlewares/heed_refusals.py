"""End a run when a site refuses one article after the other."""

from http import HTTPStatus
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.spider import AgencySpider

_REFUSALS = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS,
    }
)


class HeedRefusals:
    """Counts the articles that the site refuses in a row: a closed page is no closed site.

    After ``REFUSALS_MAX`` of them the run ends; what is left is fetched by a later one.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._most = crawler.settings.getint("REFUSALS_MAX")
        self._in_a_row = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware, as Scrapy does."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Count the answer if it is about an article of the live site."""
        running, work = self._crawler.spider, request.cb_kwargs.get("work")
        if not isinstance(running, AgencySpider) or work is None or work.archived:
            return response
        self._in_a_row = self._in_a_row + 1 if response.status in _REFUSALS else 0
        if self._in_a_row >= self._most:
            running.stop_blocked(
                f"the site refused {self._in_a_row} articles in a row, {request.url} with HTTP "
                f"{response.status} (ask it, and see that USER_AGENT names a contact)"
            )
        return response

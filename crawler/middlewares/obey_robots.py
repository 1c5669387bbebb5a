"""Leave a host alone whose robots.txt cannot be had."""

import logging
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from crawler.reasons import ROBOTS_UNAVAILABLE, advice
from crawler.spider import AgencySpider

logger = logging.getLogger(__name__)


class ObeyRobots(RobotsTxtMiddleware):
    """Obeys robots.txt as Scrapy does, and takes one that the server fails on (5xx) for a no.

    So RFC 9309 wants it; one that is not there (4xx) allows everything. If it is the agency's own
    site that fails, the run ends; any other host, such as an API's, is done without.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.failing: set[str] = set()

    async def process_request(self, request: Request, spider: Spider | None = None) -> None:
        """Let a request out if the host's robots.txt was read, and allows it."""
        await super().process_request(request)
        asks_for_robots = request.meta.get("dont_obey_robotstxt")
        if urlparse_cached(request).netloc in self.failing and not asks_for_robots:
            raise IgnoreRequest(ROBOTS_UNAVAILABLE)

    def process_response(self, request: Request, response: Response) -> Response:
        """Note a robots.txt that the server failed on, time and again; read no rules in it."""
        address = urlparse_cached(request)
        if address.path != "/robots.txt" or response.status < 500:
            return response
        problem = f"{request.url} answers with HTTP {response.status}{advice(ROBOTS_UNAVAILABLE)}"
        spider = self.crawler.spider
        if isinstance(spider, AgencySpider) and urlsplit(spider.site.root).netloc == address.netloc:
            spider.stop_blocked(problem)  # so that nothing is let out, and what waits stays work
        else:
            self.failing.add(address.netloc)
            logger.warning("%s", problem)
        return response.replace(body=b"")  # rules in an error page are nobody's

"""Keeps the delay between requests that a site's robots.txt asks for."""

import logging
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

logger = logging.getLogger(__name__)


class HonourCrawlDelay:
    """Makes a host's Crawl-delay the lower limit of its delay, without jitter.

    A delay in ``DOWNLOAD_SLOTS`` is kept, too.

    AutoThrottle has one lower limit for all hosts, and sets each slot's delay after every response.
    So this extension, which is loaded after it, raises the delay again.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        slots = crawler.settings.getdict("DOWNLOAD_SLOTS")
        self.delays: dict[str, float] = {host: slots[host].get("delay", 0) for host in slots}
        crawler.signals.connect(self.robots_parsed, signal=signals.robots_parsed)
        crawler.signals.connect(self.response_downloaded, signal=signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Listen to the crawler's signals."""
        return cls(crawler)

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Record a host's delay."""
        agent = self.crawler.settings["ROBOTSTXT_USER_AGENT"] or self.crawler.settings["USER_AGENT"]
        delay = robotparser.crawl_delay(agent)
        if delay:
            host = urlparse_cached(request).hostname or ""
            logger.info("%s asks for %g s between requests", host, delay)
            self.delays[host] = max(delay, self.delays.get(host, 0))
            assert self.crawler.stats is not None
            self.crawler.stats.set_value(f"throttling/crawl delay of {host}, seconds", delay)
            self._apply(host)

    def response_downloaded(self, request: Request, response: Response) -> None:
        """Raise the delay that AutoThrottle has just set."""
        self._apply(request.meta["download_slot"])

    def _apply(self, host: str) -> None:
        if host not in self.delays:
            return
        engine: Any = self.crawler.engine
        slot = engine.downloader.slots.get(host)
        if slot is not None:
            slot.delay = max(slot.delay, self.delays[host])
            slot.jitter = 0

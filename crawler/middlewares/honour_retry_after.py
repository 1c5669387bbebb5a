"""Wait as long as a site asks to."""

import logging
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response

from crawler.clock import now
from crawler.reasons import LeftAsWork, ToldToWait
from crawler.spider import AgencySpider

logger = logging.getLogger(__name__)

ASKS_TO_WAIT = frozenset({429, 503})


class HonourRetryAfter(RetryMiddleware):
    """Retries as Scrapy does, and holds every request to a host that sent Retry-After.

    Told to wait longer than ``RETRY_AFTER_MAX`` seconds, it ends the run: what is left is fetched
    by a later one.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Listen for answers: the downloader's next request leaves before a middleware sees one."""
        middleware = super().from_crawler(crawler)
        crawler.signals.connect(middleware.response_downloaded, signal=signals.response_downloaded)
        return middleware

    def response_downloaded(self, request: Request, response: Response) -> None:
        """Hold the host, or end the run, if the answer asks to wait."""
        if not (wait := _wait(response)):
            return
        most = self.crawler.settings.getfloat("RETRY_AFTER_MAX")
        if wait <= most:
            self._hold(request, wait)
        elif isinstance(self.crawler.spider, AgencySpider):
            self.crawler.spider.stop_blocked(
                f"{request.url} asks to wait {wait:.0f} s, more than {most:.0f}"
            )

    def process_request(self, request: Request) -> None:
        """Let no request out any more once the run was told to end."""
        running = self.crawler.spider
        if isinstance(running, AgencySpider) and running.stopped_by:
            raise LeftAsWork("the run ended")

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Return the answer, or a request to repeat once the wait is over."""
        wait = _wait(response)
        if wait and wait > self.crawler.settings.getfloat("RETRY_AFTER_MAX"):
            raise ToldToWait(f"told to wait {wait:.0f} s")
        return super().process_response(request, response)

    def _hold(self, request: Request, wait: float) -> None:
        logger.info("%s asks to wait %.0f s", request.url, wait)
        assert self.crawler.engine is not None
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value("throttling/waits asked for")
        self.crawler.stats.max_value("throttling/longest wait, seconds", wait)
        slot = self.crawler.engine.downloader.slots.get(request.meta["download_slot"])
        if slot is not None:
            # The downloader counts a slot's delay from its last request; without a delay it
            # would not look at the clock at all.
            slot.lastseen = max(slot.lastseen, time.monotonic() + wait)
            slot.delay = max(slot.delay, 0.01)


def _wait(response: Response) -> float | None:
    return retry_after(response, now()) if response.status in ASKS_TO_WAIT else None


def retry_after(response: Response, moment: datetime) -> float | None:
    """Return the seconds an answer asks to wait, from a number or an HTTP date; None if neither."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isdecimal():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - moment).total_seconds())

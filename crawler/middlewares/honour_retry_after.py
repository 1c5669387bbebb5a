"""Wait as long as a site asks to."""

import logging
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response

from crawler.clock import now
from crawler.reasons import ToldToWait
from crawler.spider import AgencySpider

logger = logging.getLogger(__name__)

ASKS_TO_WAIT = frozenset({429, 503})


class HonourRetryAfter(RetryMiddleware):
    """Retries as Scrapy does, and holds every request to a host that sent Retry-After.

    Told to wait longer than ``RETRY_AFTER_MAX`` seconds, it ends the run: what is left is fetched
    by a later one.
    """

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Return the answer, or a request to repeat once the wait is over."""
        if response.status in ASKS_TO_WAIT and (wait := retry_after(response, now())):
            self._hold(request, wait)
        return super().process_response(request, response)

    def _hold(self, request: Request, wait: float) -> None:
        most = self.crawler.settings.getfloat("RETRY_AFTER_MAX")
        if wait > most:
            running = self.crawler.spider
            if isinstance(running, AgencySpider):
                running.stop_blocked(
                    f"{request.url} asks to wait {wait:.0f} s, more than {most:.0f}"
                )
            raise ToldToWait(f"told to wait {wait:.0f} s")
        logger.info("%s asks to wait %.0f s", request.url, wait)
        assert self.crawler.engine is not None
        slot = self.crawler.engine.downloader.slots.get(request.meta["download_slot"])
        if slot is not None:
            # The downloader counts a slot's delay from its last request; without a delay it
            # would not look at the clock at all.
            slot.lastseen = max(slot.lastseen, time.monotonic() + wait)
            slot.delay = max(slot.delay, 0.01)


def retry_after(response: Response, moment: datetime) -> float | None:
    """Return the seconds an answer asks to wait, from a number or an HTTP date; None if neither."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isdecimal():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - moment).total_seconds())

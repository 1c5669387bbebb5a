"""Politeness: obey robots.txt and its delays, wait as long as a site asks, stop if it refuses."""

import logging
import time
from datetime import datetime
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from twisted.python.failure import Failure

from crawler.crawl.download import (
    ELSEWHERE,
    NOT_REACHED,
    ROBOTS_UNAVAILABLE,
    LeftAsWork,
    ToldToWait,
    advice,
    reason_of,
)
from crawler.crawl.spider import AgencySpider
from crawler.extract.document import Document, header_fields
from crawler.extract.errors import BadBody
from crawler.system.clock import now
from crawler.text.dates import read_http_date

logger = logging.getLogger(__name__)

ASKS_TO_WAIT = frozenset({429, 503})

_REFUSALS = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS,
    }
)


class HonourRetryAfter(RetryMiddleware):
    """Retries as Scrapy does, and delays every request to a host that sent Retry-After.

    If the site asks for more than ``RETRY_AFTER_MAX`` seconds, the run ends, and a later run
    fetches what is pending.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Listen for responses: the next request leaves before a middleware sees one."""
        middleware = super().from_crawler(crawler)
        crawler.signals.connect(middleware.response_downloaded, signal=signals.response_downloaded)
        return middleware

    def response_downloaded(self, request: Request, response: Response) -> None:
        """Delay the host, or end the run, if the response asks to wait."""
        if not (wait := _wait(response)):
            return
        most = self.crawler.settings.getfloat("RETRY_AFTER_MAX")
        if wait <= most:
            self._hold(request, wait)
        elif isinstance(self.crawler.spider, AgencySpider):
            self.crawler.spider.run.stop_blocked(
                f"{request.url} asks to wait {wait:.0f} s, more than {most:.0f}"
            )

    def process_request(self, request: Request) -> None:
        """Send no request once the run is ending."""
        running = self.crawler.spider
        if isinstance(running, AgencySpider) and running.run.stopped_by:
            raise LeftAsWork("the run ended")

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Return the response, or a request to repeat after the wait."""
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
            # The downloader counts a slot's delay from its last request. Without a delay it would
            # not look at the clock at all.
            slot.lastseen = max(slot.lastseen, time.monotonic() + wait)
            slot.delay = max(slot.delay, 0.01)


def _wait(response: Response) -> float | None:
    return retry_after(response, now()) if response.status in ASKS_TO_WAIT else None


def retry_after(response: Response, moment: datetime) -> float | None:
    """Return the seconds that a response asks to wait. None without a number or an HTTP date."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isdecimal():
        return float(value)
    until = read_http_date(value)
    return None if until is None else max(0.0, (until - moment).total_seconds())


class HeedRefusals:
    """Counts articles that the site refuses in a row. One closed page is not a closed site.

    After ``REFUSALS_MAX`` of them the run ends, and a later run fetches what is pending.
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
        """Count the response if it is for an article of the live site."""
        running, pending = self._crawler.spider, request.cb_kwargs.get("pending")
        if not isinstance(running, AgencySpider) or pending is None or pending.archived:
            return response
        self._in_a_row = self._in_a_row + 1 if response.status in _REFUSALS else 0
        if self._in_a_row >= self._most:
            running.run.stop_blocked(
                f"the site refused {self._in_a_row} articles in a row (last: {request.url}, HTTP "
                f"{response.status}); contact the site's owner and set CONTACT"
            )
        return response


class ObeyRobots(RobotsTxtMiddleware):
    """Obeys robots.txt as Scrapy does. If it cannot be had, nothing is allowed.

    RFC 9309 demands this for 5xx and network errors; 429, damaged bytes and a redirect to another
    host, which is not followed, are treated alike. Other 4xx and redirect loops allow everything.
    If the agency's own site fails, the run ends; another host, such as an API's, is not used.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.failing: dict[str, str] = {}  # by host, the reason of its requests' failure

    async def process_request(self, request: Request, spider: Spider | None = None) -> None:
        """Send a request if the host's robots.txt was read and allows it."""
        await super().process_request(request)
        reason = self.failing.get(urlparse_cached(request).netloc)
        if reason and not request.meta.get("dont_obey_robotstxt"):
            raise IgnoreRequest(reason)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        """Read the rules of a host. The text of an error page is no rules."""
        if response.status >= 500 or response.status in ASKS_TO_WAIT:
            self._do_without(netloc, f"{response.url} answers with HTTP {response.status}")
        rules = self._rules(response, netloc) if response.status < 300 else ""
        body = rules.encode("utf-8", "replace")
        await super()._parse_robots(response.replace(body=body), netloc, request)

    def _rules(self, response: Response, netloc: str) -> str:
        """Return the text of a robots.txt. Bytes of another kind, such as a picture, have none."""
        headers = header_fields(response)
        try:
            return Document(response.url, response.status, headers, response.body).text
        except BadBody as error:
            if error.reason != "garbled":
                self._do_without(netloc, f"{response.url} cannot be read ({error.reason})")
            return ""

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        """Forbid a host whose robots.txt did not arrive. A redirect that leads nowhere has none."""
        try:
            reason = reason_of(Failure(exc))  # type: ignore[no-untyped-call]
            if reason in NOT_REACHED:
                self.failing[netloc] = reason
            elif not isinstance(exc, IgnoreRequest) or reason == ELSEWHERE:
                self._do_without(netloc, f"robots.txt of {netloc} did not arrive: {reason}")
        finally:
            super()._robots_error(exc, netloc)

    def _do_without(self, netloc: str, problem: str) -> None:
        """End the run if it is the agency's own site, so that articles stay pending."""
        spider, problem = self.crawler.spider, f"{problem}{advice(ROBOTS_UNAVAILABLE)}"
        if isinstance(spider, AgencySpider) and urlsplit(spider.site.root).netloc == netloc:
            spider.run.stop_blocked(problem)
        else:
            self.failing[netloc] = ROBOTS_UNAVAILABLE
            logger.warning("%s", problem)


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

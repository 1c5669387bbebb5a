"""Downloads that a run can take back when it ends: Scrapy would wait for all of them."""

import asyncio
from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.crawl.failures import LeftAsWork

told_to_end = object()  # a signal, as Scrapy's are
time_is_up = object()
TIMERS = 1000  # answers after which the timers of those are dropped


def put_back(crawler: Crawler) -> None:
    """Take back what waits for its turn in the downloader, and what comes to it later."""
    crawler.signals.send_catch_log(told_to_end)
    engine: Any = crawler.engine
    for slot in engine.downloader.slots.values():
        while slot.queue:
            _, waiting = slot.queue.popleft()
            waiting.errback(LeftAsWork("the run ended"))


def break_off(crawler: Crawler) -> None:
    """Take back what is being transferred, and what has come to wait since."""
    put_back(crawler)
    crawler.signals.send_catch_log(time_is_up)


class Transfers(HTTP11DownloadHandler):
    """Scrapy's own handler, which breaks its transfers off when their time is up."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.in_flight: set[asyncio.Task[Any]] = set()  # Scrapy gives each download its own task
        self.ended = 0
        self.is_open = True
        crawler.signals.connect(self.shut, signal=told_to_end)
        crawler.signals.connect(self.break_off, signal=time_is_up)

    def shut(self) -> None:
        """Begin no transfer any more; some requests were on their way to the queue."""
        self.is_open = False

    def break_off(self) -> None:
        """Leave every transfer as work."""
        for transfer in self.in_flight:
            transfer.cancel()

    async def download_request(self, request: Request) -> Response:
        """Return the answer; raise ``LeftAsWork`` if it did not come in time."""
        if not self.is_open:
            raise LeftAsWork("the run ended")
        transfer = asyncio.current_task()
        assert transfer is not None
        self.in_flight.add(transfer)
        try:
            return await super().download_request(request)
        except asyncio.CancelledError:
            raise LeftAsWork("the run ended") from None
        finally:
            self.in_flight.discard(transfer)
            self.ended += 1
            if self.ended % TIMERS == 0:
                drop_timers()


def drop_timers() -> None:
    """Let Twisted drop the timers of what has ended: it keeps them until some timer is due."""
    from twisted.internet import reactor  # to import it earlier would choose one

    clock: Any = reactor
    clock.callLater(0, lambda: None)

"""Downloads that can be cancelled when a run ends. Scrapy would wait for all of them."""

import asyncio
from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.crawl.failures import LeftAsWork

told_to_end = object()  # a signal, made as Scrapy makes its own
time_is_up = object()
TIMERS = 1000  # responses after which expired timers are dropped


def put_back(crawler: Crawler) -> None:
    """Put requests that wait in the downloader back into the queue, now and from now on."""
    crawler.signals.send_catch_log(told_to_end)
    engine: Any = crawler.engine
    for slot in engine.downloader.slots.values():
        while slot.queue:
            _, waiting = slot.queue.popleft()
            waiting.errback(LeftAsWork("the run ended"))


def break_off(crawler: Crawler) -> None:
    """Cancel running transfers, and put back what has come to wait since."""
    put_back(crawler)
    crawler.signals.send_catch_log(time_is_up)


class Transfers(HTTP11DownloadHandler):
    """Scrapy's own handler, with transfers that can be cancelled."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.in_flight: set[asyncio.Task[Any]] = set()  # Scrapy gives each download its own task
        self.ended = 0
        self.is_open = True
        crawler.signals.connect(self.shut, signal=told_to_end)
        crawler.signals.connect(self.break_off, signal=time_is_up)

    def shut(self) -> None:
        """Begin no new transfer. Some requests may still be on their way here."""
        self.is_open = False

    def break_off(self) -> None:
        """Cancel every transfer; its article stays pending."""
        for transfer in self.in_flight:
            transfer.cancel()

    async def download_request(self, request: Request) -> Response:
        """Return the response. Raises ``LeftAsWork`` if the run ends before it arrives."""
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
    """Let Twisted drop the timers of ended transfers. It keeps them until some timer is due."""
    from twisted.internet import reactor  # importing it earlier would choose a reactor

    clock: Any = reactor
    clock.callLater(0, lambda: None)

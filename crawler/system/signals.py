"""What SIGINT and SIGTERM do to a crawl, instead of Scrapy's handlers.

Scrapy's let a spider fetch everything in the downloader first, and after a second signal never
report that the spider was closed. Here the first signal ends the run in order. A second one, or one
before a run exists, ends the process at once; the archive is sound even then.
"""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from signal import SIG_IGN, SIGINT, SIGTERM, Handlers, raise_signal, signal
from types import FrameType
from typing import Any

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler

from crawler.errors import Interrupted


def end_at_once() -> None:
    """End the process at once by either signal, with one line, until a run handles them."""
    _handle(_end)


class Interrupts:
    """Handles both signals from the start of a crawl to its end."""

    def watch(self, crawler: Crawler) -> None:
        """Let the first signal end this crawl once it has begun."""
        self.crawler = crawler
        crawler.signals.connect(self._opened, signal=signals.spider_opened)

    def over(self) -> None:
        """Ignore signals from now on: the exit code is decided."""
        _handle(SIG_IGN)

    def _opened(self) -> None:
        self.loop = asyncio.get_running_loop()
        _handle(self._first)

    def _first(self, number: int, frame: FrameType | None) -> None:
        """Let the event loop stop the run: a handler may interrupt any line of the program."""
        _handle(lambda second, frame: _end(number, frame))
        self.loop.call_soon_threadsafe(self._stop, number)

    def _stop(self, number: int) -> None:
        spider: Any = self.crawler.spider
        if self.crawler.engine is not None and self.crawler.engine.spider is not None:
            spider.run.stop_for(Interrupted(number))


class Ended(KeyboardInterrupt):
    """SIGINT or SIGTERM, raised wherever the program is."""


@contextmanager
def interruptible() -> Iterator[list[int]]:
    """Raise the first signal as ``Ended`` in the block; a second one ends the process at once.

    Yields a list with the number of the first signal, in case the exception was caught.
    """
    asked: list[int] = []

    def end(number: int, frame: FrameType | None) -> None:
        asked.append(number)
        _handle(_end)
        raise Ended

    before = [(number, signal(number, end)) for number in (SIGINT, SIGTERM)]
    try:
        yield asked
    finally:
        for number, handler in before:
            signal(number, handler)


@contextmanager
def in_one_piece() -> Iterator[None]:
    """Delay signals until the block is done, so that its writes are complete or not begun."""
    asked: list[int] = []
    before = {
        number: signal(number, lambda number, frame: asked.append(number))
        for number in (SIGINT, SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal(number, handler)
    if asked:
        raise_signal(asked[0])


def run_crawl(process: AsyncCrawlerProcess) -> None:
    """Run a prepared crawl to its end. A signal ends it in order, and is then raised."""
    asked: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        from twisted.internet import reactor  # importing it earlier would choose a reactor

        _handle(_end)
        asked.append(number)
        reactor.callFromThread(lambda: asyncio.ensure_future(process.stop()))

    before = [(number, signal(number, stop)) for number in (SIGINT, SIGTERM)]
    try:
        process.start(install_signal_handlers=False)
    finally:
        for number, handler in before:
            signal(number, handler)
    if asked:
        raise_signal(asked[0])


def _handle(handler: Callable[[int, FrameType | None], object] | Handlers) -> None:
    for number in (SIGINT, SIGTERM):
        signal(number, handler)


def _end(number: int, frame: FrameType | None) -> None:
    error = Interrupted(number, "it ended at once; what was committed stays")
    os.write(2, f"exit code {error.exit_code:d}: {error}\n".encode())
    os._exit(error.exit_code)

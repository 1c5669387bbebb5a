"""End a run in order if nothing responds, or if the disk is nearly full."""

import shutil
import time
from typing import Any

from scrapy.crawler import Crawler
from scrapy.utils.asyncio import create_looping_call

from crawler.errors import ArchiveError, DiskLow
from crawler.extensions.base import RunExtension
from crawler.report.status import in_words

LOOKS = 10  # checks within STALLED_MINUTES


class Watchdog(RunExtension):
    """Checks the run and its disk by a timer.

    It counts checks, not seconds: a long calculation, such as scanning a large WARC file, delays
    the timer and must not count as silence.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.minutes = crawler.settings.getfloat("STALLED_MINUTES")
        self.seconds = self.minutes * 60 / LOOKS
        self.least = crawler.settings.getint("DISK_FREE_LEAST")
        self.silent = 0  # checks since the last response
        self.looked = time.monotonic()
        self.timer = create_looping_call(self.look)

    def spider_opened(self) -> None:
        """Start the timer, and check the disk before anything is requested."""
        self.timer.start(self.seconds, now=False)
        self._look_at_disk()

    def spider_closed(self) -> None:
        """Stop the timer."""
        if self.timer.running:
            self.timer.stop()

    def response_downloaded(self) -> None:
        """Reset the counter: the site responds."""
        self.silent = 0

    def look(self) -> None:
        """Check once; end the run if necessary."""
        if time.monotonic() - self.looked > self.seconds / 2:  # a late timer may fire twice
            self.looked = time.monotonic()
            self.silent += 1
        if self.silent >= LOOKS:
            self._end_silence()
        self._look_at_disk()

    def _end_silence(self) -> None:
        engine: Any = self.crawler.engine
        told = f"no response for {self.minutes:g} minutes"
        if engine.downloader.active:
            self.run.stop_blocked(f"{told}: the site, or the network, is down")
        else:
            self.run.stop_for(ArchiveError(f"internal error: {told}, and nothing was requested"))

    def _look_at_disk(self) -> None:
        folder = self.run.archive.folder
        free = shutil.disk_usage(folder).free
        if free < self.least:
            self.run.stop_for(
                DiskLow(
                    f"{folder}: {in_words(free)} of the disk are free, less than "
                    f"{in_words(self.least)} (DISK_FREE_LEAST); free disk space; the next run "
                    "fetches what is pending"
                )
            )

"""End a run in order that nobody answers, or for whose data there will soon be no room."""

import shutil
import time
from typing import Any

from scrapy.crawler import Crawler
from scrapy.utils.asyncio import create_looping_call

from crawler.errors import ArchiveError, DiskLow
from crawler.extensions.base import RunExtension
from crawler.report.status import in_words

LOOKS = 10  # in the time that a run may be without an answer


class Watchdog(RunExtension):
    """Looks at the run and its disk by a timer.

    It counts looks, not seconds: a long piece of work, such as looking through a large WARC file,
    keeps the timer waiting, and is no silence.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.minutes = crawler.settings.getfloat("STALLED_MINUTES")
        self.seconds = self.minutes * 60 / LOOKS
        self.least = crawler.settings.getint("DISK_FREE_LEAST")
        self.silent = 0  # looks since the last answer
        self.looked = time.monotonic()
        self.timer = create_looping_call(self.look)

    def spider_opened(self) -> None:
        """Begin with a look, before anything is fetched."""
        self.timer.start(self.seconds, now=False)
        self._look_at_disk()

    def spider_closed(self) -> None:
        """Look no more."""
        if self.timer.running:
            self.timer.stop()

    def response_downloaded(self) -> None:
        """Note that somebody answers."""
        self.silent = 0

    def look(self) -> None:
        """End the run if it is to end."""
        if time.monotonic() - self.looked > self.seconds / 2:  # the timer may come twice at once
            self.looked = time.monotonic()
            self.silent += 1
        if self.silent >= LOOKS:
            self._end_silence()
        self._look_at_disk()

    def _end_silence(self) -> None:
        engine: Any = self.crawler.engine
        told = f"no answer for {self.minutes:g} minutes"
        if engine.downloader.active:
            self.run.stop_blocked(f"{told}: the site, or the network, is down")
        else:
            self.run.stop_for(ArchiveError(f"internal error: {told}, and nothing was asked for"))

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

"""Show how far a run is: a bar on a terminal, else a line in the log from time to time."""

import logging
import sys
import time
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.text import Text
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import create_looping_call
from scrapy.utils.log import get_scrapy_root_handler

from crawler.extensions.base import RunExtension
from crawler.report.progress import Progress, Rate

logger = logging.getLogger(__name__)

REDRAWN = 0.5  # seconds
WIDTH = 10  # characters of the bar itself


class ShowProgress(RunExtension):
    """Looks at the run's figures by a timer; with ``PROGRESS`` off, there is never a bar."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.rate = Rate()
        self.seconds = crawler.settings.getint("PROGRESS_SECONDS")
        self.bar = BarBelowLog() if crawler.settings.getbool("PROGRESS") and _terminal() else None
        self.timer = create_looping_call(self.show)

    def spider_opened(self) -> None:
        """Begin to show."""
        self.rate.take(time.monotonic(), 0)
        if self.bar:
            self.bar.start()
        self.timer.start(REDRAWN if self.bar else self.seconds, now=False)

    def spider_closed(self) -> None:
        """Make room for the run report."""
        if self.timer.running:
            self.timer.stop()
        if self.bar:
            self.bar.stop()

    def show(self) -> None:
        """Show the run as it is now."""
        progress = self._progress()
        if self.bar:
            self.bar.show(progress)
        else:
            logger.info("%s: %s", progress.stage, progress.line)

    def _progress(self) -> Progress:
        run, rounds = self.run, self.spider.rounds
        outcomes, limit = run.outcomes.counts, run.arguments.limit
        done = sum(outcomes.values())
        pending = run.carried_over + run.discovered - done
        to_do = pending + rounds.ids.left
        if limit is not None:
            to_do = min(to_do, limit - done)
        listing = rounds.listing_crawls.in_flight or rounds.search.in_flight
        return Progress(
            stage="closing" if run.stopped_by else "listings" if listing else "articles",
            outcomes=outcomes,
            pending=pending,
            to_do=None if listing or run.stopped_by else to_do,
            rate=self.rate.take(time.monotonic(), done),
        )


class BarBelowLog:
    """A bar in the last line of the terminal; what is logged scrolls above it."""

    def __init__(self) -> None:
        self.console = Console(stderr=True)
        self.bar = Live(
            console=self.console, auto_refresh=False, transient=True, redirect_stdout=False
        )
        self.log: logging.StreamHandler[Any] | None = None

    def start(self) -> None:
        """Draw the bar, and let the log print above it if it goes to the terminal."""
        handler = get_scrapy_root_handler()
        if isinstance(handler, logging.StreamHandler) and handler.stream is sys.stderr:
            self.log = handler
            handler.setStream(self)
        self.bar.start()
        self.console.show_cursor()  # a run that is killed could not bring it back

    def stop(self) -> None:
        """Take the bar away, and give the terminal back."""
        self.bar.stop()
        if self.log:
            self.log.setStream(sys.stderr)

    def show(self, progress: Progress) -> None:
        """Draw how far a run is; a narrow terminal cuts the end off."""
        filled = round(WIDTH * progress.share)
        bar = ("\u2501" * filled, "green"), ("\u2501" * (WIDTH - filled), "dim")
        line = Text.assemble(f"{progress.stage:<9}", *bar, f" {progress.line}")
        line.no_wrap, line.overflow = True, "ellipsis"
        self.bar.update(line, refresh=True)

    def write(self, text: str) -> None:
        """Print a log record as it is, without colours, and wrapped by the terminal alone."""
        self.console.print(Text(text.rstrip("\n")), soft_wrap=True)

    def flush(self) -> None:
        """Do nothing: what is printed is there."""


def _terminal() -> bool:
    return sys.stderr.isatty() and not Console(stderr=True).is_dumb_terminal

"""Shows the progress of a run: a bar on a terminal, otherwise a log line now and then."""

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
    """Shows the run's figures by a timer. With ``PROGRESS`` off, there is never a bar."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.rate = Rate()
        self.seconds = crawler.settings.getint("PROGRESS_SECONDS")
        self.bar = BarBelowLog() if crawler.settings.getbool("PROGRESS") and _terminal() else None
        self.timer = create_looping_call(self.show)

    def spider_opened(self) -> None:
        """Start to show progress."""
        self.rate.take(time.monotonic(), 0)
        if self.bar:
            self.bar.start()
        self.timer.start(REDRAWN if self.bar else self.seconds, now=False)

    def spider_closed(self) -> None:
        """Remove the bar before the run report."""
        if self.timer.running:
            self.timer.stop()
        if self.bar:
            self.bar.stop()

    def show(self) -> None:
        """Show the present figures."""
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
    """A bar in the last line of the terminal. Log lines scroll above it."""

    def __init__(self) -> None:
        self.console = Console(stderr=True)
        self.bar = Live(
            console=self.console, auto_refresh=False, transient=True, redirect_stdout=False
        )
        self.log: logging.StreamHandler[Any] | None = None

    def start(self) -> None:
        """Draw the bar. If the log goes to the terminal, it is printed above the bar."""
        handler = get_scrapy_root_handler()
        if isinstance(handler, logging.StreamHandler) and handler.stream is sys.stderr:
            self.log = handler
            handler.setStream(self)
        self.bar.start()
        self.console.show_cursor()  # a killed run could not show it again

    def stop(self) -> None:
        """Remove the bar, and restore the terminal."""
        self.bar.stop()
        if self.log:
            self.log.setStream(sys.stderr)

    def show(self, progress: Progress) -> None:
        """Draw the progress. On a narrow terminal the end is cut off."""
        filled = round(WIDTH * progress.share)
        bar = ("\u2501" * filled, "green"), ("\u2501" * (WIDTH - filled), "dim")
        line = Text.assemble(f"{progress.stage:<9}", *bar, f" {progress.line}")
        line.no_wrap, line.overflow = True, "ellipsis"
        self.bar.update(line, refresh=True)

    def write(self, text: str) -> None:
        """Print a log record as it is, without colours; only the terminal wraps it."""
        self.console.print(Text(text.rstrip("\n")), soft_wrap=True)

    def flush(self) -> None:
        """Do nothing: everything is printed already."""


def _terminal() -> bool:
    return sys.stderr.isatty() and not Console(stderr=True).is_dumb_terminal

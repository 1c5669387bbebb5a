"""Records the outcome of each article after the pipelines."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from scrapy import Request
from scrapy.exceptions import DropItem
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.crawl.outcomes import Unchanged
from crawler.errors import ArchiveError, DamagedVersion, StorageError
from crawler.extensions.base import RunExtension
from crawler.model.fields import adapt
from crawler.store.frontier import PendingArticle


class RecordOutcomes(RunExtension):
    """Turns Scrapy's signals about items into outcomes of articles."""

    def item_scraped(self, item: Any, response: Response | Failure) -> None:
        """A version was recorded. An operator's pipeline may have made a dict of it."""
        row = adapt(item)
        with self._noting(response) as article_id:
            self.run.outcomes.stored(
                article_id, row.get("change", "new"), row.get("title", ""), row.get("published_at")
            )
            self._remember(response)

    def item_dropped(self, item: Any, response: Response | Failure, exception: DropItem) -> None:
        """A pipeline found the article unchanged, or refused it."""
        with self._noting(response) as article_id:
            if isinstance(exception, Unchanged):
                self.run.outcomes.unchanged(article_id, adapt(item)["fetched_at"])
                self._remember(response)
            else:
                reason = getattr(exception, "reason", "dropped by a pipeline")
                self.run.outcomes.refused(article_id, reason, str(exception))

    def item_error(self, response: Response | Failure, failure: Failure) -> None:
        """A pipeline failed: an internal error, or an error of the storage."""
        pending = _pending_of(response)
        self._fault(pending.id, pending.address, failure)

    def spider_error(self, failure: Failure, response: Response | Failure | None) -> None:
        """A callback, an errback or the start of the spider failed: an internal error."""
        request = getattr(response, "request", None)
        told = request.cb_kwargs if request is not None else {}
        if pending := told.get("pending") or told.get("doubted"):
            self._fault(pending.id, pending.address, failure)
        elif not self._stops(failure.value):
            self.run.faults += 1
        if "crawl" in told:
            told["crawl"].crawls.abandon(told["crawl"], f"fault {type(failure.value).__name__}")

    def _remember(self, response: Response | Failure) -> None:
        """Save the page's validators. If the API was asked in vain, there is no page."""
        if isinstance(response, Response):
            self.spider.rounds.articles.remember(response)

    @contextmanager
    def _noting(self, response: Response | Failure) -> Iterator[str]:
        """Yield the article's id. If its outcome cannot be recorded, end the run.

        Scrapy continues after such an error, and the run would wait for the article forever.
        """
        article_id = _pending_of(response).id
        try:
            yield article_id
        except Exception as error:
            if not self._stops(error):
                self.run.faults += 1
                self.run.stop_for(
                    ArchiveError(f"internal error: the outcome of {article_id} cannot be recorded")
                )
                raise

    def _fault(self, article_id: str, url: str, failure: Failure) -> None:
        error = failure.value
        if isinstance(error, DamagedVersion):  # the other articles are intact
            self.run.outcomes.failed(article_id, "damaged version", url)
        elif not self._stops(error):
            self.run.faults += 1
            self.run.outcomes.failed(article_id, f"fault {type(error).__name__}", url)

    def _stops(self, error: BaseException | None) -> bool:
        """End the run, and return True, if the storage failed or its damage caused the error."""
        if isinstance(self.run.stopped_by, StorageError):
            return True  # later errors are only consequences
        if isinstance(error, sqlite3.Error):
            error = self.run.archive.unwritable(error)
        elif isinstance(error, Exception):
            error = self.run.archive.explained(error)
        if not isinstance(error, StorageError):
            return False
        self.run.stop_for(error)
        return True


def _pending_of(response: Response | Failure) -> PendingArticle:
    """Return the pending article that a response, or what replaced it, was requested for."""
    request: Request = response.request  # type: ignore[assignment,union-attr]
    pending: PendingArticle = request.cb_kwargs["pending"]
    return pending

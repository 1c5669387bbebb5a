"""Articles in a web archive: requests for their captures, and what the answers mean."""

from collections.abc import Iterable, Sequence
from typing import Protocol
from urllib.parse import urlparse

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.clock import now, rfc3339
from crawler.frontier import Work
from crawler.identity import Identity
from crawler.items import Draft
from crawler.memento import (
    SCHEME,
    FalseTime,
    Memento,
    check_time,
    original_document,
    read_memento,
)
from crawler.outcomes import Outcomes
from crawler.page import ArticlePage, read_page
from crawler.reasons import LeftAsWork, reason_of
from crawler.site import header_fields
from crawler.unreadable import EmptyPage, OtherPage, UnknownLayout, UnreadablePage

ABSENT = frozenset({404, 410})
# What is read from a file asks nobody, and need not wait.
FROM_FILE = {
    "dont_obey_robotstxt": True,
    "download_slot": SCHEME,
    "autothrottle_dont_adjust_delay": True,
}
PATIENCE = 3  # requests in a row without an answer; each was repeated before


class Run(Protocol):
    """What archived articles need of the run they are part of."""

    run_id: str

    @property
    def layouts(self) -> Sequence[type[ArticlePage]]:
        """The agency's layouts."""

    def identify(self, url: str) -> Identity | None:
        """Return whose address it is; None, counted, if it is no article's."""

    def stop_blocked(self, message: str) -> None:
        """End the run: who is asked does not want it now."""


class ArchivedArticles:
    """Fetches captures of articles; each ends in one outcome, or as a draft.

    Neither the site nor its API is asked for what a capture lacks: it is as it is. An archive that
    does not answer several times in a row ends the run; what is left stays as work.
    """

    def __init__(self, run: Run, outcomes: Outcomes) -> None:
        self.run = run
        self.outcomes = outcomes
        self._unanswered = 0

    def request(self, work: Work) -> Request | None:
        """Return the request that fetches a capture; None if none can be made."""
        assert work.archived is not None
        try:
            check_time(work.archived.taken_at)  # an earlier release took what it was told
            return Request(
                work.address,
                callback=self.parse,
                errback=self.lost,
                cb_kwargs={"work": work},
                meta=FROM_FILE if urlparse(work.address).scheme == SCHEME else {},
                dont_filter=True,
            )
        except FalseTime as error:
            self._refuse(work, error)
        except ValueError:
            self.outcomes.failed(work.id, "unsupported address", work.address, is_final=True)
        return None

    def parse(self, response: Response, work: Work) -> Iterable[Draft]:
        """Read a captured page, if it is one of the article's."""
        if response.status in ABSENT:
            return self._absent(work, f"HTTP {response.status}")
        if response.status != 200:
            self._unanswer(work, f"HTTP {response.status}")
            return []
        self._unanswered = 0
        headers = header_fields(response)
        memento = read_memento(response.url, headers)
        identity = self.run.identify(memento.original) if memento else None
        if memento is None or identity is None or identity.id != work.id:
            return self._absent(work, "redirected to no capture of it")
        document = original_document(memento, response.status, headers, response.body)
        try:
            return [self._draft(read_page(document, self.run.layouts), work, memento)]
        except FalseTime as error:
            return self._refuse(work, error)
        except (EmptyPage, OtherPage) as error:
            return self._absent(work, error.reason)
        except UnreadablePage as error:
            # No later answer will be in a layout that we know; one that was damaged may be whole.
            is_final = isinstance(error, UnknownLayout)
            self.outcomes.failed(work.id, error.reason, work.address, is_final=is_final)
            return []

    def lost(self, failure: Failure) -> None:
        """Note a capture whose request had no answer."""
        request: Request = failure.request  # type: ignore[attr-defined]
        if not isinstance(failure.value, LeftAsWork):
            self._unanswer(request.cb_kwargs["work"], reason_of(failure))

    def _unanswer(self, work: Work, reason: str) -> None:
        """Note a request without an answer; those that were made before the end are left."""
        if self._unanswered >= PATIENCE:
            return
        self.outcomes.failed(work.id, reason, work.address)
        self._unanswered += 1
        if self._unanswered >= PATIENCE:
            self.run.stop_blocked(f"the archive does not answer ({reason} at {work.address})")

    def _absent(self, work: Work, reason: str) -> list[Draft]:
        self._unanswered = 0
        self.outcomes.absent(work.id, reason, work.address)
        return []

    def _refuse(self, work: Work, error: FalseTime) -> list[Draft]:
        message = f"{error.reason}: {error} ({work.address})"
        self.outcomes.refused(work.id, error.reason, message)
        return []

    def _draft(self, page: ArticlePage, work: Work, memento: Memento) -> Draft:
        """Return what the page says; what says when it was captured is the archive."""
        draft = page.draft()
        draft.id, draft.url, draft.found = work.id, work.url, work.found
        draft.fetched_at, draft.archive_url = memento.taken_at, memento.shown
        draft.first_seen_at = rfc3339(now())
        draft.run = self.run.run_id
        return draft

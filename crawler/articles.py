"""Articles in a run: requests, what their answers mean, and the API to fall back on."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.clock import now, rfc3339
from crawler.discovery.found import Found
from crawler.frontier import Work
from crawler.identity import Identity
from crawler.items import Draft
from crawler.outcomes import Outcomes
from crawler.page import ArticlePage, read_page
from crawler.reasons import LeftAsWork, reason_of
from crawler.site import Site
from crawler.unreadable import UnreadablePage

ABSENT = frozenset({404, 410})


class Run(Protocol):
    """What articles need of the run they are part of."""

    run_id: str
    site: Site

    @property
    def layouts(self) -> Sequence[type[ArticlePage]]:
        """The agency's layouts."""

    def identify(self, url: str) -> Identity | None:
        """Return whose address it is; None, counted, if it is no article's."""

    def take(self, identity: Identity, found: Found) -> None:
        """Take note of an article that a redirect leads to."""

    def api_address(self, work: Work) -> str | None:
        """Return where the agency's API tells the same article, if it has one."""


class Articles:
    """Fetches the articles that are work; each ends in one outcome, or as a draft."""

    def __init__(self, run: Run, outcomes: Outcomes) -> None:
        self.run = run
        self.outcomes = outcomes

    def request(self, work: Work) -> Request | None:
        """Return the request that fetches an article's page; None if none can be made."""
        try:
            return Request(
                self.run.site.local(work.address),
                callback=self.parse,
                errback=self.lost,
                cb_kwargs={"work": work},
                dont_filter=True,
            )
        except ValueError:
            self._end(work, "failed", "unsupported address")
            return None

    def parse(self, response: Response, work: Work) -> Iterable[Draft | Request]:
        """Read an article's page; if it cannot be read, ask the API for the same article."""
        if response.status in ABSENT:
            return self._end(work, "absent", f"HTTP {response.status}")
        if response.status != 200:
            return self._end(work, "failed", f"HTTP {response.status}")
        moved = self._moved(response, work)
        if moved is not None:
            return moved
        try:
            page = read_page(self.run.site.document(response), self.run.layouts)
        except UnreadablePage as error:
            return self._ask_api(work, error.reason)
        self.outcomes.archive.ledger.frontier.answered(work.id, self.run.site.public(response.url))
        return [self._draft(page, work)]

    def _moved(self, response: Response, work: Work) -> list[Draft | Request] | None:
        """Settle an article whose address led to another article, or to no article at all."""
        if "redirect_urls" not in response.meta:
            return None
        identity = self.run.identify(response.url)
        if identity is None:
            return self._end(work, "absent", "redirected to no article")
        if identity.id == work.id:
            return None
        self.run.take(identity, Found(self.run.site.public(response.url), work.found.road))
        return self._end(work, "moved", f"redirected to {identity.id}")

    def _ask_api(self, work: Work, reason: str) -> list[Draft | Request]:
        address = self.run.api_address(work)
        if address is None:
            return self._end(work, "failed", reason)
        request = Request(
            address,
            callback=self.parse_api,
            errback=self.lost,
            cb_kwargs={"work": work, "reason": reason},
            dont_filter=True,
        )
        return [request]

    def parse_api(self, response: Response, work: Work, reason: str) -> Iterable[Draft | Request]:
        """Read an article from the API after its page could not be read for ``reason``."""
        if response.status in ABSENT:
            return self._end(work, "absent", f"{reason}, API HTTP {response.status}")
        if response.status != 200:
            return self._end(work, "failed", f"{reason}, API HTTP {response.status}")
        try:
            page = read_page(self.run.site.document(response), self.run.layouts)
        except UnreadablePage as error:
            return self._end(work, "failed", f"{reason}, API {error.reason}")
        if page.ids and work.id not in page.ids:
            return self._end(work, "failed", f"{reason}, API another article")
        return [self._draft(page, work)]

    def lost(self, failure: Failure) -> None:
        """Note an article whose request had no answer."""
        request: Request = failure.request  # type: ignore[attr-defined]
        if isinstance(failure.value, LeftAsWork):
            return
        before = request.cb_kwargs.get("reason")  # why the API was asked
        reason = reason_of(failure)
        reason = f"{before}, API {reason}" if before else reason
        self._end(request.cb_kwargs["work"], "failed", reason)

    def _end(self, work: Work, outcome: str, reason: str) -> list[Draft | Request]:
        getattr(self.outcomes, outcome)(work.id, reason, work.address)
        return []

    def _draft(self, page: ArticlePage, work: Work) -> Draft:
        """Return what the page says, with what the run knows of the article."""
        draft = page.draft()
        draft.id, draft.url, draft.found = work.id, work.url, work.found
        draft.fetched_at = draft.first_seen_at = rfc3339(now())
        draft.modified_at = draft.modified_at or work.found.modified_raw
        draft.run = self.run.run_id
        return draft

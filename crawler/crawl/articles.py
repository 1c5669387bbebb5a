"""Articles in a run: the requests for them, what each response means, and the API as a fallback."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.crawl.control import Control
from crawler.crawl.download import LeftAsWork, reason_of
from crawler.crawl.guessed_articles import Guess, Guesses
from crawler.crawl.outcomes import Outcomes
from crawler.crawl.run import Run
from crawler.crawl.run_result import UNMODIFIED, UNREAD
from crawler.crawl.wayback import ABSENT, ArchivedArticles
from crawler.extract.errors import AnotherArticle, BadBody, Shell, UnreadablePage
from crawler.extract.page import ArticlePage, draft_of, next_page, read_page
from crawler.extract.version import reading_code
from crawler.model.article import UNKNOWN, Draft, Sighting
from crawler.model.identity import Identity
from crawler.model.link import Link
from crawler.store.frontier import PendingArticle
from crawler.store.states import Validators
from crawler.system.clock import now, rfc3339
from crawler.text.dates import read_http_date, read_moment

NOT_MODIFIED = 304
EXAMPLES = 3
LAST = -1  # priority of a request behind all others


class Articles:
    """Fetches pending articles. Each ends in one outcome, or becomes a draft."""

    def __init__(self, run: Run, outcomes: Outcomes) -> None:
        self.run = run
        self.outcomes = outcomes
        self.pages: Counter[str] = Counter()  # of HTTP 200 pages, by the layout that read them
        self.unread: list[str] = []  # a few addresses that no layout could read
        is_on = run.crawler.settings.getbool("READ_UNKNOWN_LAYOUTS")
        self._guesses = Guesses(run, outcomes.archive, is_on=is_on)
        self._archived = ArchivedArticles(run, outcomes, self._guesses)
        self._control = Control(run, outcomes.archive.ledger)

    def request(self, pending: PendingArticle) -> Request | None:
        """Return the request for an article's page. None if the address cannot be requested."""
        if pending.archived:
            return self._archived.request(pending)
        try:
            address = self.run.site.local(pending.address)
            told = {"pending": self._dated(pending)}
            return self._request(address, self.parse, told, self._conditions(pending))
        except ValueError:
            self._fail(pending, "unsupported address")
            return None

    def _request(
        self, url: str, callback: Any, told: dict[str, Any], headers: dict[str, str] | None = None
    ) -> Request:
        return Request(
            url, callback, headers=headers, errback=self.lost, cb_kwargs=told, dont_filter=True
        )

    def _dated(self, pending: PendingArticle) -> PendingArticle:
        """Add the ``Last-Modified`` of the last visit, if it is the article's time of change.

        Many servers send the time of the request, or of a copy. So it counts only if a source told
        exactly the same time.
        """
        raw = pending.validators.last_modified if pending.validators else None
        moment = read_http_date(raw)
        told = self.outcomes.archive.ledger.frontier.times_of_change(pending.id) if moment else ()
        if moment not in (read_moment(each, self.run.rules.timestamp) for each in told):
            return pending
        return replace(pending, link=replace(pending.link, last_modified=raw))

    def _conditions(self, pending: PendingArticle) -> dict[str, str]:
        """Return headers that ask for a page only if it has changed.

        After a change of the extractor's code the page is always requested in full.
        """
        known = pending.validators
        if known is None or known.code != reading_code(self.run.name):
            return {}
        headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        return {name: value for name, value in headers.items() if value}

    def parse(self, response: Response, pending: PendingArticle) -> Iterable[Draft | Request]:
        """Read an article's page. If it cannot be read, ask the API for the same article."""
        known = pending.validators if response.status == NOT_MODIFIED else None
        if response.status in ABSENT:
            return self._absent(pending, f"HTTP {response.status}", self._page_said(response))
        if response.status != 200 and not known:
            return self._fail(pending, f"HTTP {response.status}")
        moved = self._moved(response, pending)
        if moved is not None:
            return moved
        if known:
            self._count(pending, UNMODIFIED)
            self.outcomes.not_modified(pending.id, known.size)
            return []
        return self._read(response, pending)

    def _read(self, response: Response, pending: PendingArticle) -> list[Draft | Request]:
        """Read the article's own page."""
        document = self.run.site.document(response)
        try:
            page = read_page(document, self.run.layouts)
        except UnreadablePage as error:
            guess = self._guesses.read(document, response, pending, error)
            if not isinstance(error, BadBody):  # then the transfer failed, not the page
                self._count(pending, UNREAD)
            shell = self._page_said(response) if isinstance(error, Shell) else None
            return self._ask_api(pending, error.reason, shell, guess)
        self._count(pending, page.layout)
        if self.outcomes.archive.ledger.states.is_anothers(pending.id, page.own_ids):
            return self._fail(pending, AnotherArticle.reason)
        return self._read_on((page,), response, pending)

    def _read_on(
        self, pages: tuple[ArticlePage, ...], first: Response, pending: PendingArticle
    ) -> list[Draft | Request]:
        """Request the next page of a long article; return a draft once all are read."""
        try:
            address = next_page(pages)
        except UnreadablePage as error:
            return self._fail(pending, error.reason)
        if address is None:
            if len(pages) > 1:
                captures = self.outcomes.archive.captures
                captures.read_from(pending.id, first.meta.get("exchange"))
            return [self._draft(pages[0], pending, first, pages[1:])]
        told = {"pending": pending, "first": first, "pages": pages}
        return [self._request(self.run.site.local(address), self.parse_further, told)]

    def parse_further(
        self,
        response: Response,
        pending: PendingArticle,
        first: Response,
        pages: tuple[ArticlePage, ...],
    ) -> list[Draft | Request]:
        """Read a further page of an article. If one cannot be read, the whole article fails."""
        name = f"page {len(pages) + 1}"
        if response.status != 200 or "redirect_urls" in response.meta:
            status = f"HTTP {response.status}" if response.status != 200 else "redirected"
            return self._fail(pending, f"{name}: {status}")
        try:
            page = read_page(self.run.site.document(response), self.run.layouts)
        except UnreadablePage as error:
            return self._fail(pending, f"{name}: {error.reason}")
        return self._read_on((*pages, page), first, pending)

    def remember(self, response: Response) -> None:
        """Save the page's ETag and Last-Modified, once its content is recorded."""
        pending = response.cb_kwargs["pending"]
        # Responses of the API or of a web archive say nothing about the page on the site. A page
        # that is one of several does not show whether the others changed.
        if not response.cb_kwargs.keys().isdisjoint({"reason", "pages"}) or pending.archived:
            return
        etag, last_modified = (
            value.decode("latin-1") if (value := response.headers.get(name)) else None
            for name in ("ETag", "Last-Modified")
        )
        code = reading_code(self.run.name) if etag or last_modified else None
        self.outcomes.archive.ledger.states.validate_with(
            pending.id,
            Validators(etag, last_modified, len(response.body), code),
        )

    def _moved(self, response: Response, pending: PendingArticle) -> list[Draft | Request] | None:
        """Handle a redirect to another article, or to a page that is no article."""
        if "redirect_urls" not in response.meta:
            return None
        identity = self.run.identify(response.url)
        if identity is None:
            reason = "redirected to no article"
            stored = self.outcomes.archive.ledger.origin(pending.id) is not None
            if stored and not self.run.site.is_home_page(response.url):
                return self._fail(pending, reason)  # maintenance, not a deletion
            status = response.meta["redirect_reasons"][0]
            answer = replace(
                self._page_said(response), status=status, url=self.run.site.public(pending.address)
            )
            return self._absent(pending, reason, answer)
        if identity.id == pending.id:
            return None
        link = Link(self.run.site.public(response.url), pending.link.source)
        self.run.take(identity, link, self.run.backfill)
        self.outcomes.moved(pending.id, f"redirected to {identity.id}", pending.address)
        return []

    def _ask_api(
        self, pending: PendingArticle, reason: str, shell: Sighting | None, guess: Guess | None
    ) -> list[Draft | Request]:
        address = self.run.agency.api_address(pending)
        if address is None or pending.id in self._guesses.doubted:
            return self._fall_back(pending, reason, guess)
        told = {"pending": pending, "reason": reason, "shell": shell, "guess": guess}
        return [self._request(address, self.parse_api, told)]

    def parse_api(
        self,
        response: Response,
        pending: PendingArticle,
        reason: str,
        shell: Sighting | None,
        guess: Guess | None,
    ) -> Iterable[Draft | Request]:
        """Read an article from the API after its page could not be read for ``reason``.

        The API alone may be wrong about what exists. Its 404 counts only if the page was a
        ``shell`` (a page without an article), and if page and API answer differently for an article
        that exists.
        """
        if response.status in ABSENT and shell:
            said = replace(self._page_said(response), asked="api")
            return self._doubt(pending, f"{reason}, API HTTP {response.status}", shell, said)
        if response.status != 200:
            return self._fall_back(pending, f"{reason}, API HTTP {response.status}", guess)
        try:
            page = read_page(self.run.site.document(response), self.run.layouts)
        except UnreadablePage as error:
            return self._fall_back(pending, f"{reason}, API {error.reason}", guess)
        if page.ids and pending.id not in page.ids:
            return self._fall_back(pending, f"{reason}, API another article", guess)
        return [self._draft(page, pending, response)]

    def _fall_back(
        self, pending: PendingArticle, reason: str, guess: Guess | None
    ) -> list[Draft | Request]:
        """Handle an article that no layout could read: use a believed guess, or fail."""
        believed = guess is not None and self._guesses.is_believed(guess, pending)
        if guess is None or believed is False:
            return self._fail(pending, reason)
        if believed is None:
            again = self.request(pending)
            return [again.replace(priority=LAST)] if again else []
        if self._says_something(pending):
            self.pages += Counter({UNREAD: -1, UNKNOWN: 1})
        self.outcomes.archive.captures.read_from(pending.id, guess.response.meta.get("exchange"))
        return [self._draft(guess.page, pending, guess.response)]

    def _doubt(
        self, pending: PendingArticle, reason: str, *answers: Sighting
    ) -> Iterable[Draft | Request]:
        """Handle an article that neither page nor API has: absent if they have another."""

        def settle(has_others: bool) -> list[Draft | Request]:
            if has_others or self.outcomes.is_listed(pending.id):
                self.pages -= Counter([UNREAD] * self._says_something(pending))
                return self._absent(pending, reason, *answers)
            return self._fail(pending, reason)

        return self._control.ask(pending, settle)

    def lost(self, failure: Failure) -> list[Draft | Request]:
        """Handle a request that got no response."""
        request: Request = failure.request  # type: ignore[attr-defined]
        if isinstance(failure.value, LeftAsWork):
            return []
        before = request.cb_kwargs.get("reason")  # why the API was asked
        reason = reason_of(failure)
        reason = f"{before}, API {reason}" if before else reason
        if pages := request.cb_kwargs.get("pages"):
            reason = f"page {len(pages) + 1}: {reason}"
        return self._fall_back(request.cb_kwargs["pending"], reason, request.cb_kwargs.get("guess"))

    def _count(self, pending: PendingArticle, read: str) -> None:
        """Count which layout read a page."""
        if not self._says_something(pending) or pending.id in self._guesses.doubted:
            return
        self.pages[read] += 1
        if read == UNREAD and len(self.unread) < EXAMPLES:
            self.unread.append(self.run.site.public(pending.address))

    def _says_something(self, pending: PendingArticle) -> bool:
        """Return whether a page counts. In plain runs, an article that failed before does not."""
        return not pending.attempts or self.run.backfill is not None

    def _page_said(self, response: Response) -> Sighting:
        """Return a response as evidence, with the time of its capture."""
        taken_at = response.meta.get("taken_at") or rfc3339(now())
        return Sighting(response.status, taken_at, "page", self.run.site.public(response.url))

    def _absent(
        self, pending: PendingArticle, reason: str, *answers: Sighting
    ) -> list[Draft | Request]:
        self.outcomes.absent(pending.id, reason, pending.address, answers)
        return []

    def _fail(self, pending: PendingArticle, reason: str) -> list[Draft | Request]:
        self.outcomes.failed(pending.id, reason, pending.address)
        return []

    def _draft(
        self,
        page: ArticlePage,
        pending: PendingArticle,
        response: Response,
        more: Sequence[ArticlePage] = (),
    ) -> Draft:
        """Return a draft from a page or an API response, with what the run knows about the article.

        From now on the article is requested at the address that returned this page.
        """
        address = self.run.site.public(response.url)
        if page.source == "page" and address != pending.address:  # nearly always the same
            self.outcomes.archive.ledger.states.answered(pending.id, address)
        taken_at = response.meta.get("taken_at") or rfc3339(now())  # as in the capture
        draft = draft_of(
            page, Identity(pending.id, pending.url), pending.link, fetched_at=taken_at, more=more
        )
        draft.run = self.run.run_id
        return draft

"""Articles in a run: requests, what their answers mean, and the API to fall back on."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.crawl.control import Control
from crawler.crawl.failures import LeftAsWork, reason_of
from crawler.crawl.guesses import Guess, Guesses
from crawler.crawl.outcomes import Outcomes
from crawler.crawl.run import Run
from crawler.crawl.run_result import UNMODIFIED, UNREAD
from crawler.crawl.wayback import ArchivedArticles
from crawler.extract.article import draft_of, next_page
from crawler.extract.errors import AnotherArticle, BadBody, Shell, UnreadablePage
from crawler.extract.page import ArticlePage, read_page
from crawler.extract.version import reading_code
from crawler.model.article import UNKNOWN, Draft, Sighting
from crawler.model.identity import Identity
from crawler.model.link import Link
from crawler.store.frontier import PendingArticle
from crawler.store.states import Validators
from crawler.system.clock import now, rfc3339

ABSENT = frozenset({404, 410})
NOT_MODIFIED = 304
EXAMPLES = 3
LAST = -1  # priority of a request behind all others


class Articles:
    """Fetches the articles that are work; each ends in one outcome, or as a draft."""

    def __init__(self, run: Run, outcomes: Outcomes) -> None:
        self.run = run
        self.outcomes = outcomes
        self.pages: Counter[str] = Counter()  # that answered 200, by the layout that read them
        self.unread: list[str] = []  # addresses of a few that none did
        is_on = run.crawler.settings.getbool("READ_UNKNOWN_LAYOUTS")
        self._guesses = Guesses(run, outcomes.archive, is_on=is_on)
        self._archived = ArchivedArticles(run, outcomes, self._guesses)
        self._control = Control(run, outcomes.archive.ledger)

    def request(self, pending: PendingArticle) -> Request | None:
        """Return the request that fetches an article's page; None if none can be made."""
        if pending.archived:
            return self._archived.request(pending)
        try:
            return Request(
                self.run.site.local(pending.address),
                headers=self._conditions(pending),
                callback=self.parse,
                errback=self.lost,
                cb_kwargs={"pending": pending},
                dont_filter=True,
            )
        except ValueError:
            self._fail(pending, "unsupported address")
            return None

    def _conditions(self, pending: PendingArticle) -> dict[str, str]:
        """Ask for a page only if it changed; other code than read it must see it all again."""
        known = pending.validators
        if known is None or known.code != reading_code(self.run.name):
            return {}
        headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        return {name: value for name, value in headers.items() if value}

    def parse(self, response: Response, pending: PendingArticle) -> Iterable[Draft | Request]:
        """Read an article's page; if it cannot be read, ask the API for the same article."""
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
        """Read the article's own page; the address is the one to ask from now on."""
        document = self.run.site.document(response)
        try:
            page = read_page(document, self.run.layouts)
        except UnreadablePage as error:
            guess = self._guesses.read(document, response, pending, error)
            if not isinstance(error, BadBody):  # which is the transfer's fault, not the page's
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
        """Ask for the page on which an article goes on; record it once it is whole."""
        try:
            address = next_page(pages)
        except UnreadablePage as error:
            return self._fail(pending, error.reason)
        if address is None:
            if len(pages) > 1:
                captures = self.outcomes.archive.captures
                captures.read_from(pending.id, first.meta.get("exchange"))
            return [self._draft(pages[0], pending, first, pages[1:])]
        request = Request(
            self.run.site.local(address),
            callback=self.parse_further,
            errback=self.lost,
            cb_kwargs={"pending": pending, "first": first, "pages": pages},
            dont_filter=True,
        )
        return [request]

    def parse_further(
        self,
        response: Response,
        pending: PendingArticle,
        first: Response,
        pages: tuple[ArticlePage, ...],
    ) -> list[Draft | Request]:
        """Read another page of an article; without it there is half a text, which is none."""
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
        """Note what a page can be validated with, once what it says is recorded."""
        pending = response.cb_kwargs["pending"]
        # Neither the API's answer nor an archive's tells anything of the site's page.
        # Nor does one of several pages tell whether the others are as they were.
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
        """Settle an article whose address led to another article, or to no article at all."""
        if "redirect_urls" not in response.meta:
            return None
        identity = self.run.identify(response.url)
        if identity is None:
            reason = "redirected to no article"
            stored = self.outcomes.archive.ledger.origin(pending.id) is not None
            if stored and not self.run.site.is_home_page(response.url):
                return self._fail(pending, reason)  # a site at work, not an article taken down
            status = response.meta["redirect_reasons"][0]
            answer = replace(
                self._page_said(response), status=status, url=self.run.site.public(pending.address)
            )
            return self._absent(pending, reason, answer)
        if identity.id == pending.id:
            return None
        link = Link(self.run.site.public(response.url), pending.link.source)
        self.run.take(identity, link, self.run.arguments.backfill)
        self.outcomes.moved(pending.id, f"redirected to {identity.id}", pending.address)
        return []

    def _ask_api(
        self, pending: PendingArticle, reason: str, shell: Sighting | None, guess: Guess | None
    ) -> list[Draft | Request]:
        address = self.run.agency.api_address(pending)
        if address is None or self._guesses.is_second_look(pending):
            return self._fall_back(pending, reason, guess)
        request = Request(
            address,
            callback=self.parse_api,
            errback=self.lost,
            cb_kwargs={"pending": pending, "reason": reason, "shell": shell, "guess": guess},
            dont_filter=True,
        )
        return [request]

    def parse_api(
        self,
        response: Response,
        pending: PendingArticle,
        reason: str,
        shell: Sighting | None,
        guess: Guess | None,
    ) -> Iterable[Draft | Request]:
        """Read an article from the API after its page could not be read for ``reason``.

        What the API does not have may be there: only with a page that is a ``shell``, both of them
        unlike those of an article that is there, its answer says anything of the article.
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
        """Settle an article that no layout read: by a guess that is believed, or as failed."""
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
        """Settle an article that neither page nor API has: it counts if they have others."""

        def settle(has_others: bool) -> list[Draft | Request]:
            if has_others or self.outcomes.is_listed(pending.id):
                self.pages -= Counter([UNREAD] * self._says_something(pending))
                return self._absent(pending, reason, *answers)
            return self._fail(pending, reason)

        return self._control.ask(pending, settle)

    def lost(self, failure: Failure) -> list[Draft | Request]:
        """Settle an article whose request had no answer."""
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
        """Count what read a page."""
        if not self._says_something(pending) or self._guesses.is_second_look(pending):
            return
        self.pages[read] += 1
        if read == UNREAD and len(self.unread) < EXAMPLES:
            self.unread.append(self.run.site.public(pending.address))

    def _says_something(self, pending: PendingArticle) -> bool:
        """Tell whether a page counts: plain runs try one that failed time and again."""
        return not pending.attempts or self.run.arguments.backfill is not None

    def _page_said(self, response: Response) -> Sighting:
        """Return an answer as evidence; its time is that of its capture."""
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
        """Return what a page or an API's answer says, with what the run knows of the article.

        The address that answers with the page is the one to ask from now on.
        """
        address = self.run.site.public(response.url)
        if page.source == "page" and address != pending.address:  # nearly always it is as asked for
            self.outcomes.archive.ledger.states.answered(pending.id, address)
        taken_at = response.meta.get("taken_at") or rfc3339(now())  # its capture says the same
        draft = draft_of(
            page, Identity(pending.id, pending.url), pending.link, fetched_at=taken_at, more=more
        )
        draft.run = self.run.run_id
        return draft

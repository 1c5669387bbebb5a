"""Decides whether a response without an article is evidence, by requesting one that exists."""

from collections.abc import Callable, Iterable
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.crawl.download import LeftAsWork
from crawler.crawl.run import Run
from crawler.extract.errors import UnreadablePage
from crawler.extract.page import ArticlePage, read_page
from crawler.store.frontier import PendingArticle
from crawler.store.ledger import Ledger

Settle = Callable[[bool], Iterable[Any]]  # what to do once the answer is known


class Control:
    """Checks that page and API still show articles that exist.

    Only then is a page without an article, which the API does not know either, the site's way to
    say that the article does not exist. Otherwise the site may now be rendered by scripts, or the
    API may have moved.

    1. The control is another stored article, last read in the layout of the doubted one (in any
       layout, if that one was never stored).
    2. Its page must be readable in that layout again, and the API must return it.
    3. The result holds for this layout until the end of the round.
    """

    def __init__(self, run: Run, ledger: Ledger) -> None:
        self.run = run
        self.ledger = ledger
        self._found: dict[tuple[str | None, float], bool] = {}

    def ask(self, doubted: PendingArticle, settle: Settle) -> Iterable[Any]:
        """Return the result for a doubted article, or the requests for the control first."""
        layout = self.ledger.layout(doubted.id)
        known = self._found.get((layout, self.ledger.frontier.began))
        control = self.ledger.frontier.last_read(doubted.id, layout) if known is None else None
        if control is None:
            return settle(bool(known))
        told = {"doubted": doubted, "control": control, "layout": layout, "settle": settle}
        return [self._request(self.run.site.local(control.address), self.parse, told)]

    def _request(self, url: str, callback: Any, told: dict[str, Any]) -> Request:
        return Request(url, callback=callback, errback=self.lost, cb_kwargs=told, dont_filter=True)

    def parse(self, response: Response, control: PendingArticle, **told: Any) -> Iterable[Any]:
        """Check that the control's page is readable as before, then request it from the API."""
        address = self.run.agency.api_address(control)
        identity = self.run.identify(response.url) if response.status == 200 else None
        is_own = identity is not None and identity.id == control.id
        page = self._read(response) if is_own else None
        if page is None or address is None or page.layout != (told["layout"] or page.layout):
            return self._conclude(is_there=False, **told)
        return [self._request(address, self.parse_api, {"control": control, **told})]

    def parse_api(self, response: Response, control: PendingArticle, **told: Any) -> Iterable[Any]:
        """Check that the API returns the control."""
        page = self._read(response) if response.status == 200 else None
        return self._conclude(is_there=page is not None and control.id in page.ids, **told)

    def lost(self, failure: Failure) -> Iterable[Any]:
        """Treat a request without a response as no evidence."""
        if isinstance(failure.value, LeftAsWork):
            return []
        request: Request = failure.request  # type: ignore[attr-defined]
        told = {name: request.cb_kwargs[name] for name in ("doubted", "layout", "settle")}
        return self._conclude(is_there=False, **told)

    def _conclude(
        self, *, is_there: bool, doubted: PendingArticle, layout: str | None, settle: Settle
    ) -> Iterable[Any]:
        self._found[layout, self.ledger.frontier.began] = is_there
        return settle(is_there)

    def _read(self, response: Response) -> ArticlePage | None:
        try:
            return read_page(self.run.site.document(response), self.run.layouts)
        except UnreadablePage:
            return None

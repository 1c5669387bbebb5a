"""Walks of listings in a run: requests, what their answers mean, and the roads to fall back on."""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.crawl.failures import LeftAsWork, advice, reason_of
from crawler.crawl.run import Run
from crawler.discovery.listing import Listing, ListPage, NotAListing, find_fault
from crawler.discovery.walk import Step, Walk
from crawler.extract.errors import UnreadablePage
from crawler.model.identity import Identity
from crawler.model.link import Found
from crawler.store.ledger import Ledger
from crawler.system.clock import now

logger = logging.getLogger(__name__)

# Listings before articles: what is new must be known before the order of work can be right.
PRIORITY = 10


EMPTY = "an empty list"
ENDS_EARLY = "the list ends above where it was to be read to"
NOTHING_THERE = frozenset({"HTTP 404", EMPTY})  # what a listing answers that need not exist


@dataclass
class Road:
    """A listing being walked, and the listings to try if it fails."""

    walks: "Walks"
    listing: Listing
    walk: Walk
    alternatives: Sequence[Listing]


class Walks:
    """Walks every edition's listings; tells the run of each article found.

    Plain walks stop at their marks and move them; those of a ``backfill`` go from ``until`` down
    to ``since`` and leave the marks alone. Both are RFC 3339 in the agency's offset, as
    ``moment`` returns times; without a mark, a plain walk stops at ``since``, too.
    """

    def __init__(
        self,
        ledger: Ledger,
        run: Run,
        *,
        backfill: str | None,
        since: str | None,
        until: str | None,
    ) -> None:
        self.ledger = ledger
        self.run = run
        self.backfill = backfill
        self.plain = backfill is None
        self.since = since
        self.until = until
        self.under_way = 0
        self.served: Counter[str] = Counter()
        self.failures: dict[str, str] = {}
        self.unread: list[str] = []  # addresses that answered with what is no list any more

    def start(self, chains: Iterable[Sequence[Listing]]) -> Iterable[Request]:
        """Begin a walk on the first listing of each chain; the others are its alternatives."""
        for chain in chains:
            usable = [listing for listing in chain if self.plain or listing.dated]
            if usable:
                yield self._begin(usable)

    def _begin(self, chain: Sequence[Listing]) -> Request:
        listing = chain[0]
        mark = self.ledger.mark(listing.edition, listing.road) if self.plain else None
        horizon = self.since if listing.dated else None
        self.under_way += 1
        return self._request(
            Road(self, listing, Walk(mark, horizon, dated=listing.dated), chain[1:])
        )

    def _request(self, road: Road) -> Request:
        return Request(
            road.listing.address(road.walk.page),
            callback=self.parse,
            errback=self.lost,
            cb_kwargs={"road": road},
            dont_filter=True,
            priority=PRIORITY,
        )

    def parse(self, response: Response, road: Road) -> Iterable[Request]:
        """Take a page's entries and read on, or fall back to the next road."""
        if response.status not in (200, 404):
            return self._fall_back(road, response.url, f"HTTP {response.status}")
        try:
            page = self._read(response, road)
        except (NotAListing, UnreadablePage) as error:
            if response.status == 200:
                self.unread.append(self.run.site.public(response.url))
            reason = error.reason if isinstance(error, UnreadablePage) else str(error)
            return self._fall_back(road, response.url, reason)
        return self._take(page, road, response.url)

    def _read(self, response: Response, road: Road) -> ListPage:
        try:
            if response.status == 404:
                raise NotAListing("HTTP 404")
            return road.listing.read(self.run.site.document(response))
        except NotAListing:
            if road.walk.page > 1 and not road.listing.tells_last:
                return ListPage((), is_last=True)
            raise

    def lost(self, failure: Failure) -> Iterable[Request]:
        """Fall back after a request without an answer."""
        request: Request = failure.request  # type: ignore[attr-defined]
        road: Road = request.cb_kwargs["road"]
        if isinstance(failure.value, LeftAsWork):
            self.under_way -= 1  # its mark stays, so it is walked again
            return []
        return self._fall_back(road, request.url, reason_of(failure))

    def abandon(self, road: Road, reason: str) -> None:
        """End a walk that was broken off; its mark stays, so it is walked again."""
        self.under_way -= 1
        self.failures[f"{road.listing.edition}/{road.listing.road}"] = reason

    def _take(self, page: ListPage, road: Road, url: str) -> list[Request]:
        if not page.entries and not page.is_index and road.walk.page == 1:
            return self._fall_back(road, url, EMPTY)
        steps = self._note(page, road.listing, url)
        if road.walk.page == 1 and (fault := self._fault(road.listing, steps)):
            return self._fall_back(road, url, fault)
        undated = bool(steps) and not any(step.order for step in steps)
        if road.listing.dated and undated and not page.is_last:
            return self._fall_back(road, url, "no readable dates")
        read_on = road.walk.take(
            steps, is_last=page.is_last, is_index=page.is_index, total=page.total
        )
        if read_on is not None:
            return [self._request(road)]
        if not road.walk.arrived:
            return self._fall_back(road, url, ENDS_EARLY)
        self._finish(road)
        return []

    def _fault(self, listing: Listing, steps: Sequence[Step]) -> str | None:
        return find_fault(listing, [step.order for step in steps], now())

    def _note(self, page: ListPage, listing: Listing, url: str) -> list[Step]:
        """Take note of a page's articles, and return them as steps of the walk."""
        steps = []
        for entry in page.entries:
            found = replace(entry, url=joined(url, entry.url))
            if identity := self.run.identify(found.url):
                order = self._order(listing, found, identity)
                steps.append(Step(identity.id, order))
                if self._wanted(found, order):
                    self.run.take(identity, found, self.backfill)
        return steps

    def _order(self, listing: Listing, found: Found, identity: Identity) -> str | None:
        if listing.dated:
            return self.run.moment(found.published_raw)
        return listing.order(found, identity)

    def _wanted(self, found: Found, order: str | None) -> bool:
        """Tell whether an entry lies in the time that is asked for; one without a time may.

        A plain run takes what its pages list; only a sitemap, which lists everything, is held to
        what changed of late.
        """
        if self.plain and found.road != "sitemap":
            return True
        moment = self.run.moment(found.modified_raw) if self.plain else order
        if moment is None:
            return True
        since = (self.since or "")[: len(moment)]  # a day alone is compared as a day
        return since <= moment <= (self.until or "9999")

    def _finish(self, road: Road) -> None:
        listing = road.listing
        name = f"{listing.edition}/{listing.road}"
        self.under_way -= 1
        self.served[name] += 1
        self.failures.pop(name, None)  # in an earlier round of a long run
        if self.plain:
            self.ledger.set_mark(listing.edition, listing.road, road.walk.next_mark)

    def _fall_back(self, road: Road, url: str, reason: str) -> list[Request]:
        name = f"{road.listing.edition}/{road.listing.road}"
        if road.listing.optional and reason in NOTHING_THERE:
            self.under_way -= 1
            logger.debug("road %s is not there: %s at %s", name, reason, url)
            return []
        self.failures[name] = reason
        then = "trying another road" if road.alternatives else "no other road is left"
        remedy = advice(reason) or " (scrapy probe shows what the site answers now)"
        logger.warning("road %s failed: %s at %s; %s%s", name, reason, url, then, remedy)
        self.under_way -= 1
        return [self._begin(road.alternatives)] if road.alternatives else []


def joined(base: str, address: str) -> str:
    """Complete a link of a page; one that is no address at all is refused later, and counted."""
    try:
        return urljoin(base, address)
    except ValueError:
        return address

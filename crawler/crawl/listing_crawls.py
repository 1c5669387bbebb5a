"""Listing crawls in a run: requests, what the responses mean, and sources to fall back on."""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.crawl.download import LeftAsWork, advice, reason_of
from crawler.crawl.run import Run
from crawler.discovery.listing import (
    Entry,
    Listing,
    ListPage,
    NotAListing,
    Paging,
    find_fault,
    joined,
)
from crawler.extract.decode import LARGEST_LISTING
from crawler.extract.errors import UnreadablePage
from crawler.model.identity import Identity
from crawler.model.link import Link
from crawler.store.ledger import Ledger
from crawler.system.clock import now

logger = logging.getLogger(__name__)

# Listings come before articles: only with all new articles known is their order right.
PRIORITY = 10


EMPTY = "an empty list"
ENDS_EARLY = "the list ends before the requested point"
_SIZE = {"download_maxsize": LARGEST_LISTING, "download_warnsize": LARGEST_LISTING}
NOTHING_THERE = frozenset({"HTTP 404", EMPTY})  # the statuses of a listing that need not exist


@dataclass
class ListingCrawl:
    """A listing crawl: the listing, its alternatives, and why a part of it was skipped."""

    crawls: "ListingCrawls"
    listing: Listing
    paging: Paging
    alternatives: Sequence[Listing]
    missed: str | None = None


class ListingCrawls:
    """Crawls the listings of every edition, and gives the run each article found.

    A plain crawl stops at its checkpoint, or at ``since`` if it has none, and moves it. The crawl
    of a ``backfill`` goes from ``until`` down to ``since`` and leaves the checkpoint alone. Both
    are RFC 3339 in the agency's offset, as ``moment`` returns times.
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
        self.in_flight = 0
        self.served: Counter[str] = Counter()
        self.failures: dict[str, str] = {}
        self.unread: list[str] = []  # addresses whose response is no longer a list
        self._not_there: set[str] = set()  # editions with an optional listing that does not exist

    @property
    def unlisted(self) -> set[str]:
        """The editions without any listing."""
        return self._not_there - {name.partition("/")[0] for name in (*self.served, *self.failures)}

    def start(self, chains: Iterable[Sequence[Listing]]) -> Iterable[Request]:
        """Begin a crawl of the first listing of each chain. The others are its alternatives."""
        for chain in chains:
            usable = [listing for listing in chain if self.plain or listing.dated]
            if usable:
                yield self._begin(usable)

    def _begin(self, chain: Sequence[Listing]) -> Request:
        listing = chain[0]
        checkpoint = self.ledger.checkpoint(listing.edition, listing.source) if self.plain else None
        horizon = self.since if listing.dated else None
        self.in_flight += 1
        return self._request(
            ListingCrawl(self, listing, Paging(checkpoint, horizon, dated=listing.dated), chain[1:])
        )

    def _request(self, crawl: ListingCrawl) -> Request:
        return Request(
            crawl.listing.address(crawl.paging.page),
            callback=self.parse,
            errback=self.lost,
            cb_kwargs={"crawl": crawl},
            meta=dict(_SIZE),
            dont_filter=True,
            priority=PRIORITY,
        )

    def parse(self, response: Response, crawl: ListingCrawl) -> Iterable[Request]:
        """Record a page's entries and continue, or fall back to the next source."""
        if response.status not in (200, 404):
            return self._miss(crawl, response.url, f"HTTP {response.status}")
        try:
            page = self._read(response, crawl)
        except (NotAListing, UnreadablePage) as error:
            if response.status == 200:
                self.unread.append(self.run.site.public(response.url))
            reason = error.reason if isinstance(error, UnreadablePage) else str(error)
            return self._miss(crawl, response.url, reason)
        return self._take(page, crawl, response.url)

    def _read(self, response: Response, crawl: ListingCrawl) -> ListPage:
        try:
            if response.status == 404:
                raise NotAListing("HTTP 404")
            return crawl.listing.read(self.run.site.document(response))
        except NotAListing:
            if crawl.paging.page > 1 and not crawl.listing.tells_last:
                return ListPage((), is_last=True)
            raise

    def lost(self, failure: Failure) -> Iterable[Request]:
        """Fall back after a request without a response."""
        request: Request = failure.request  # type: ignore[attr-defined]
        crawl: ListingCrawl = request.cb_kwargs["crawl"]
        if isinstance(failure.value, LeftAsWork):
            self.in_flight -= 1  # its checkpoint stays, so it is crawled again
            return []
        return self._miss(crawl, request.url, reason_of(failure))

    def abandon(self, crawl: ListingCrawl, reason: str) -> None:
        """End a crawl that was cancelled. Its checkpoint stays, so it is crawled again."""
        self.in_flight -= 1
        self.failures[crawl.listing.name] = reason

    def _take(self, page: ListPage, crawl: ListingCrawl, url: str) -> list[Request]:
        is_extra = page.is_index or page.is_part
        if not page.entries and not is_extra and crawl.paging.page == 1:
            return self._fall_back(crawl, url, EMPTY)
        entries = self._note(page, crawl.listing, url)
        if crawl.paging.page == 1 and (fault := self._fault(crawl.listing, entries)):
            return self._fall_back(crawl, url, fault)
        undated = bool(entries) and not any(entry.order for entry in entries)
        if crawl.listing.dated and undated and not (page.is_last or page.is_part):
            return self._fall_back(crawl, url, "no readable dates")
        read_on = crawl.paging.read_page(
            entries,
            is_last=page.is_last,
            is_index=page.is_index or (page.is_part and not entries),
            total=page.total,
        )
        if read_on is not None:
            return [self._request(crawl)]
        if not crawl.paging.arrived:
            return self._fall_back(crawl, url, ENDS_EARLY)
        self._finish(crawl)
        return []

    def _fault(self, listing: Listing, entries: Sequence[Entry]) -> str | None:
        return find_fault(listing, [entry.order for entry in entries], now())

    def _note(self, page: ListPage, listing: Listing, url: str) -> list[Entry]:
        """Record a page's articles, and return them as entries for the paging."""
        entries = []
        for listed in page.entries:
            link = replace(listed, url=joined(url, listed.url))
            if identity := self.run.identify(link.url):
                order = self._order(listing, link, identity)
                entries.append(Entry(identity.id, order))
                if self._wanted(link, order):
                    self.run.take(identity, link, self.backfill)
        return entries

    def _order(self, listing: Listing, link: Link, identity: Identity) -> str | None:
        if listing.dated:
            moment = self.run.moment(link.published_raw)
            if link.source == "rss":  # some feeds have only the time of the last change
                moment = moment or self.run.moment(link.modified_raw)
            return moment
        return listing.order(link, identity)

    def _wanted(self, link: Link, order: str | None) -> bool:
        """Return whether an entry is in the time that was asked for. Without a time, it is.

        A plain run accepts everything on its pages, except from sitemaps: these list all articles,
        so only recently changed ones count.
        """
        if self.plain and link.source != "sitemap":
            return True
        moment = self.run.moment(link.modified_raw) if self.plain else order
        if moment is None:
            return True
        since = (self.since or "")[: len(moment)]  # a day without a time is compared as a day
        return since <= moment <= (self.until or "9999")

    def _finish(self, crawl: ListingCrawl) -> None:
        listing, name = crawl.listing, crawl.listing.name
        self.in_flight -= 1
        if crawl.missed:  # its checkpoint stays: the next run looks for these again
            self.failures[name] = crawl.missed
            return
        self.served[name] += 1
        self.failures.pop(name, None)  # in an earlier round of a long run
        if self.plain:
            self.ledger.set_checkpoint(
                listing.edition, listing.source, crawl.paging.next_checkpoint
            )

    def _miss(self, crawl: ListingCrawl, url: str, reason: str) -> list[Request]:
        """Continue without a page, with the other parts of the list if there are any."""
        page = crawl.listing.pass_over()
        if page is None:
            return self._fall_back(crawl, url, reason)
        crawl.missed = f"a part of it: {reason}"
        logger.warning(
            "source %s: a part failed: %s at %s; reading the other parts",
            *(crawl.listing.name, reason, url),
        )
        return self._take(page, crawl, url)

    def _fall_back(self, crawl: ListingCrawl, url: str, reason: str) -> list[Request]:
        name = crawl.listing.name
        if crawl.listing.optional and reason in NOTHING_THERE:
            self.in_flight -= 1
            self._not_there.add(crawl.listing.edition)
            logger.debug("source %s is not there: %s at %s", name, reason, url)
            return []
        self.failures[name] = reason
        then = "; trying the next source" if crawl.alternatives else ""
        remedy = advice(reason) or " (scrapy probe shows the site's present responses)"
        logger.warning("source %s failed: %s at %s%s%s", name, reason, url, then, remedy)
        self.in_flight -= 1
        return [self._begin(crawl.alternatives)] if crawl.alternatives else []

"""Searches of a web archive in a run: requests to its index, and what their answers mean."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Protocol
from zoneinfo import ZoneInfo

from scrapy import Request
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from crawler.archived import ArchivedPages
from crawler.arguments import RunArguments, time_wanted
from crawler.clock import now
from crawler.discovery.cdx import (
    EARLIEST,
    Listed,
    NotAnIndex,
    Place,
    Query,
    decode_place,
    encode_place,
    hosts_to_ask,
    read_index,
)
from crawler.identity import Identity
from crawler.memento import FalseTime, Memento, write_stamp
from crawler.reasons import LeftAsWork, advice, reason_of
from crawler.rules import AgencyRules
from crawler.site import Site
from crawler.timestamp import UnreadableDate, read_slug_day
from crawler.unreadable import UnreadablePage

logger = logging.getLogger(__name__)

PRIORITY = 10  # before captures: of those with equal content the latest is fetched
PATIENCE = 300  # seconds; a filtered search of a large index is slow to begin its answer
SHOWN = 3  # lines of an answer that are named; the others are only counted


class Run(Protocol):
    """What a search needs of the run it is part of."""

    rules: ClassVar[AgencyRules]
    site: Site
    arguments: RunArguments
    discovered: int

    def identify(self, url: str) -> Identity | None:
        """Return whose address it is; None, counted, if it is no article's."""

    def refuse(self, reason: str) -> None:
        """Count an address that is not taken."""


@dataclass(frozen=True, slots=True)
class IndexRoad:
    """A search under way: what is asked, and how far it has come."""

    walks: "ArchiveSearch"
    query: Query
    place: Place


class ArchiveSearch:
    """Searches a web archive's index for the agency's hosts; notes captures of articles as work.

    1. A search goes on where the run before left it; one that came to its end is begun anew once
       all that it found is done.
    2. What an address says of its day of publication is held to ``since`` and ``until``. Where it
       says nothing, what was captured before ``since`` was published before, too.
    """

    def __init__(self, run: Run, archived: ArchivedPages, settings: BaseSettings) -> None:
        self.run = run
        self.archived = archived
        self.server = settings["CDX_URL"]
        self.root = settings["WAYBACK_URL"].rstrip("/")
        self.most = settings.getint("CDX_LINES")
        self.under_way = 0
        self.served: Counter[str] = Counter()
        self.failures: dict[str, str] = {}

    def start(self) -> Iterator[Request]:
        """Begin or go on with the search of each host."""
        left = self.archived.backlog()
        for host in hosts_to_ask(self.run.rules.address.hosts):
            query = Query(self.server, host, self.most)
            kept = self.archived.place(query.name)
            place = decode_place(kept) if kept else None
            if place is None or (place.is_end and not left):
                place = self._beginning()
            if not place.is_end:
                self.under_way += 1
                yield self._request(IndexRoad(self, query, place))

    def _beginning(self) -> Place:
        first, arguments = EARLIEST, self.run.arguments
        if arguments.since:
            since, _ = time_wanted(arguments, ZoneInfo(self.run.rules.timestamp.zone), now(), 0)
            first = write_stamp(datetime.fromisoformat(since))
        return Place(((first, write_stamp(now())),))

    def _request(self, road: IndexRoad) -> Request:
        return Request(
            road.query.address(road.place),
            callback=self.parse,
            errback=self.lost,
            cb_kwargs={"road": road},
            meta={"download_timeout": PATIENCE, "autothrottle_dont_adjust_delay": True},
            dont_filter=True,
            priority=PRIORITY,
        )

    def parse(self, response: Response, road: IndexRoad) -> Iterable[Request]:
        """Note an answer's captures and how far the search has come, and read on."""
        try:
            if response.status != 200:
                raise NotAnIndex(f"HTTP {response.status}")
            page = read_index(self.run.site.document(response).text)
            place = road.place.after(page, road.query.most)
            if place is None:
                place = road.place.halved()
            else:
                self._note(page.captures, page.garbage, road.query.host)
        except NotAnIndex as error:
            return self._fail(road, response.url, str(error))
        except UnreadablePage as error:
            return self._fail(road, response.url, error.reason)
        return self._read_on(replace(road, place=place))

    def _read_on(self, road: IndexRoad) -> list[Request]:
        self.archived.set_place(road.query.name, encode_place(road.place))
        if not road.place.is_end:
            return [self._request(road)]
        self.under_way -= 1
        self.served[f"{road.query.host}/wayback"] += 1
        return []

    def _note(self, captures: Iterable[Listed], garbage: list[str], host: str) -> None:
        for line in garbage[:SHOWN]:
            logger.warning("index of %s: no capture: %.100r", host, line)
        for _ in garbage:
            self.run.refuse("no line of an index")
        for listed in captures:
            if not listed.is_good:
                self.run.refuse("no page with status 200")
            elif (identity := self.run.identify(listed.original)) and self._wanted(identity):
                self._take(identity, Memento(self.root, listed.stamp, listed.original), listed)

    def _take(self, identity: Identity, memento: Memento, listed: Listed) -> None:
        try:
            self.run.discovered += self.archived.note(identity, memento, listed.digest)
        except FalseTime as error:
            logger.warning("index: %s: %s of %s", error.reason, listed.stamp, listed.original)
            self.run.refuse(error.reason)

    def _wanted(self, identity: Identity) -> bool:
        """Tell whether an article may have been published in the time that is asked for."""
        since, until = self.run.arguments.since, self.run.arguments.until
        try:
            day = read_slug_day(identity.url, self.run.rules.timestamp)
        except UnreadableDate:
            return True
        return day is None or str(since or "") <= day.value <= str(until or "9999")

    def lost(self, failure: Failure) -> Iterable[Request]:
        """End a search whose request had no answer; a later run goes on from there."""
        request: Request = failure.request  # type: ignore[attr-defined]
        if isinstance(failure.value, LeftAsWork):
            self.under_way -= 1
            return []
        return self._fail(request.cb_kwargs["road"], request.url, reason_of(failure))

    def abandon(self, road: IndexRoad, reason: str) -> None:
        """End a search that was broken off."""
        self.under_way -= 1
        self.failures[f"{road.query.host}/wayback"] = reason

    def _fail(self, road: IndexRoad, url: str, reason: str) -> list[Request]:
        remedy = advice(reason) or " (look at CDX_URL; a later run goes on from here)"
        logger.warning("search of %s failed: %s at %s%s", road.query.host, reason, url, remedy)
        self.abandon(road, reason)
        return []

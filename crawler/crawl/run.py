"""A run: its arguments, its archive, what it has found, and how it ends."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Protocol

from scrapy.crawler import Crawler

from crawler.crawl.arguments import REVISITS, RunArguments
from crawler.crawl.download import break_off, put_back
from crawler.crawl.outcomes import Outcomes, RetryPolicy
from crawler.crawl.run_result import Ending, Report
from crawler.discovery.listing import Listing
from crawler.errors import ArchiveError, Blocked, ExitCode, UsageError, graver
from crawler.extract.document import Site
from crawler.extract.page import ArticlePage
from crawler.model.identity import Identity, NotAnArticle, absolute, identify
from crawler.model.link import Link
from crawler.model.rules import AgencyRules
from crawler.store.archive import Archive
from crawler.store.frontier import PendingArticle
from crawler.store.ledger import Ledger
from crawler.store.stand_in_site import StandIn
from crawler.system.clock import now
from crawler.text.dates import UnreadableDate, read_timestamp


class Agency(Protocol):
    """The definitions in an agency's spider. ``site``: where this run finds the agency."""

    name: str
    rules: ClassVar[AgencyRules]
    layouts: ClassVar[Sequence[type[ArticlePage]]]
    site: Site
    arguments: RunArguments

    def sources(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return an edition's listings: chains; in each, the first one that works is used."""

    def article_address(self, native_id: int) -> str:
        """Return the address of an article by its native id."""

    def api_address(self, pending: PendingArticle) -> str | None:
        """Return where the agency's API has the same article. None if it has no API."""


class Asked:
    """Remembers the articles that were asked for one by one: by address, by id, or to visit again.

    A range of ids has gaps by nature. Of a range, only failures count as not fetched.
    """

    def __init__(self, arguments: RunArguments, ledger: Ledger) -> None:
        self._arguments = arguments
        self._ledger = ledger
        self._ids: set[str] = set(arguments.revisited)
        self._strange = 0  # addresses that belong to no article

    def note(self, link: Link, identity: Identity | None) -> None:
        """Record an address or an id that was asked for."""
        is_range = any(len(each) > 1 for each in self._arguments.ids)
        if link.source == "urls" or (link.source == "ids" and not is_range):
            self._strange += identity is None
            self._ids.update([identity.id] if identity else [])

    def again(self, link: Link, identity: Identity) -> bool:
        """Return whether a known article must be fetched again because it was asked for."""
        failed = link.source == "ids" and self._ledger.states.state(identity.id) == "failed"
        return failed or link.source == "urls"

    def in_vain(self) -> dict[str, int]:
        """Count the articles that the run did not get, by their state.

        Articles that a later run will fetch are not counted.
        """
        if not self._arguments.is_by_name:
            return {}
        states = Counter(map(self._ledger.states.state, self._ids))
        counts = {"failed": self._ledger.frontier.failed(self._arguments.backfill or "")}
        counts |= {name: states[name] for name in ("absent", "refused", "withdrawn")}
        counts["not the address of an article"] = self._strange
        return {name: count for name, count in counts.items() if count}


class Run:
    """One crawl of an agency. All components share it; the spider has it as ``run``.

    ``carried_over``: articles that were pending in the ledger. ``discovered``: articles that this
    run added.
    """

    def __init__(
        self, agency: Agency, archive: Archive, stand_in: StandIn | None, crawler: Crawler
    ) -> None:
        self.agency = agency
        self.name, self.rules, self.layouts = agency.name, agency.rules, agency.layouts
        self.site, self.arguments = agency.site, agency.arguments
        self.backfill = self.arguments.backfill
        self.logger = logging.getLogger(agency.name)
        self.archive = archive
        self.stand_in = stand_in
        self.crawler = crawler
        self.started_at = now()
        self.run_id = archive.begin_run(self.started_at)
        self.carried_over = self.discovered = self.faults = 0
        self.asked = Asked(self.arguments, archive.ledger)
        self.outcomes = Outcomes(archive, RetryPolicy.of(crawler.settings), self.run_id)
        self.stopped_by: ArchiveError | None = None
        self.report: Report | None = None
        self.ending = Ending(ExitCode.INTERNAL_ERROR, "the run was not evaluated")

    # Discovery.

    def identify(self, url: str) -> Identity | None:
        """Return the article's identity for an address. None, counted, if it is no article's."""
        try:
            return identify(self.site.public(url), self.rules.address, self.name)
        except NotAnArticle as refusal:
            self.refuse(refusal.reason)
            self.logger.debug("no article: %s (%s)", url, refusal.reason)
            return None

    def refuse(self, reason: str) -> None:
        """Count an address that is no article's."""
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value(f"addresses/refused/{reason}")

    def find(self, link: Link) -> None:
        """Record an address that the user asked for, if it is an article's."""
        identity = self.identify(link.url)
        self.asked.note(link, identity)
        if identity:
            self.take(identity, link, self.backfill)

    def take(self, identity: Identity, link: Link, backfill: str | None) -> None:
        """Record an article that a source or a redirect shows, as part of a backfill or not."""
        self.discovered += self.archive.ledger.frontier.discover(
            identity,
            replace(link, url=absolute(link.url, self.rules.address)),
            backfill=backfill,
            again=self.asked.again(link, identity),
        )

    def moment(self, raw: str | None) -> str | None:
        """Return a listing's time as RFC 3339 in the agency's offset. None if there is none."""
        try:
            return read_timestamp(raw, self.rules.timestamp).value if raw else None
        except UnreadableDate:
            return None

    # The end.

    def stop_blocked(self, message: str) -> None:
        """End the run because the site does not want it now."""
        self.stop_for(Blocked(f"{message}; the next run fetches what is pending"))

    def stop_for(self, error: ArchiveError) -> None:
        """End the run with an error as the reason. Of several errors, the gravest counts.

        Articles that were not fetched stay pending. Running transfers have ``STOP_SECONDS`` to
        finish.
        """
        before, self.stopped_by = self.stopped_by, graver(self.stopped_by, error)
        if self.stopped_by is before:
            return
        level = logging.ERROR if error.exit_code else logging.INFO
        self.logger.log(level, "stopping: %s", error)
        if before is None:
            engine: Any = self.crawler.engine
            put_back(self.crawler)
            closing = engine.close_spider_async(reason=type(error).__name__)
            self._closing = asyncio.ensure_future(closing)
            patience = self.crawler.settings.getfloat("STOP_SECONDS")
            asyncio.get_running_loop().call_later(patience, break_off, self.crawler)


def check_revisited(arguments: RunArguments, ledger: Ledger) -> None:
    """Raise ``UsageError`` if an article to visit again is unknown or withdrawn."""
    for article_id in arguments.revisited:
        state = ledger.states.state(article_id) or "not known"
        if state in ("not known", "withdrawn"):
            raise UsageError(
                f"revisit: {article_id} is {state}; expected "
                f"{', '.join(REVISITS)}, or ids of articles in the archive"
            )

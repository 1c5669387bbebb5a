"""The outcomes of articles: every article ends in exactly one counted outcome."""

import logging
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from scrapy.exceptions import DropItem
from scrapy.settings import BaseSettings

from crawler.crawl.deletions import Deletion, HeldBack, read_held_back, record_gone
from crawler.errors import DamagedVersion
from crawler.model.article import Sighting
from crawler.store.archive import Archive
from crawler.store.frontier import MementoLink, PendingArticle
from crawler.system.clock import now, rfc3339

logger = logging.getLogger(__name__)


class Unchanged(DropItem):
    """The article has the same content as its newest version."""

    def __init__(self, article_id: str) -> None:
        super().__init__(f"unchanged: {article_id}", log_level="DEBUG")


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How long the run waits for an article that fails or is missing.

    ``retry_wait``: seconds before a failed article is tried again, four times longer after each
    further failure. ``retry_times``: failures in a row after which it is given up.
    """

    retry_wait: int
    retry_times: int
    gone: Deletion

    @classmethod
    def of(cls, settings: BaseSettings) -> Self:
        """Read the settings."""
        return cls(
            retry_wait=settings.getint("FAILED_RETRY_SECONDS"),
            retry_times=settings.getint("FAILED_RETRY_TIMES"),
            gone=Deletion.of(settings),
        )


class Outcomes:
    """Writes each article's outcome to the ledger, counts it, and logs it in one line.

    ``in_flight`` has the articles being fetched. If one of them is a capture in a web archive, the
    outcome is the capture's; the state of the article itself, which describes the live site, stays.
    """

    def __init__(self, archive: Archive, policy: RetryPolicy, run_id: str) -> None:
        self.archive = archive
        self.policy = policy
        self.run_id = run_id
        self.in_flight: dict[str, PendingArticle] = {}
        self.counts: Counter[str] = Counter()
        self.editions: dict[str, Counter[str]] = defaultdict(Counter)  # the same, by edition
        self.reasons: Counter[str] = Counter()
        self._due: dict[str, str] = {}  # missing long enough to be gone, with the reason
        self.bytes_saved = 0  # of pages that were not sent again

    def stored(self, article_id: str, change: str, title: str, published_at: str | None) -> None:
        """A version was recorded: new, edited, reparsed, older or back."""
        if archived := self._archived(article_id):
            self.archive.ledger.archived.settle(article_id, archived.digest)
        self._count(article_id, change)
        logger.info("%s %s: %s (%s)", change, article_id, title, published_at)

    def unchanged(self, article_id: str, fetched_at: str) -> None:
        """The article has the same content as its newest version."""
        if archived := self._archived(article_id):
            self.archive.ledger.archived.settle(article_id, archived.digest)
        else:
            self.archive.ledger.states.fetched(article_id, fetched_at)
        self._count(article_id, "unchanged")
        logger.debug("unchanged %s", article_id)

    def not_modified(self, article_id: str, size: int | None) -> None:
        """The site says that the page has not changed. ``size``: bytes that were not sent again."""
        self.bytes_saved += size or 0
        self.unchanged(article_id, rfc3339(now()))

    def absent(
        self, article_id: str, reason: str, url: str, answers: Sequence[Sighting] = ()
    ) -> None:
        """The live site has no article at the address, by these responses.

        If the site lists the article, this is a failure instead. For an article that was never
        stored, any listing counts; for a stored one, only a current listing does.
        """
        ledger = self.archive.ledger
        if self._archived(article_id):
            self._absent(article_id, reason, url)
        elif self.is_listed(article_id):
            self.failed(article_id, f"listed but {reason}", url)
        elif ledger.origin(article_id) is not None:
            self._missing(article_id, reason, answers)
        else:
            self._absent(article_id, reason, url)

    def is_listed(self, article_id: str) -> bool:
        """Return whether the site itself lists the article."""
        ledger = self.archive.ledger
        if ledger.origin(article_id) is None:
            return ledger.frontier.is_listed(article_id)
        return ledger.frontier.is_listed_now(article_id)

    def moved(self, article_id: str, reason: str, url: str) -> None:
        """The address shows another article. A stored article has failed; it is not gone."""
        if self.archive.ledger.origin(article_id) is not None:
            self.failed(article_id, reason, url)
        else:
            self._absent(article_id, reason, url)

    def _absent(self, article_id: str, reason: str, url: str) -> None:
        self._settle(article_id, "absent", reason)
        self._count(article_id, "absent", reason)
        logger.debug("absent %s: %s (%s)", article_id, reason, url)

    def _missing(self, article_id: str, reason: str, answers: Sequence[Sighting]) -> None:
        """Record that a stored article is missing; the end of the run decides if it is gone."""
        states, gone = self.archive.ledger.states, self.policy.gone
        if states.state(article_id) == "gone":
            states.gone(article_id, reason)
            self._count(article_id, "unchanged")
            return
        states.note_absence(article_id, answers)
        seen = states.absences(article_id)
        states.missing(article_id, reason, gone.look_again(seen, now()))
        if gone.is_over(seen) and article_id in self.in_flight:
            self._due[article_id] = reason
        self._count(article_id, "missing", reason)
        times = f"sighting {len(seen)} of {gone.sightings}"
        logger.info("missing %s: %s (%s)", article_id, reason, times)

    def bury(self) -> list[HeldBack]:
        """Record which articles of this run are gone, unless too many are missing at once.

        Return the groups that are held back. A gone article is no longer counted as missing.
        """
        ledger, due = self.archive.ledger, self._due
        held_back = read_held_back(ledger.database, self.policy.gone, now())
        for article_id in () if held_back else list(due):
            if ledger.states.state(article_id) == "missing":  # it may have been listed meanwhile
                with suppress(DamagedVersion):  # the archive reports it; the others are intact
                    self._bury(article_id, due[article_id])
        due.clear()
        return held_back

    def _bury(self, article_id: str, reason: str) -> None:
        row = record_gone(self.archive, article_id, self.run_id)
        edition = self.archive.ledger.states.edition(article_id) or "?"
        self.counts.update(gone=1)
        self.counts -= Counter(missing=1)
        self.editions[edition].update(gone=1)
        self.editions[edition] -= Counter(missing=1)
        self.reasons -= Counter([f"missing: {reason}"])
        self.archive.counted(article_id)
        logger.info("gone %s: %s (%s)", article_id, row.title, row.published_at)

    def refused(self, article_id: str, reason: str, message: str) -> None:
        """The article was read, but its fields are not a valid row."""
        self._settle(article_id, "refused", reason)
        self._count(article_id, "refused", reason)
        logger.warning("refused %s: %s", article_id, message)

    def failed(self, article_id: str, reason: str, url: str, *, is_final: bool = False) -> None:
        """The article could not be fetched or read. A later run tries it again.

        ``is_final``: a capture in a web archive, which will never be different.
        """
        ledger, wait = self.archive.ledger, self.policy.retry_wait
        most = 1 if is_final else self.policy.retry_times
        if archived := self._archived(article_id):
            ledger.archived.fail(article_id, archived.digest, reason, wait, most)
        else:
            ledger.states.failed(article_id, reason, wait, most)
        self._count(article_id, "failed", reason)
        logger.warning("failed %s: %s (%s)", article_id, reason, url)

    def _archived(self, article_id: str) -> MementoLink | None:
        pending = self.in_flight.get(article_id)
        return pending.archived if pending else None

    def _settle(self, article_id: str, state: str, reason: str) -> None:
        """Record why an article, or the capture being fetched, did not become a version."""
        if archived := self._archived(article_id):
            self.archive.ledger.archived.settle(article_id, archived.digest, f"{state}: {reason}")
        else:
            self.archive.ledger.states.settled(article_id, state, reason)

    def _count(self, article_id: str, outcome: str, reason: str | None = None) -> None:
        self.archive.counted(article_id)
        if article_id not in self.in_flight:
            return
        del self.in_flight[article_id]
        self.counts[outcome] += 1
        self.editions[self.archive.ledger.states.edition(article_id) or "?"][outcome] += 1
        if reason:
            self.reasons[f"{outcome}: {reason}"] += 1

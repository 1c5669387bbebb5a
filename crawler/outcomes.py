"""What became of each article: every one ends in exactly one counted outcome."""

import logging
from collections import Counter

from scrapy.exceptions import DropItem

from crawler.archive import Archive

logger = logging.getLogger(__name__)

# Every outcome an article can have; a run's outcomes and what is left add up to its work.
OUTCOMES = ("new", "edited", "reparsed", "unchanged", "absent", "refused", "failed")


class Unchanged(DropItem):
    """The article says what its newest version says."""

    def __init__(self, article_id: str) -> None:
        super().__init__(f"unchanged: {article_id}", log_level="DEBUG")


class Outcomes:
    """Writes each article's outcome to the ledger, counts it, and says it in one line."""

    def __init__(self, archive: Archive, *, retry_wait: int, retry_times: int) -> None:
        """Set when failed articles are tried again.

        ``retry_wait``: seconds before the first time, four times longer each further time;
        ``retry_times``: failures in a row after which an article is given up.
        """
        self.archive = archive
        self.retry_wait = retry_wait
        self.retry_times = retry_times
        self.under_way: set[str] = set()
        self.counts: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()

    def stored(self, article_id: str, change: str, title: str, published_at: str | None) -> None:
        """A version was recorded: new, edited or reparsed."""
        self._count(article_id, change)
        logger.info("%s %s: %s (%s)", change, article_id, title, published_at)

    def unchanged(self, article_id: str, fetched_at: str) -> None:
        """The article says what its newest version says."""
        self.archive.ledger.frontier.unchanged(article_id, fetched_at)
        self._count(article_id, "unchanged")
        logger.debug("unchanged %s", article_id)

    def absent(self, article_id: str, reason: str, url: str) -> None:
        """The address never was an article; if the site itself lists it, that is a failure."""
        if self.archive.ledger.frontier.is_listed(article_id):
            self.failed(article_id, f"listed but {reason}", url)
        else:
            self.moved(article_id, reason, url)

    def moved(self, article_id: str, reason: str, url: str) -> None:
        """The address is another article's, or nobody's."""
        self.archive.ledger.frontier.settle(article_id, "absent", reason)
        self._count(article_id, "absent", reason)
        logger.debug("absent %s: %s (%s)", article_id, reason, url)

    def refused(self, article_id: str, reason: str, message: str) -> None:
        """The article was read, but what it says is no valid row."""
        self.archive.ledger.frontier.settle(article_id, "refused", reason)
        self._count(article_id, "refused", reason)
        logger.warning("refused %s: %s", article_id, message)

    def failed(self, article_id: str, reason: str, url: str) -> None:
        """The article could not be fetched or read; it is tried again in a later run."""
        self.archive.ledger.frontier.fail(article_id, reason, self.retry_wait, self.retry_times)
        self._count(article_id, "failed", reason)
        logger.warning("failed %s: %s (%s)", article_id, reason, url)

    def _count(self, article_id: str, outcome: str, reason: str | None = None) -> None:
        if article_id not in self.under_way:
            return
        self.under_way.discard(article_id)
        self.counts[outcome] += 1
        if reason:
            self.reasons[f"{outcome}: {reason}"] += 1

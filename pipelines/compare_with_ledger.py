"""Tell a new article from an edited one, and an edited one from one that says the same."""

from collections.abc import Sequence
from typing import Any, Literal, Self

import msgspec
from scrapy.crawler import Crawler

from crawler.archive import Archive
from crawler.items import Article
from crawler.ledger import Known
from crawler.outcomes import Unchanged

# Content: a difference in one of these makes a version. They are what content_hash covers.
CONTENT_FIELDS = ("title", "body", "byline_raw", "published_at", "images")

Change = Literal["edited", "reparsed", "back"]


class CompareWithLedger:
    """Numbers the version, or drops an article that was already recorded as it is."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Compare with the running spider's archive."""
        spider: Any = crawler.spider
        return cls(spider.archive)

    def process_item(self, item: Article) -> Article:
        """Fill ``version``, ``change`` and what depends on them; raise ``Unchanged``."""
        versions = self.archive.ledger.versions(item.id)
        origin = self.archive.ledger.origin(item.id)
        if not versions or origin is None:
            return item
        before, change = self._judge(item, versions)
        item.url, item.first_seen_at = origin
        item.version = max(known.number for known in versions) + 1
        # A clock that was set back makes no version older than the one before.
        item.fetched_at = max(item.fetched_at, versions[0].fetched_at)
        item.change = change
        old = self.archive.read(before)
        item.changed_fields = _changed_fields(old, item)
        item.announced = _announced(old["modified_at"], item.modified_at)
        return item

    def _judge(self, item: Article, versions: Sequence[Known]) -> tuple[Known, Change]:
        """Return the version to compare with, and whether the site or our reading changed.

        A page and an API's answer differ without an edit, so like is compared with like; what
        was first read from the API and now from its page was read better, not edited.
        """
        assert item.extractor is not None
        source, code = item.extractor.source, item.extractor.code
        newest = versions[0]
        alike = next((known for known in versions if known.source == source), None)
        if newest.change == "gone":
            return newest, "back"
        if newest.content_hash == item.content_hash or (alike is None and source == "api"):
            self._prove(item, newest)
            raise Unchanged(item.id)
        if alike is None:
            return newest, "reparsed"
        if alike.content_hash == item.content_hash:
            raise Unchanged(item.id)
        return alike, "edited" if alike.code == code else "reparsed"

    def _prove(self, item: Article, known: Known) -> None:
        """Note that the present code reads the site as before: a later difference is an edit."""
        assert item.extractor is not None
        source, code = item.extractor.source, item.extractor.code
        if known.source == source and known.code != code:
            self.archive.ledger.prove(item.id, known.number, code)


def _changed_fields(old: dict[str, Any], item: Article) -> list[str]:
    new = msgspec.to_builtins(item)
    # Like the hash, to the minute: an API tells seconds that a page does not.
    for row in (old, new):
        row["published_at"] = (row["published_at"] or "")[:16]
    return [name for name in CONTENT_FIELDS if old[name] != new[name]]


def _announced(before: str | None, after: str | None) -> bool | None:
    """Tell whether the site admits a change; None if it told no time of change then or now."""
    return after != before if before and after else None

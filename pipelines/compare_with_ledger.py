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

Change = Literal["edited", "reparsed"]


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
        item.change = change
        item.changed_fields = self._changed_fields(item, before)
        return item

    def _judge(self, item: Article, versions: Sequence[Known]) -> tuple[Known, Change]:
        """Return the version to compare with, and whether the site or our reading changed.

        A page and an API's answer differ without an edit, so like is compared with like; what
        was first read from the API and now from its page was read better, not edited.
        """
        assert item.extractor is not None
        source, code = item.extractor.source, item.extractor.code
        alike = next((known for known in versions if known.source == source), None)
        if versions[0].content_hash == item.content_hash:
            raise Unchanged(item.id)
        if alike is None and source == "page":
            return versions[0], "reparsed"
        if alike is None or alike.content_hash == item.content_hash:
            raise Unchanged(item.id)
        return alike, "edited" if alike.code == code else "reparsed"

    def _changed_fields(self, item: Article, before: Known) -> list[str]:
        old = self.archive.read(before)
        new = msgspec.to_builtins(item)
        # Like the hash, to the minute: an API tells seconds that a page does not.
        for row in (old, new):
            row["published_at"] = (row["published_at"] or "")[:16]
        return [name for name in CONTENT_FIELDS if old[name] != new[name]]

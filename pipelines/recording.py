"""Decides whether an article is new, edited or unchanged, and records the version."""

from collections.abc import Callable
from typing import Any, Self

import msgspec
from scrapy.crawler import Crawler

from crawler.crawl.outcomes import Unchanged
from crawler.crawl.spider import spider_of
from crawler.maintenance.reread import ReadingContext, Rereader
from crawler.model.article import Article, Capture
from crawler.model.versions import Change, Known, judge, number_after
from crawler.store.archive import Archive
from crawler.text.respelling import compare_spelled


class CompareWithLedger:
    """Numbers a new version, or drops an article that is recorded with the same content.

    ``reread``: reads an archived response with the present code; None if it cannot be read.
    """

    def __init__(
        self, archive: Archive, reread: Callable[[Capture], Article | None] = lambda _: None
    ) -> None:
        self.archive = archive
        self.reread = reread

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Compare with the running spider's archive."""
        spider = spider_of(crawler)
        context = ReadingContext.of(spider, crawler.settings)
        rereader = Rereader(spider.run.archive.captures, context)
        return cls(spider.run.archive, rereader.attempt)

    def process_item(self, item: Article) -> Article:
        """Set ``version``, ``change`` and the fields that depend on them; raise ``Unchanged``."""
        versions = self.archive.ledger.versions(item.id)
        if not versions or self.archive.ledger.origin(item.id) is None:
            return item
        assert item.extractor is not None
        said_at = item.fetched_at if item.archive_url else None
        before, change = judge(
            versions,
            item.content_hash,
            item.extractor.source,
            said_at,
            is_guess=item.is_guess,
        )
        if change is None:
            self._prove(item, before)
            raise Unchanged(item.id)
        old = self.archive.read(before)
        may_be_edited = change == "edited" or (before.is_guess and change == "reparsed")
        if may_be_edited and (better := self._read_better(item, before, old)):
            if better.content_hash == item.content_hash:
                change = "reparsed"
            else:
                self._complete(better, "reparsed", old)
                self.archive.record(better, visited=False)
                old, change = msgspec.to_builtins(better), "edited"
        self._complete(item, change, old)
        return item

    def _complete(self, row: Article, change: Change, old: dict[str, Any]) -> None:
        """Set the number of a row, and its differences from the previous version."""
        versions = self.archive.ledger.versions(row.id)
        row.version = number_after(versions)
        row.change = change
        row.url, row.first_seen_at = old["url"], old["first_seen_at"]
        compare_spelled(row, old, map(self.archive.read, versions))

    def _read_better(self, item: Article, before: Known, old: dict[str, Any]) -> Article | None:
        """Return the previous version as the present code reads it, if the result differs.

        If that cannot be known, a difference must not count as an edit: then the article itself is
        returned, as if the code read the previous version that way.
        """
        assert item.extractor is not None
        if before.code == item.extractor.code:
            return None
        again = self.reread(msgspec.convert(old["capture"], Capture)) if old["capture"] else None
        if again is None or again.is_guess != item.is_guess:
            return item
        again.run = item.run
        is_other = again.content_hash != before.content_hash or again.is_guess != before.is_guess
        return again if is_other else None

    def _prove(self, item: Article, known: Known) -> None:
        """Record that this code reads the site like before, so that later differences are edits."""
        assert item.extractor is not None
        source, code = item.extractor.source, item.extractor.code
        if known.source == source and known.code != code:
            self.archive.ledger.prove(item.id, known.number, code)


class WriteJournal:
    """Passes each version to the archive, which commits it with its journal line."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Write to the running spider's archive."""
        return cls(spider_of(crawler).run.archive)

    def process_item(self, item: Article) -> Article:
        """Record the version with its capture; Scrapy's feeds export the same row."""
        item.capture = self.archive.captures.keep(item.id)
        self.archive.record(item)
        return item

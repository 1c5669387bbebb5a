"""When an article was published and last changed."""

from typing import Any

from crawler.model.adapter import ArticleAdapter
from crawler.text.dates import Timestamp, UnreadableDate, read_slug_day, read_timestamp
from pipelines.base import ArticlePipeline, part


class ReadTimestamp(ArticlePipeline):
    """Settle when an article was published: by its page, else the API's list, else its slug.

    The API's hint also gives the seconds that a page lacks; hints of other roads and the slug
    only check it. What disagrees is counted, and the page wins.
    """

    def process_item(self, item: Any) -> Any:
        """Set ``published_*`` and ``modified_at``; the raw date stays, even an unreadable one."""
        adapter = ArticleAdapter(item)
        self._settle_published(adapter)
        self._settle_modified(adapter)
        return item

    def _settle_published(self, adapter: ArticleAdapter) -> None:
        raw = adapter.get("published_raw") or None
        hint_raw = part(adapter.get("found"), "published_raw") or None
        shown = self._read(raw, "timestamp/unreadable")
        hint = self._read(hint_raw, "timestamp/hint_unreadable")
        if shown and hint and not hint.agrees(shown):
            self.count("timestamp/hint_disagrees")
        if part(adapter.get("found"), "road") != "api":
            hint = hint_raw = None
        if hint and (shown is None or hint.refines(shown)):
            self._publish(adapter, hint, raw or hint_raw, "api")
        elif shown:
            source = part(adapter.get("extractor"), "source") or "page"
            self._publish(adapter, shown, raw, source)
        else:
            self._publish_slug_day(adapter)

    def _publish(
        self, adapter: ArticleAdapter, stamp: Timestamp, raw: str | None, source: str
    ) -> None:
        day = self._slug_day(adapter)
        if day and not day.agrees(stamp):
            self.count("timestamp/slug_disagrees")
        adapter["published_at"] = stamp.value
        adapter["published_precision"] = stamp.precision
        adapter["published_raw"] = raw
        adapter["published_source"] = source

    def _publish_slug_day(self, adapter: ArticleAdapter) -> None:
        if day := self._slug_day(adapter):
            self._publish(adapter, day, adapter.get("published_raw") or None, "slug")
        else:
            self.count("timestamp/none")

    def _slug_day(self, adapter: ArticleAdapter) -> Timestamp | None:
        try:
            return read_slug_day(adapter.get("url") or "", self.rules.timestamp)
        except UnreadableDate:
            self.count("timestamp/slug_unreadable")
            return None

    def _settle_modified(self, adapter: ArticleAdapter) -> None:
        raw = adapter.get("modified_at") or None
        stamp = self._read(raw, "timestamp/modified_unreadable")
        if stamp and stamp.precision == "day":
            self.count("timestamp/modified_without_time")
            stamp = None
        if "modified_at" in adapter:
            adapter["modified_at"] = stamp.value if stamp else None

    def _read(self, raw: str | None, unreadable: str) -> Timestamp | None:
        """Read a date that may be missing; one that cannot be read is counted."""
        if raw is None:
            return None
        try:
            return read_timestamp(raw, self.rules.timestamp)
        except UnreadableDate:
            self.count(unreadable)
            return None

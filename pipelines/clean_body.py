"""Title, summary and body as a reader sees them."""

from collections.abc import Sequence
from typing import Any

from crawler.model.adapter import ArticleAdapter
from crawler.text.body import clean_body, clean_line, cut_glued_title, is_title, place_lead
from crawler.text.normalize import flatten, join_paragraphs
from pipelines.base import ArticlePipeline, part, set_part


class CleanBody(ArticlePipeline):
    """Make title, summary and body plain text, with the lead first in the body, exactly once.

    The byline stays, as the last paragraph, for ``ReadByline`` to take.
    """

    def process_item(self, item: Any) -> Any:
        """Clean what text the item has; a field it lacks is not added."""
        adapter = ArticleAdapter(item)
        title = clean_line(adapter.get("title") or "", self.rules.text)
        summary = clean_line(adapter.get("summary") or "", self.rules.text)
        lead = self._lead(title, summary)
        body = clean_body(adapter.get("body") or "", self.rules, title, lead)
        if lead:
            body = place_lead(lead, body)
        self._set(adapter, title=title, summary=summary or None, body=join_paragraphs(body))
        self._flatten_parts(adapter)
        return item

    def _lead(self, title: str, summary: str) -> str:
        """Return what the summary adds to the title: nothing, if it only says it again."""
        if not summary or is_title(summary, title):
            return ""
        return cut_glued_title(summary, title)

    def _set(self, adapter: ArticleAdapter, **values: str | None) -> None:
        for name, value in values.items():
            if name in adapter or value:
                adapter[name] = value

    def _flatten_parts(self, adapter: ArticleAdapter) -> None:
        """Make the names of labels and the words under pictures single lines."""
        labels: Sequence[Any] = [adapter.get("category"), *(adapter.get("tags") or ())]
        words = [(label, "name") for label in labels if label]
        for image in adapter.get("images") or ():
            words += [(image, "caption"), (image, "credit")]
        for holder, name in words:
            if value := part(holder, name):
                set_part(holder, name, flatten(value) or None)

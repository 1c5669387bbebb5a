"""Who wrote an article and took its pictures."""

from typing import Any

from crawler.model.adapter import ArticleAdapter
from crawler.text.byline import read_byline, split_byline, split_credit
from pipelines.base import ArticlePipeline, part, set_part


class ReadByline(ArticlePipeline):
    """Take the byline out of the body and the credits out of the captions, and read them.

    What the page itself gave in these fields stays; only what it left open is filled in.
    """

    def process_item(self, item: Any) -> Any:
        """Set ``authors``, ``byline_raw`` and ``credit``; the body ends before the byline."""
        adapter = ArticleAdapter(item)
        for image in adapter.get("images") or ():
            self._credit(image)
        body, found = adapter.get("body") or "", None
        if self.rules.byline.ends_text:
            body, found = split_byline(body, self.rules.byline)
        given = read_byline(adapter.get("byline_raw") or "", self.rules.byline)
        byline = given or found
        if byline is None:
            if not adapter.get("authors"):
                self.count("byline/none")
            return item
        if found:
            adapter["body"] = body
        adapter["authors"] = adapter.get("authors") or list(byline.authors)
        adapter["byline_raw"] = adapter.get("byline_raw") or byline.raw
        adapter["credit"] = adapter.get("credit") or byline.credit
        if not adapter["authors"]:
            self.count("byline/agency_only")
        return item

    def _credit(self, image: Any) -> None:
        """Set a picture's ``credit``; its caption ends before it."""
        said = part(image, "caption")
        if part(image, "credit") or not said:
            return
        caption, credit = split_credit(said, self.rules.byline)
        if credit:
            set_part(image, "caption", caption or None)
            set_part(image, "credit", credit)

"""Lists of a JSON API: a paginator, or a bare array."""

from typing import Any

from crawler.discovery.found import Found
from crawler.discovery.listing import Listing, ListPage, NotAListing
from crawler.page import Document


class ApiList(Listing):
    """A JSON list, newest first; ``address`` and ``article`` are templates.

    ``address`` takes ``{page}`` and ``{edition}``, ``article`` takes ``{slug}``: where the site
    shows a post.
    """

    road = "api"
    slug_field = "slug"
    published_field = "publish_time"
    modified_field = "updated_at"

    def __init__(self, address: str, article: str, edition: str, *, optional: bool = False) -> None:
        super().__init__(edition, optional=optional)
        self._address = address
        self._article = article

    def address(self, page: int) -> str:
        """Return the page's address."""
        return self._address.format(page=page, edition=self.edition)

    def read(self, document: Document) -> ListPage:
        """Read the posts of one page of the paginator."""
        answer = document.json
        posts = answer.get("data") if isinstance(answer, dict) else answer
        if not isinstance(posts, list):
            raise NotAListing("expected a paginator with a list under 'data'")
        entries = [entry for post in posts if (entry := self._entry(post))]
        return ListPage(entries, is_last=_is_last(answer), total=_number(answer, "total"))

    def _entry(self, post: Any) -> Found | None:
        if not isinstance(post, dict):
            return None
        slug = post.get(self.slug_field) or post.get("id")
        if not slug or not isinstance(slug, str | int):
            return None
        category = post.get("category")
        return Found(
            url=self._article.format(slug=slug),
            road="api",
            edition=self.edition,
            title=_string(post.get("title")),
            published_raw=_string(post.get(self.published_field)),
            modified_raw=_string(post.get(self.modified_field)),
            category=_string(category.get("title")) if isinstance(category, dict) else None,
        )


def _is_last(answer: Any) -> bool:
    """Tell whether a paginator has no further page; its numbers may be strings."""
    if not isinstance(answer, dict):
        return True
    if "next_page_url" in answer:
        return not answer["next_page_url"]
    page, last = _number(answer, "current_page"), _number(answer, "last_page")
    return page is not None and last is not None and page >= last


def _number(answer: Any, name: str) -> int | None:
    value = answer.get(name) if isinstance(answer, dict) else None
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() else None


def _string(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None

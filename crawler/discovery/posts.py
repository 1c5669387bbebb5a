"""Posts in a list of JSON: what each is called there, by paths such as ``data.slug``."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from crawler.discovery.found import Found
from crawler.discovery.listing import NotAListing
from crawler.embedded_json import dig

_LEAST_EPOCH = 10**9  # seconds; a smaller number is no date of an article


@dataclass(frozen=True, slots=True)
class Posts:
    """Where an answer holds its posts, and where each post holds what a listing tells.

    ``article`` is the template of an address, with ``{}`` for what stands at ``address``.
    """

    items: str
    address: str = "url"
    article: str = "{}"
    title: str = "title"
    published: str = "published"

    def read(self, answer: Any, edition: str) -> Iterator[Found]:
        """Yield the posts of an answer; raise ``NotAListing`` if there is no list of them."""
        posts = dig(answer, self.items)
        if not isinstance(posts, list):
            raise NotAListing(f"expected a list at {self.items!r}")
        for post in posts:
            if address := _text(dig(post, self.address)):
                yield Found(
                    url=self.article.format(address),
                    road="api",
                    edition=edition,
                    title=_text(dig(post, self.title)),
                    published_raw=_text(dig(post, self.published)),
                )


def _text(value: Any) -> str | None:
    """Return a value as text; a number that can be seconds since 1970 as their moment."""
    if isinstance(value, int) and not isinstance(value, bool):
        is_moment = _LEAST_EPOCH <= value < 10 * _LEAST_EPOCH
        return datetime.fromtimestamp(value, UTC).isoformat() if is_moment else str(value)
    return (value.strip() or None) if isinstance(value, str) else None

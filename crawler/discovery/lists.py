"""Lists of articles: JSON APIs with pages or cursors, JSON in pages, HTML, one page per day."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from crawler.discovery.listing import Listing, ListPage, NotAListing, joined
from crawler.extract.document import Document, dig, embedded_json
from crawler.model.identity import Identity
from crawler.model.link import Link

_LEAST_EPOCH = 10**9  # seconds; a smaller number cannot be the date of an article

# If an agency published nothing for this long, its archive must be elsewhere.
_MOST_EMPTY_DAYS = 7


class ApiList(Listing):
    """A JSON list, newest first. ``address`` and ``article`` are templates.

    ``address`` takes ``{page}`` and ``{edition}``. ``article`` takes ``{slug}`` and is the address
    of a post on the site.
    """

    source = "api"
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

    def _entry(self, post: Any) -> Link | None:
        if not isinstance(post, dict):
            return None
        slug = post.get(self.slug_field) or post.get("id")
        if not slug or not isinstance(slug, str | int):
            return None
        category = post.get("category")
        return Link(
            url=self._article.format(slug=slug),
            source="api",
            edition=self.edition,
            title=_string(post.get("title")),
            published_raw=_string(post.get(self.published_field)),
            modified_raw=_string(post.get(self.modified_field)),
            category=_string(category.get("title")) if isinstance(category, dict) else None,
        )


def _is_last(answer: Any) -> bool:
    """Return whether a paginator has no further page. Its numbers may be strings."""
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


@dataclass(frozen=True, slots=True)
class Posts:
    """Where a response has its posts, and where each post has the details of a listing.

    ``article``: a template of an address, with ``{}`` for the value found at ``address``.
    """

    items: str
    address: str = "url"
    article: str = "{}"
    title: str = "title"
    published: str = "published"

    def read(self, answer: Any, edition: str) -> Iterator[Link]:
        """Yield the posts of a response. Raises ``NotAListing`` if it has no list of them."""
        posts = dig(answer, self.items)
        if not isinstance(posts, list):
            raise NotAListing(f"expected a list at {self.items!r}")
        for post in posts:
            if address := _text(dig(post, self.address)):
                yield Link(
                    url=self.article.format(address),
                    source="api",
                    edition=edition,
                    title=_text(dig(post, self.title)),
                    published_raw=_text(dig(post, self.published)),
                )


def _text(value: Any) -> str | None:
    """Return a value as text. A number that can be seconds since 1970 becomes a time."""
    if isinstance(value, int) and not isinstance(value, bool):
        is_moment = _LEAST_EPOCH <= value < 10 * _LEAST_EPOCH
        return datetime.fromtimestamp(value, UTC).isoformat() if is_moment else str(value)
    return (value.strip() or None) if isinstance(value, str) else None


class HtmlList(Listing):
    """Links on pages of the site. ``address`` takes ``{page}`` and ``{edition}``."""

    source = "html"
    dated = False
    tells_last = False

    def __init__(self, address: str, links: str, edition: str) -> None:
        super().__init__(edition)
        self._address = address
        self._links = links

    def address(self, page: int) -> str:
        """Return the page's address."""
        return self._address.format(page=page, edition=self.edition)

    def read(self, document: Document) -> ListPage:
        """Read the links. A page without any is no listing."""
        links = document.tree.css(self._links)
        base = document.base_of(document.url).removeprefix(document.url)
        entries = [
            Link(joined(base, href), "html", self.edition, title=link.text().strip() or None)
            for link in links
            if (href := link.attributes.get("href"))
        ]
        if not entries:
            raise NotAListing(f"no link matches {self._links}")
        return ListPage(entries, is_last=False)

    def order(self, link: Link, identity: Identity) -> str | None:
        """Return the native id, which grows with time, padded so that it sorts as text."""
        match = re.search(r"[:-]([0-9]+)$", identity.id)
        return match[1].zfill(12) if match else None


class DayArchive(HtmlList):
    """Links on one page per day. ``address`` takes ``{day}`` with a format: ``{day:%Y%m%d}``.

    ``newest``: the day of page 1. Every entry has the day of its page as its date.
    """

    dated = True
    tells_last = True

    def __init__(self, address: str, links: str, edition: str, newest: date) -> None:
        super().__init__(address, links, edition)
        self._newest = newest
        self._day = newest
        self._empty = 0

    def address(self, page: int) -> str:
        """Return the address of the n-th day, counted backwards."""
        self._day = self._newest - timedelta(page - 1)
        return self._address.format(day=self._day)

    def page_at(self, address: str) -> int | None:
        """Return the page number of the day in an address, counted from the newest day as 1."""
        literals = self._address.replace("%", "%%")
        template = re.sub(r"\{day:([^}]*)\}", lambda day: day[1].replace("%%", "%"), literals)
        try:
            day = datetime.strptime(address, template).date()
        except ValueError:
            return None
        return (self._newest - day).days + 1

    def read(self, document: Document) -> ListPage:
        """Read a day's links. An empty day does not end the archive; an empty week does."""
        try:
            page = super().read(document)
        except NotAListing:
            self._empty += 1
            if self._empty >= _MOST_EMPTY_DAYS:
                raise
            return ListPage((), is_last=False, is_index=True)
        self._empty = 0
        day = self._day.isoformat()
        return replace(page, entries=[replace(entry, published_raw=day) for entry in page.entries])


class CursorList(Listing):
    """A JSON list, newest first. ``address`` takes ``{cursor}``, empty for the first page.

    ``cursor``: the path to the next page's cursor in a response. The list ends if there is none, or
    if it does not change.
    """

    source = "api"

    def __init__(self, address: str, posts: Posts, cursor: str, edition: str) -> None:
        super().__init__(edition)
        self._address = address
        self._posts = posts
        self._path = cursor
        self._cursors = [""]
        self._asked = 1

    def address(self, page: int) -> str:
        """Return the page's address. It is known once the page before has been read."""
        self._asked = page
        return self._address.format(cursor=self._cursors[page - 1])

    def page_at(self, address: str) -> int | None:
        """Return 1 for every page: the number of a cursor's page is not known."""
        first, last = self._address.split("{cursor}")
        return 1 if address.startswith(first) and address.endswith(last) else None

    def read(self, document: Document) -> ListPage:
        """Read a page's posts, and the cursor of the next page."""
        answer = document.json
        entries = list(self._posts.read(answer, self.edition))
        cursor = dig(answer, self._path)
        is_last = cursor in (None, "") or str(cursor) in self._cursors[: self._asked]
        if not is_last:
            self._cursors[self._asked :] = [str(cursor)]
        return ListPage(entries, is_last=is_last)


class EmbeddedList(Listing):
    """Posts in data that a page embeds. ``address`` takes ``{page}``."""

    source = "api"
    tells_last = False

    def __init__(self, address: str, posts: Posts, edition: str) -> None:
        super().__init__(edition)
        self._address = address
        self._posts = posts

    def address(self, page: int) -> str:
        """Return the page's address."""
        return self._address.format(page=page)

    def read(self, document: Document) -> ListPage:
        """Read the posts. The list ends before the first page without any."""
        data = embedded_json(document)
        if data is None:
            raise NotAListing("expected a page with the data of Next.js or Inertia")
        entries = list(self._posts.read(data, self.edition))
        if not entries:
            raise NotAListing("no posts in the page's data")
        return ListPage(entries, is_last=False)

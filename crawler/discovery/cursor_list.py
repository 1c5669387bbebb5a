"""Lists of a JSON API that is read on from a cursor, which each answer tells."""

from crawler.discovery.listing import Listing, ListPage
from crawler.discovery.posts import Posts
from crawler.embedded_json import dig
from crawler.page import Document


class CursorList(Listing):
    """A JSON list, newest first; ``address`` takes ``{cursor}``, empty for the first page.

    ``cursor`` is the path to the next page's cursor in an answer; the list ends where there is
    none, or where it does not move.
    """

    road = "api"

    def __init__(self, address: str, posts: Posts, cursor: str, edition: str) -> None:
        super().__init__(edition)
        self._address = address
        self._posts = posts
        self._path = cursor
        self._cursors = [""]
        self._asked = 1

    def address(self, page: int) -> str:
        """Return the page's address; it is known once the page before has been read."""
        self._asked = page
        return self._address.format(cursor=self._cursors[page - 1])

    def page_at(self, address: str) -> int | None:
        """Return 1 for whatever page: which one a cursor stands for is not known."""
        first, last = self._address.split("{cursor}")
        return 1 if address.startswith(first) and address.endswith(last) else None

    def read(self, document: Document) -> ListPage:
        """Read a page's posts, and where the next page begins."""
        answer = document.json
        entries = list(self._posts.read(answer, self.edition))
        cursor = dig(answer, self._path)
        is_last = cursor in (None, "") or str(cursor) in self._cursors[: self._asked]
        if not is_last:
            self._cursors[self._asked :] = [str(cursor)]
        return ListPage(entries, is_last=is_last)

"""Lists that a page of Next.js or Inertia carries as JSON, with dates that its HTML may lack."""

from crawler.discovery.listing import Listing, ListPage, NotAListing
from crawler.discovery.posts import Posts
from crawler.embedded_json import embedded_json
from crawler.page import Document


class EmbeddedList(Listing):
    """Posts in a page's own data; ``address`` takes ``{page}``."""

    road = "api"
    tells_last = False

    def __init__(self, address: str, posts: Posts, edition: str) -> None:
        super().__init__(edition)
        self._address = address
        self._posts = posts

    def address(self, page: int) -> str:
        """Return the page's address."""
        return self._address.format(page=page)

    def read(self, document: Document) -> ListPage:
        """Read the posts; the list ends before the first page without any."""
        data = embedded_json(document)
        if data is None:
            raise NotAListing("expected a page with the data of Next.js or Inertia")
        entries = list(self._posts.read(data, self.edition))
        if not entries:
            raise NotAListing("no posts in the page's data")
        return ListPage(entries, is_last=False)

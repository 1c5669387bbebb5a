"""Lists in HTML: links picked by a selector; they have an order but no times."""

import re

from crawler.discovery.found import Found
from crawler.discovery.listing import Listing, ListPage, NotAListing
from crawler.identity import Identity
from crawler.page import Document


class HtmlList(Listing):
    """Links on pages of the site; ``address`` takes ``{page}`` and ``{edition}``."""

    road = "html"
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
        """Read the links; a page without any is no listing."""
        links = document.tree.css(self._links)
        entries = [
            Found(url=href, road="html", edition=self.edition, title=link.text().strip() or None)
            for link in links
            if (href := link.attributes.get("href"))
        ]
        if not entries:
            raise NotAListing(f"no link matches {self._links}")
        return ListPage(entries, is_last=False)

    def order(self, found: Found, identity: Identity) -> str | None:
        """Return the native id, which grows with time, padded so that it sorts as text."""
        match = re.search(r"[:-]([0-9]+)$", identity.id)
        return match[1].zfill(12) if match else None

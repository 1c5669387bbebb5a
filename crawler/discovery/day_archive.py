"""Archives with a page a day: what was published then, read from the newest day down."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

from crawler.discovery.html_list import HtmlList
from crawler.discovery.listing import ListPage, NotAListing
from crawler.page import Document

# A wire that says nothing for so long has another archive than we think.
_MOST_EMPTY_DAYS = 7


class DayArchive(HtmlList):
    """Links on a page for each day; ``address`` takes ``{day}``, with a format: ``{day:%Y%m%d}``.

    ``newest`` is the day of page 1; every entry is dated with the day of its page.
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
        """Return how many days before the newest one the day of an address is, counted from 1."""
        literals = self._address.replace("%", "%%")
        template = re.sub(r"\{day:([^}]*)\}", lambda day: day[1].replace("%%", "%"), literals)
        try:
            day = datetime.strptime(address, template).date()
        except ValueError:
            return None
        return (self._newest - day).days + 1

    def read(self, document: Document) -> ListPage:
        """Read a day's links; a day without any does not end the archive, a week does."""
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

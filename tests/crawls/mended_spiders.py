"""UzA's spider with a class for the replica's new design, as its next release would have it."""

from datetime import datetime

from crawler.extract.page import ArticlePage
from pages.uza import LAYOUTS
from pages.uza_current import UzaPage
from spiders import uza


class RedesignedPage(UzaPage):
    """A post in the new design: other names, and the date in words."""

    layout = "redesigned"

    TITLE = "div.story__headline"
    DATE = "div.story__when"
    CATEGORY = "div.story__section"
    HEAD = "div.story__figure"
    LEAD_IMAGE = "img.story__photo"
    CONTENT = "div.story__text"
    TAG = "div.story__tags a.story__tag"
    OWN_CONTENT = CONTENT

    @property
    def published_raw(self) -> str | None:
        """The date, as the rules of the agency know it."""
        return f"{datetime.strptime(self._date_line, '%d %B %Y, %H:%M'):%H:%M / %Y-%m-%d}"


MENDED: tuple[type[ArticlePage], ...] = (RedesignedPage, *LAYOUTS)


class UzaSpider(uza.UzaSpider):
    """Crawls the new design."""

    layouts = MENDED

"""Sources of UNN, Ukrainian National News."""

from collections.abc import Iterable, Sequence

from crawler.crawl.spider import AgencySpider
from crawler.discovery.feeds import Sitemap
from crawler.discovery.listing import Listing
from pages.unn import LAYOUTS, RULES


class UnnSpider(AgencySpider):
    """Reads the sitemap of the site."""

    name = "unn"
    rules = RULES
    layouts = LAYOUTS
    evidence = "one real page; its sitemap is unproved"

    def sources(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return the sitemap."""
        address = self.site.local("https://www.unn.com.ua/sitemap.xml")
        return ((Sitemap(address, edition),),)

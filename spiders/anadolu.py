"""Sources of Anadolu, Türkiye's news agency."""

from collections.abc import Iterable, Sequence

from crawler.crawl.spider import AgencySpider
from crawler.discovery.feeds import RssFeed
from crawler.discovery.listing import Listing
from pages.anadolu import LAYOUTS, RULES

CATEGORIES = {"tr": "guncel", "en": "live"}  # newest articles of other editions, also in ``live``


class AnadoluSpider(AgencySpider):
    """Reads Anadolu's feeds, one per edition."""

    name = "anadolu"
    rules = RULES
    layouts = LAYOUTS
    evidence = "real pages"

    def sources(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return the edition's feed."""
        category = CATEGORIES.get(edition, "live")
        address = f"{self.site.root}/{edition}/rss/default?cat={category}"
        return ((RssFeed(address, edition, stale_days=7),),)

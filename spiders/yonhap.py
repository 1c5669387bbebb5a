"""Sources of Yonhap, the news agency of the Republic of Korea."""

from collections.abc import Iterable, Sequence

from crawler.crawl.spider import AgencySpider
from crawler.discovery.feeds import RssFeed
from crawler.discovery.listing import Listing
from pages.yonhap import LAYOUTS, RULES


class YonhapSpider(AgencySpider):
    """Reads the feed of Yonhap's English site."""

    name = "yonhap"
    rules = RULES
    layouts = LAYOUTS
    evidence = "real pages"

    def sources(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return the feed of all news; other forms of its URL returned 404."""
        return ((RssFeed(f"{self.site.root}/RSS/news.xml", edition, stale_days=7),),)

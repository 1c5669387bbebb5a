"""Sources of China News Service."""

from collections.abc import Iterable, Sequence

from crawler.crawl.spider import AgencySpider
from crawler.discovery.feeds import RssFeed
from crawler.discovery.listing import Listing
from pages.chinanews import LAYOUTS, RULES


class ChinanewsSpider(AgencySpider):
    """Reads the feed of the newest articles."""

    name = "chinanews"
    rules = RULES
    layouts = LAYOUTS
    evidence = "real pages of 2011 and 2012; the current layout from code only"

    def sources(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return the feed, at its URL for programs."""
        return ((RssFeed(f"{self.site.root}/rss/scroll-news.xml", edition, stale_days=7),),)

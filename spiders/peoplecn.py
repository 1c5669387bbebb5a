"""Sources of People's Daily Online."""

from collections.abc import Iterable, Sequence

from crawler.crawl.spider import AgencySpider
from crawler.discovery.feeds import RssFeed
from crawler.discovery.listing import Listing
from pages.peoplecn import LAYOUTS, RULES


class PeoplecnSpider(AgencySpider):
    """Reads the feed of the politics section; no feed of all sections is known."""

    name = "peoplecn"
    rules = RULES
    layouts = LAYOUTS
    evidence = "real pages of 2011 and 2012; the current layout from one page"

    def sources(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return the feed, at its URL for programs."""
        return ((RssFeed(f"{self.site.root}/rss/politics.xml", edition, stale_days=7),),)

"""People's Daily Online: where its articles are."""

from collections.abc import Iterable, Sequence

from crawler.crawl.spider import AgencySpider
from crawler.discovery.feeds import RssFeed
from crawler.discovery.listing import Listing
from pages.peoplecn import LAYOUTS, RULES


class PeoplecnSpider(AgencySpider):
    """Reads the feed of its politics: one for all channels is not known."""

    name = "peoplecn"
    rules = RULES
    layouts = LAYOUTS
    evidence = "real pages of 2011 and 2012; the current layout from one page"

    def sources(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return the feed, at the address that programs read."""
        return ((RssFeed(f"{self.site.root}/rss/politics.xml", edition, stale_days=7),),)

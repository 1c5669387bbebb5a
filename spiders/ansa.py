"""Sources of ANSA, Italy's news agency."""

from collections.abc import Iterable, Sequence

from crawler.crawl.spider import AgencySpider
from crawler.discovery.feeds import RssFeed
from crawler.discovery.listing import Listing
from pages.ansa import LAYOUTS, RULES


class AnsaSpider(AgencySpider):
    """Reads the feed of ANSA's front page."""

    name = "ansa"
    rules = RULES
    layouts = LAYOUTS
    evidence = "real pages; the layout of today is unseen"

    def sources(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return the feed, at its published URL."""
        return ((RssFeed(f"{self.site.root}/sito/ansait_rss.xml", edition, stale_days=7),),)

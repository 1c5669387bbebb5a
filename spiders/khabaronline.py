"""KhabarOnline: where its articles are, as at all sites of the same CMS."""

from collections.abc import Iterable, Sequence

from crawler.crawl.spider import AgencySpider
from crawler.discovery.feeds import NewsSitemap, RssFeed
from crawler.discovery.listing import Listing
from pages.khabaronline import LAYOUTS, RULES


class KhabaronlineSpider(AgencySpider):
    """Reads KhabarOnline's feed and news sitemap."""

    name = "khabaronline"
    rules = RULES
    layouts = LAYOUTS
    evidence = "real pages"

    def sources(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return the feed, and the news sitemap: both where the CMS puts them."""
        feed = RssFeed(f"{self.site.root}/rss", edition, stale_days=7)
        return ((feed,), (NewsSitemap(f"{self.site.root}/sitemap/news/sitemap.xml", edition),))

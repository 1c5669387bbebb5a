"""Sources of KhabarOnline; all sites of its CMS have the same."""

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
        """Return feed and news sitemap, at the default URLs of the CMS."""
        feed = RssFeed(f"{self.site.root}/rss", edition, stale_days=7)
        return ((feed,), (NewsSitemap(f"{self.site.root}/sitemap/news/sitemap.xml", edition),))

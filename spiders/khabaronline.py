"""KhabarOnline: where its articles are, as at all sites of the same CMS."""

from collections.abc import Iterable, Sequence

from crawler.discovery.listing import Listing
from crawler.discovery.news_sitemap import NewsSitemap
from crawler.discovery.rss import RssFeed
from crawler.spider import AgencySpider
from pages.khabaronline import LAYOUTS, RULES


class KhabaronlineSpider(AgencySpider):
    """Reads KhabarOnline's feed and news sitemap."""

    name = "khabaronline"
    rules = RULES
    layouts = LAYOUTS
    evidence = "real pages"

    def roads(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return the feed, and the news sitemap: both where the CMS puts them."""
        feed = RssFeed(f"{self.site.root}/rss", edition, stale_days=7)
        return ((feed,), (NewsSitemap(f"{self.site.root}/sitemap/news/sitemap.xml", edition),))

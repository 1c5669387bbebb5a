"""Sources of AP, The Associated Press."""

from collections.abc import Iterable, Sequence

from crawler.crawl.spider import AgencySpider
from crawler.discovery.feeds import NewsSitemap, Sitemap
from crawler.discovery.listing import Listing
from pages.apnews import LAYOUTS, RULES


class ApnewsSpider(AgencySpider):
    """Reads AP's news sitemap; sometimes the site refuses plain clients, and the run ends."""

    name = "apnews"
    rules = RULES
    layouts = LAYOUTS
    evidence = "real pages"

    def sources(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return the news sitemap, which contains all editions, else the complete sitemap."""
        if edition != "en":
            return ()
        news = NewsSitemap(f"{self.site.root}/news-sitemap-content.xml", edition)
        return ((news, Sitemap(f"{self.site.root}/sitemap.xml", edition)),)

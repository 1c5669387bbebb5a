"""AP, The Associated Press: where its articles are."""

from collections.abc import Iterable, Sequence

from crawler.crawl.spider import AgencySpider
from crawler.discovery.feeds import NewsSitemap, Sitemap
from crawler.discovery.listing import Listing
from pages.apnews import LAYOUTS, RULES


class ApnewsSpider(AgencySpider):
    """Reads AP's news sitemap; at times the site refuses plain clients, and a run ends then."""

    name = "apnews"
    rules = RULES
    layouts = LAYOUTS
    evidence = "real pages"

    def sources(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return the news sitemap, which holds all editions, else the whole sitemap."""
        if edition != "en":
            return ()
        news = NewsSitemap(f"{self.site.root}/news-sitemap-content.xml", edition)
        return ((news, Sitemap(f"{self.site.root}/sitemap.xml", edition)),)

"""AP, The Associated Press: where its articles are."""

from collections.abc import Iterable, Sequence

from crawler.discovery.listing import Listing
from crawler.discovery.news_sitemap import NewsSitemap
from crawler.discovery.sitemap import Sitemap
from crawler.spider import AgencySpider
from pages.apnews import LAYOUTS, RULES


class ApnewsSpider(AgencySpider):
    """Reads AP's news sitemap; at times the site refuses plain clients, and a run ends then."""

    name = "apnews"
    rules = RULES
    layouts = LAYOUTS
    evidence = "real pages"

    def roads(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return the news sitemap, which holds all editions, else the whole sitemap."""
        if edition != "en":
            return ()
        news = NewsSitemap(f"{self.site.root}/news-sitemap-content.xml", edition)
        return ((news, Sitemap(f"{self.site.root}/sitemap.xml", edition)),)

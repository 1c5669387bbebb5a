"""Sources of TASS."""

from collections.abc import Iterable, Sequence

from crawler.crawl.spider import AgencySpider
from crawler.discovery.feeds import RssFeed
from crawler.discovery.listing import Listing
from crawler.discovery.lists import CursorList, Posts
from pages.tass import LAYOUTS, RULES

POSTS = Posts("result.contents", address="url", published="published_dt")
CURSOR = "result.contents.-1.es_updated_dt"
SITES = {"ru": "https://tass.ru", "en": "https://tass.com"}


class TassSpider(AgencySpider):
    """Reads TASS's feeds, and its search for a range of days; sometimes the site refuses."""

    name = "tass"
    rules = RULES
    layouts = LAYOUTS
    evidence = "real pages; the current layout from code only"

    def sources(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return the edition's feed, and the Russian search, which covers many years."""
        root = self.site.local(SITES[edition])
        feed = (RssFeed(f"{root}/rss/v2.xml", edition, stale_days=7),)
        if edition != "ru":
            return (feed,)
        search = f"{root}/tbp/api/v1/search?limit=50&lang=ru&search_after={{cursor}}"
        return (feed, (CursorList(search, POSTS, CURSOR, edition),))

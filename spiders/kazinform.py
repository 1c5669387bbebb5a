"""Sources of Kazinform, Kazakhstan's news agency."""

from collections.abc import Iterable, Sequence

from crawler.crawl.spider import AgencySpider
from crawler.discovery.feeds import RssFeed
from crawler.discovery.listing import Listing
from crawler.discovery.lists import DayArchive
from pages.kazinform import LAYOUTS, RULES

FEEDS = {
    "ru": "https://www.inform.kz/rss/rus.xml",
    "kz": "https://www.inform.kz/rss/kaz.xml",
    "en": "https://qazinform.com/rss/en.xml",  # the old site's returned 404
}
LINKS = 'a[href*="_a"], a.lenta_news_title, a[href*="/news/"]'


class KazinformSpider(AgencySpider):
    """Reads Kazinform's feeds, and its archive for a range of days."""

    name = "kazinform"
    rules = RULES
    layouts = LAYOUTS
    evidence = "real pages; the current layout from code only"

    def sources(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return the edition's feed, and its archive with one page per day."""
        feed = RssFeed(self.site.local(FEEDS[edition]), edition, stale_days=7)
        days = f"{self.site.root}/{edition}/archive?date={{day:%d.%m.%Y}}"
        return (
            (feed,),
            (DayArchive(days, LINKS, edition, self.arguments.newest_day(RULES.timestamp.zone)),),
        )

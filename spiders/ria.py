"""Sources of RIA Novosti."""

from collections.abc import Iterable, Sequence

from crawler.crawl.spider import AgencySpider
from crawler.discovery.feeds import RssFeed
from crawler.discovery.listing import Listing
from crawler.discovery.lists import DayArchive
from pages.ria import LAYOUTS, RULES


class RiaSpider(AgencySpider):
    """Reads RIA's feed, and its archive with one page per day."""

    name = "ria"
    rules = RULES
    layouts = LAYOUTS
    evidence = "real pages"

    def sources(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return the feed of about 100 articles, and the archive; the English feed was removed."""
        if edition != "ru":
            return ()
        feed = RssFeed(f"{self.site.root}/export/rss2/archive/index.xml", edition, stale_days=7)
        days = f"{self.site.root}/{{day:%Y%m%d}}/"
        return (
            (feed,),
            (
                DayArchive(
                    days,
                    "a.list-item__title",
                    edition,
                    self.arguments.newest_day(RULES.timestamp.zone),
                ),
            ),
        )

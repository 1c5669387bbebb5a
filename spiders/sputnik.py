"""Sources of Sputnik, in the languages with a site of their own."""

from collections.abc import Iterable, Sequence

from crawler.crawl.spider import AgencySpider
from crawler.discovery.feeds import RssFeed
from crawler.discovery.listing import Listing
from pages.sputnik import HOSTS, LAYOUTS, RULES


class SputnikSpider(AgencySpider):
    """Reads the feed of each of Sputnik's sites; all have the same path."""

    name = "sputnik"
    rules = RULES
    layouts = LAYOUTS
    evidence = "real pages; the current layout from its sister site"

    def sources(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return the feed of the edition's newest host."""
        *_, host = (host for host, code in HOSTS.items() if code == edition)
        address = self.site.local(f"https://{host}/export/rss2/archive/index.xml")
        return ((RssFeed(address, edition, stale_days=7),),)

"""Sources of Ukrinform, Ukraine's news agency."""

from collections.abc import Iterable, Sequence

from crawler.crawl.spider import AgencySpider
from crawler.discovery.feeds import RssFeed
from crawler.discovery.listing import Listing
from pages.ukrinform import HOSTS, LAYOUTS, RULES


class UkrinformSpider(AgencySpider):
    """Reads the feed of 30 articles that each of Ukrinform's sites has."""

    name = "ukrinform"
    rules = RULES
    layouts = LAYOUTS
    evidence = "real pages"

    def sources(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return the feed of the edition's host."""
        host = next(host for host, code in HOSTS.items() if code == edition)
        address = self.site.local(f"https://{host}/rss/block-lastnews")
        return ((RssFeed(address, edition, stale_days=7),),)

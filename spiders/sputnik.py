"""Sputnik: where its articles are, in the languages it has sites of their own for."""

from collections.abc import Iterable, Sequence

from crawler.crawl.spider import AgencySpider
from crawler.discovery.feeds import RssFeed
from crawler.discovery.listing import Listing
from pages.sputnik import HOSTS, LAYOUTS, RULES


class SputnikSpider(AgencySpider):
    """Reads the feed that each of Sputnik's sites has at the same place."""

    name = "sputnik"
    rules = RULES
    layouts = LAYOUTS
    evidence = "real pages; the current layout from its sister site"

    def sources(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return the feed of the edition's newest host."""
        *_, host = (host for host, code in HOSTS.items() if code == edition)
        address = self.site.local(f"https://{host}/export/rss2/archive/index.xml")
        return ((RssFeed(address, edition, stale_days=7),),)

"""Reuters: archived pages only."""

from collections.abc import Iterable, Sequence

from crawler.crawl.spider import AgencySpider
from crawler.discovery.listing import Listing
from pages.reuters import LAYOUTS, RULES


class ReutersSpider(AgencySpider):
    """Reads archived pages of Reuters; its site refuses crawlers, and we respect that."""

    name = "reuters"
    rules = RULES
    layouts = LAYOUTS
    evidence = "real pages"
    refusal = "the site answers 401 to every crawler; give it archived pages"

    def sources(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return none: nothing is requested from the site."""
        return ()

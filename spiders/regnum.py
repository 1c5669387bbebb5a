"""Regnum: archived pages only."""

from collections.abc import Iterable, Sequence

from crawler.crawl.spider import AgencySpider
from crawler.discovery.listing import Listing
from pages.regnum import LAYOUTS, RULES


class RegnumSpider(AgencySpider):
    """Reads archived pages from about 2012; no page of today's site was seen yet."""

    name = "regnum"
    rules = RULES
    layouts = LAYOUTS
    evidence = "real pages of 2011 and 2012"
    refusal = "only its pages of 2011 to 2013 are known; give it archived pages"

    def sources(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return none: no layout reads the articles of today's lists."""
        return ()

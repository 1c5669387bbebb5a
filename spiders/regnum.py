"""Regnum: only for pages that an archive holds."""

from collections.abc import Iterable, Sequence

from crawler.crawl.spider import AgencySpider
from crawler.discovery.listing import Listing
from pages.regnum import LAYOUTS, RULES


class RegnumSpider(AgencySpider):
    """Reads archived pages of about 2012; those of today were never seen."""

    name = "regnum"
    rules = RULES
    layouts = LAYOUTS
    evidence = "real pages of 2011 and 2012"
    refusal = "only its pages of 2011 to 2013 are known; give it archived pages"

    def sources(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return none: what a list of today shows, no layout reads."""
        return ()

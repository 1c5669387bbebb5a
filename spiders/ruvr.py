"""The Voice of Russia: archived pages only."""

from collections.abc import Iterable, Sequence

from crawler.crawl.spider import AgencySpider
from crawler.discovery.listing import Listing
from pages.ruvr import LAYOUTS, RULES


class RuvrSpider(AgencySpider):
    """Reads archived pages; the site closed in 2014."""

    name = "ruvr"
    rules = RULES
    layouts = LAYOUTS
    evidence = "real pages of 2012, in Russian"
    refusal = "the site is gone since 2014; give it archived pages"

    def sources(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return none: the site does not exist any more."""
        return ()

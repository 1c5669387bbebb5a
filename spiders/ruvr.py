"""The Voice of Russia: only for pages that an archive holds."""

from collections.abc import Iterable, Sequence

from crawler.crawl.spider import AgencySpider
from crawler.discovery.listing import Listing
from pages.ruvr import LAYOUTS, RULES


class RuvrSpider(AgencySpider):
    """Reads archived pages; the site is gone since 2014."""

    name = "ruvr"
    rules = RULES
    layouts = LAYOUTS
    evidence = "real pages of 2012, in Russian"
    refusal = "the site is gone since 2014; give it archived pages"

    def sources(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return none: there is no site any more."""
        return ()

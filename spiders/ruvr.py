"""The Voice of Russia: archived pages only."""

from crawler.crawl.spider import AgencySpider
from pages.ruvr import LAYOUTS, RULES


class RuvrSpider(AgencySpider):
    """Reads archived pages; the site closed in 2014."""

    name = "ruvr"
    rules = RULES
    layouts = LAYOUTS
    evidence = "real pages of 2012, in Russian"
    refusal = "the site is gone since 2014; give it archived pages"

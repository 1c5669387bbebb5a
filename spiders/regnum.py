"""Regnum: archived pages only."""

from crawler.crawl.spider import AgencySpider
from pages.regnum import LAYOUTS, RULES


class RegnumSpider(AgencySpider):
    """Reads archived pages from about 2012; no layout reads those of today's site."""

    name = "regnum"
    rules = RULES
    layouts = LAYOUTS
    evidence = "real pages of 2011 and 2012"
    refusal = "only its pages of 2011 to 2013 are known; give it archived pages"

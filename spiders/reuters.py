"""Reuters: archived pages only."""

from crawler.crawl.spider import AgencySpider
from pages.reuters import LAYOUTS, RULES


class ReutersSpider(AgencySpider):
    """Reads archived pages of Reuters; its site refuses crawlers, and we respect that."""

    name = "reuters"
    rules = RULES
    layouts = LAYOUTS
    evidence = "real pages"
    refusal = "the site answers 401 to every crawler; give it archived pages"

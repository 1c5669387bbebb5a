"""Sources of Xinhua, China's news agency."""

from collections.abc import Iterable, Sequence

from crawler.crawl.spider import AgencySpider
from crawler.discovery.listing import Listing
from crawler.discovery.lists import HtmlList
from pages.xinhua import LAYOUTS, RULES

LISTS = {
    "zh": "https://www.news.cn/xhsxw.htm",
    "en": "https://english.news.cn/list/latestnews.htm",
}
LINKS = 'a[href$="/c.html"], a[href*="/c_"]'


class XinhuaSpider(AgencySpider):
    """Reads Xinhua's lists of the newest articles: its feeds have not changed since 2022."""

    name = "xinhua"
    rules = RULES
    layouts = LAYOUTS
    evidence = "real pages; the current layout from code only"

    def sources(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return the edition's list, which has one page; the converted edition has no list."""
        if edition not in LISTS:
            return ()
        return ((HtmlList(self.site.local(LISTS[edition]), LINKS, edition),),)

"""UNN, Ukrainian National News: its rules, and the layout of its pages."""

import re

from crawler.extract.news_page import NewsPage
from crawler.extract.page import ArticlePage
from crawler.model.rules import AddressRules, AgencyRules, BylineRules, TextRules, TimestampRules

RULES = AgencyRules(
    name="unn",
    editions={"uk": "uk", "ru": "ru"},
    address=AddressRules(
        site="https://www.unn.com.ua",
        hosts=frozenset({"unn.com.ua", "www.unn.com.ua"}),
        articles=(re.compile(r"(?P<path>(?:/[^/]+)*/(?P<id>[1-9]\d{4,8})[^/]*)"),),
        canonical="/{}",
    ),
    # JSON-LD and microdata have no zone: times are in Kyiv's.
    timestamp=TimestampRules(zone="Europe/Kyiv"),
    byline=BylineRules(agency=("УНН", "UNN", "Украинские Национальные Новости")),
    text=TextRules(datelines=(re.compile(r"[А-ЯІЇЄҐ -]+\. \d+ \w+\. УНН\."),)),
)


class UnnPage(NewsPage):
    """The site, as known from one page."""

    rules = RULES
    layout = "current"

    BODY = '[itemprop~="articleBody"]'
    SECTION = '[itemprop="articleSection"]'
    TAGS = "div.b-news-tags a"


LAYOUTS: tuple[type[ArticlePage], ...] = (UnnPage,)

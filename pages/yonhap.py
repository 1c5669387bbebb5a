"""Yonhap, the news agency of the Republic of Korea: its rules, and the layout of its pages."""

import re

from crawler.extract.news_page import NewsPage
from crawler.extract.page import ArticlePage
from crawler.model.rules import AddressRules, AgencyRules, BylineRules, TextRules, TimestampRules

RULES = AgencyRules(
    name="yonhap",
    editions={"en": "en"},
    address=AddressRules(
        site="https://en.yna.co.kr",
        hosts=frozenset({"en.yna.co.kr", "m-en.yna.co.kr", "english.yonhapnews.co.kr"}),
        articles=(re.compile(r"/view/(?P<id>[A-Z]{3}\d{11,20})"),),
        canonical="/view/{id}",
    ),
    timestamp=TimestampRules(zone="Asia/Seoul"),
    byline=BylineRules(agency=("Yonhap", "Yonhap News Agency", "Yonhap News")),
    text=TextRules(
        datelines=(
            re.compile(r"By (?P<names>[A-Z][^\n.]{2,80})\n"),
            re.compile(r"[A-Z][A-Za-z, ]+?, [A-Z][a-z]{2,8}\.? \d+ \(Yonhap\) -- "),
        ),
        boilerplate=(re.compile(r"[\w.+-]+@(?:yna|yonhapnews)\.co\.kr"),),
        ends=(re.compile(r"\(END\)"),),
    ),
)


class YonhapPage(NewsPage):
    """The site since 2023, with older articles in it; the text ends with an e-mail address."""

    rules = RULES
    layout = "current"

    BODY = "article.story-news"
    SKIP = "div"  # pictures and lists of other stories; the text is in none


LAYOUTS: tuple[type[ArticlePage], ...] = (YonhapPage,)

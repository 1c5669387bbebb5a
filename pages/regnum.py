"""Regnum, a Russian news agency: its rules, and the layout of its pages of about 2012."""

import re

from crawler.extract.news_page import NewsPage
from crawler.extract.page import ArticlePage
from crawler.model.article import Label
from crawler.model.rules import AddressRules, AgencyRules, BylineRules, TimestampRules

RULES = AgencyRules(
    name="regnum",
    editions={"ru": "ru"},
    address=AddressRules(
        site="https://regnum.ru",
        hosts=frozenset({"regnum.ru", "www.regnum.ru", "pda.regnum.ru"}),
        articles=(re.compile(r"/news/(?:[a-z-]+/)?(?P<id>[1-9]\d*)(?:\.html)?"),),
        canonical="/news/{id}.html",
    ),
    timestamp=TimestampRules(
        zone="Europe/Moscow",
        shapes=(
            re.compile(
                r"(?P<hour>\d\d):(?P<minute>\d\d) (?P<day>\d\d)\.(?P<month>\d\d)\.(?P<year>\d{4})"
            ),
        ),
    ),
    byline=BylineRules(agency=("ИА REGNUM", "REGNUM", "Regnum")),
    charset="windows-1251",
)


class RegnumPage(NewsPage):
    """The site of 2011 to 2013; the date is among links below the text."""

    rules = RULES
    layout = "2012"

    MARK = "div.newsinfo"
    BODY = "div.newsbody"
    SKIP = "h1, div#partincut, div.photoset"
    TITLE = "div.newsbody h1"
    PICTURES = "div.photoset img"
    CAPTION = "div.photoset"
    INFO = "div.newsinfo"
    TIME = re.compile(r"\d\d:\d\d \d\d\.\d\d\.\d{4}")

    @property
    def published_raw(self) -> str | None:
        """The time in the lines below the text."""
        times = (self.TIME.search(line) for line in self._texts(self.INFO))
        return next((time[0] for time in times if time), None)

    @property
    def category(self) -> Label | None:
        """The section, which is only in a ``meta`` element."""
        name = next(iter(self.metadata.metas("regnum-category")), None)
        return Label(name) if name else None


LAYOUTS: tuple[type[ArticlePage], ...] = (RegnumPage,)

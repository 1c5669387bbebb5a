"""People's Daily Online: its rules, and one class for each layout of its pages."""

import re

from crawler.extract.news_page import NewsPage
from crawler.extract.page import ArticlePage
from crawler.model.article import Label
from crawler.model.rules import AddressRules, AgencyRules, BylineRules, TextRules, TimestampRules
from pages.xinhua import CHINESE_DATES, PAGER, SIGNATURE

_CHANNELS = (
    *("auto", "culture", "edu", "ent", "finance", "house", "media", "military", "mnc", "news"),
    *("opinion", "pic", "politics", "scitech", "society", "sports", "tw", "unn", "world", "cpc"),
)

RULES = AgencyRules(
    name="peoplecn",
    editions={"zh": "zh"},
    address=AddressRules(
        site="http://www.people.com.cn",
        hosts=frozenset(
            {"www.people.com.cn", *(f"{channel}.people.com.cn" for channel in _CHANNELS)}
        ),
        # All channels share one sequence of numbers, whatever is before it.
        articles=(
            re.compile(r"(?P<path>/GB(?:/\d+)+/(?P<id>\d{6,})\.html)"),
            re.compile(r"(?P<path>/n\d/\d{4}/\d{4}/c\d+-(?P<id>\d{6,})\.html)"),
        ),
        canonical="/{}",
        apart={f"{channel}.people.com.cn": "" for channel in _CHANNELS},
    ),
    timestamp=TimestampRules(zone="Asia/Shanghai", shapes=CHINESE_DATES),
    byline=BylineRules(agency=("人民网", "人民日报", "People's Daily"), titles=("实习记者",)),
    text=TextRules(
        datelines=(
            re.compile(
                r"[\u4e00-\u9fff]{2,6}[网报][^\n。，（(]{0,20}?[（(][^\n）)]{0,6}记者[ \u3000]?"
                r"(?P<names>[^（）()\n]{2,40})[）)]"
            ),
            re.compile(
                r"[\u4e00-\u9fff]{2,8}讯[ \u3000]*记者[ \u3000]?(?P<names>[^\n。，]{2,20}?)报道"
            ),
        ),
        signatures=(SIGNATURE,),
        boilerplate=(
            PAGER,
            re.compile(r"■?相关链接[：:]?|・.+"),  # links to other articles
            re.compile(r".{0,150}[（(][^（）()]{0,20}摄[）)]"),  # a picture's caption
        ),
        ends=(re.compile(r"[（(]责任编辑[:：]"),),
    ),
    charset="gb18030",
)


class Peoplecn2012Page(NewsPage):
    """The channels of 2011 and 2012; the picture is above the text."""

    rules = RULES
    layout = "2012"

    MARK = "#p_publishtime"
    BODY = "#p_content"
    SKIP = "p.pictext, table#table2"
    TITLE = "#p_title"
    DATE = "#p_publishtime"
    AUTHORS = "p.author"
    SECTION = "#p_navigator a:nth-of-type(2)"
    PICTURES = "div.text_img img"
    CAPTION = "div.text_img center"

    @property
    def category(self) -> Label | None:
        """The section. Words for search engines may follow a channel's name and are cut off."""
        label = super().category
        return Label(label.name.partition("-")[0]) if label else None


class PeoplecnPage(NewsPage):
    """The site since 2020; persons named after the text are editors."""

    rules = RULES
    layout = "current"

    ROOT = "div.rm_txt"
    BODY = "div.rm_txt_con"
    SKIP = "div.edit, p.paper_num, div.bza, center > table"
    TITLE = "h1"
    DATE = "div.channel div.col-1-1"
    AUTHORS = "div.author"


LAYOUTS: tuple[type[ArticlePage], ...] = (PeoplecnPage, Peoplecn2012Page)

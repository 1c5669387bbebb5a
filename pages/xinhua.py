"""Xinhua, China's news agency: its rules, and one class for each layout of its pages."""

import re

from crawler.extract.news_page import NewsPage
from crawler.extract.page import ArticlePage
from crawler.model.rules import AddressRules, AgencyRules, BylineRules, TextRules, TimestampRules

_REGIONS = (
    *("ah", "bj", "cq", "fj", "gd", "gs", "gx", "gz", "ha", "hb", "he", "hlj", "hn", "hq", "jl"),
    *("jx", "ln", "nmg", "nx", "qh", "sc", "sd", "sh", "sn", "sx", "tj", "tibet", "xj", "yn", "zj"),
    *("js", "news", "sports", "education", "world", "politics", "finance"),
)

_OTHERS = (
    *("www.xinhuanet.com", "xinhuanet.com", "www.banyuetan.org", "banyuetan.org"),
    *(f"{www}{region}.xinhuanet.com" for region in _REGIONS for www in ("", "www.")),
    *(f"{www}{region}.news.cn" for region in _REGIONS for www in ("", "www.")),
)

RULES = AgencyRules(
    name="xinhua",
    editions={"zh": "zh", "en": "en"},
    address=AddressRules(
        site="https://www.news.cn",
        hosts=frozenset({"www.news.cn", "news.cn", "english.news.cn", *_OTHERS}),
        articles=(
            re.compile(r"(?P<path>(?:/[\w-]+)*/c_(?P<id>\d+)(?:_\d+)?\.html?)"),
            re.compile(r"(?P<path>(?:/[\w-]+)*/content_(?P<id>\d+)(?:_\d+)?\.html?)"),
            re.compile(r"(?P<path>(?:/[\w-]+)*/(?P<id>[0-9a-f]{32})/c\.html)"),
            re.compile(r"(?P<path>(?:/[\w-]+)*/detail/\d{8}/(?P<id>\d+)_\d+\.html)"),
        ),
        canonical="/{}",
        apart={"english.news.cn": "en", **dict.fromkeys(_OTHERS, "")},
    ),
    # No date has a zone: they are Shanghai's.
    timestamp=TimestampRules(
        zone="Asia/Shanghai",
        shapes=(
            re.compile(
                r"\D{0,60}(?P<year>\d{4}) ?[-/年]? ?(?P<month>\d{1,2}) ?[-/月] ?"
                r"(?P<day>\d{1,2})日? ?"
                r"(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?:\W.*)?"
            ),
        ),
    ),
    byline=BylineRules(
        agency=("新华社", "新华网", "Xinhua", "半月谈网"), lead=("新华社记者", "半月谈记者")
    ),
    text=TextRules(
        datelines=(
            re.compile(r"[A-Z][A-Za-z, ]+, [A-Z][a-z]{2,8}\.? \d+ \(Xinhua\) -- "),
            re.compile(
                r"新华[社网]\S{1,20}?电\s?(?:题[：:][^\n]*\n+新华社记者\s?(?P<names>[^\n。，]{1,60})$)",
                re.MULTILINE,
            ),
            re.compile(r"新华[社网]\S{1,20}?电\s?(?:[（(]记者\s?(?P<names>[^（）()]+)[）)])?"),
        ),
        boilerplate=(re.compile(r"图集|\+1|新闻评论"),),
        ends=(re.compile(r"【纠错】|[\[【]?责任编辑[:： ]|^Editor: ", re.MULTILINE),),
    ),
    charset="gb18030",
)


class XinhuaPage(NewsPage):
    """The site since 2021; known from programs that read it."""

    rules = RULES
    layout = "current"

    BODY = "div#detailContent, span#detailContent"
    TITLE = "div.head-line h1 span.title, span.title, h1"
    DATE = "div.header-time, span.time, p.time, div.info"


class XinhuaOldPage(NewsPage):
    """The site until 2021; no structured data, and an empty ``h1``."""

    rules = RULES
    layout = "2020"

    BODY = "div#p-detail, div#content"
    SKIP = "div.lb, div.tadd, div.zan-wap, div.p-tags, div.share"
    TITLE = "div.h-title, h1#title"
    DATE = "span.h-time, span#pubtime, .info .time, i.time"
    TAGS = "div.p-kwap a"


class XinhuaTablePage(NewsPage):
    """Pages of the provinces' sites of about 2012, made of nameless tables."""

    rules = RULES
    layout = "2012"

    MARK = 'td[bgcolor="#f3f3f3"], td.topxian'
    BODY = 'td[style*="line-height:24px"]'
    SKIP = "table"
    TITLE = 'td[height="40"] b'
    DATE = 'td[bgcolor="#f3f3f3"] > font:first-of-type'
    AUTHORS = "td.topxian:first-child"


class XinhuaBanyuetanPage(NewsPage):
    """Banyuetan, a magazine of the agency: a ``meta`` names who is responsible for the page."""

    rules = RULES
    layout = "banyuetan"

    BODY = "div#detail_content"
    DATE = "div.detail_tit_time"


LAYOUTS: tuple[type[ArticlePage], ...] = (
    XinhuaPage,
    XinhuaOldPage,
    XinhuaBanyuetanPage,
    XinhuaTablePage,
)

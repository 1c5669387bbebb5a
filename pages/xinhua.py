"""Xinhua, China's news agency: its rules, and one class for each layout of its pages."""

import re

from crawler.extract.html import one_line
from crawler.extract.news_page import NewsPage
from crawler.extract.page import ArticlePage
from crawler.model.article import Label
from crawler.model.rules import AddressRules, AgencyRules, BylineRules, TextRules, TimestampRules

_REGIONS = (
    *("ah", "bj", "cq", "fj", "gd", "gs", "gx", "gz", "ha", "hb", "he", "hlj", "hn", "hq", "jl"),
    *("jx", "ln", "nmg", "nx", "qh", "sc", "sd", "sh", "sn", "sx", "tj", "tibet", "xj", "yn", "zj"),
    *("js", "news", "sports", "education", "world", "politics", "finance", "chinaneast"),
)

_OTHERS = (
    *("www.xinhuanet.com", "xinhuanet.com", "www.banyuetan.org", "banyuetan.org"),
    *(f"{www}{region}.xinhuanet.com" for region in _REGIONS for www in ("", "www.")),
    *(f"{www}{region}.news.cn" for region in _REGIONS for www in ("", "www.")),
)

# Pages converted to traditional script by a program: `/gate/big5/<host>/...`.
_GATE = r"(?:/gate/big5/[\w.-]+)?"
# `2012年01月17日 19:40 来源：...`; dates have no zone: they are in Shanghai's.
_DAY = r"\D{0,60}(?P<year>\d{4}) ?[-/年]? ?(?P<month>\d{1,2}) ?[-/月] ?(?P<day>\d{1,2}) ?日? ?"
CHINESE_DATES = (
    re.compile(rf"{_DAY}(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?:\W.*)?"),
    re.compile(rf"{_DAY}(?:[^\d\s].*)?"),
)
# `1 2 下一页`: the links between the pages of an article.
PAGER = re.compile(
    r"(?:(?:\[?\d{1,2}\]?|[上下]一[页頁]|[尾首末][页頁]|Next|Previous)(?: (?:>>|<<))? ?){2,}"
)
# `（记者 X）` or `（评论员 X Y）` at the end of a text.
SIGNATURE = re.compile(
    r"[（(](?:[\u4e00-\u9fff]{0,6}(?:[记記]者|[评評][论論][员員]))[ \u3000：:]?"
    r"(?P<names>[\u4e00-\u9fff、 \u3000·]{2,40})[）)]\s*\Z"
)

RULES = AgencyRules(
    name="xinhua",
    editions={"zh": "zh", "en": "en", "big5": "zh"},
    address=AddressRules(
        site="https://www.news.cn",
        hosts=frozenset(
            {"www.news.cn", "news.cn", "english.news.cn", "big5.xinhuanet.com", *_OTHERS}
        ),
        articles=(
            re.compile(rf"(?P<path>{_GATE}(?:/[\w-]+)*/c_(?P<id>\d+)(?:_\d+)?\.html?)"),
            re.compile(rf"(?P<path>{_GATE}(?:/[\w-]+)*/content_(?P<id>\d+)(?:_\d+)?\.html?)"),
            re.compile(r"(?P<path>(?:/[\w-]+)*/(?P<id>[0-9a-f]{32})/c\.html)"),
            re.compile(r"(?P<path>(?:/[\w-]+)*/detail/\d{8}/(?P<id>\d+)_\d+\.html)"),
        ),
        canonical="/{}",
        apart={"english.news.cn": "en", "big5.xinhuanet.com": "big5", **dict.fromkeys(_OTHERS, "")},
    ),
    timestamp=TimestampRules(zone="Asia/Shanghai", shapes=CHINESE_DATES),
    byline=BylineRules(
        agency=("新华社", "新华网", "Xinhua", "半月谈网"), lead=("新华社记者", "半月谈记者")
    ),
    text=TextRules(
        datelines=(
            re.compile(r"[A-Z][A-Za-z, ]+, [A-Z][a-z]{2,8}\.? \d+ \(Xinhua\) -- "),
            re.compile(
                r"新[华華][社网網]\S{1,20}?[电電]\s?"
                r"(?:[题題][：:][^\n]*\n+(?:新[华華]社)?[记記]者\s?(?P<names>[^\n。，]{1,60})$)",
                re.MULTILINE,
            ),
            re.compile(
                r"新[华華][社网網]\S{1,20}?[电電]\s?"
                r"(?:[（(](?:新[华華]社)?[记記]者\s?(?P<names>[^（）()]+)[）)])?"
            ),
            re.compile(
                r"新[华華][网網]\S{1,8}[频頻]道\s+[记記]者\s?(?P<names>[^\n。，]{1,60})$",
                re.MULTILINE,
            ),
        ),
        boilerplate=(
            re.compile(r"[图圖][为為表][：:].{1,150}"),  # a picture's caption
            re.compile(r"图集|\+1|新闻评论|[点點][击擊][进進]入>>"),
            PAGER,
            re.compile(r".{0,200}新[华華]社(?:[记記]者|发|發)\s?\S{2,4}\s?(?:摄|攝|编制|編製)"),
        ),
        signatures=(SIGNATURE,),
        ends=(
            re.compile(
                r"【[纠糾][错錯]】|[\[【（(]?[责責]任[编編][辑輯][:： ]|^Editor: ", re.MULTILINE
            ),
        ),
    ),
    charset="gb18030",
)


class XinhuaPage(NewsPage):
    """The site since 2021; known only from other programs that read it."""

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
    """The provinces' sites of about 2012, made of tables without class or id."""

    rules = RULES
    layout = "2012"

    MARK = 'td[bgcolor="#f3f3f3"], td.topxian'
    BODY = 'td[style*="line-height:24px"]'
    SKIP = "table"
    TITLE = 'td[height="40"] b'
    DATE = 'td[bgcolor="#f3f3f3"] > font:first-of-type'
    AUTHORS = "td.topxian:first-child"


class XinhuaBanyuetanPage(NewsPage):
    """Banyuetan, a magazine of the agency: a ``meta`` names the editor of the page."""

    rules = RULES
    layout = "banyuetan"

    BODY = "div#detail_content"
    DATE = "div.detail_tit_time"


class Xinhua2011Page(NewsPage):
    """The main site of about 2011, made of tables; a caption is a paragraph in navy."""

    rules = RULES
    layout = "2011"

    MARK = "span#pubtime"
    BODY = "div#Content, span#content"
    SKIP = 'p[style*="navy"]'
    TITLE = "span#title"
    DATE = "span#pubtime"
    SECTION = "td.weizhi02 > a"


class XinhuaProvincePage(NewsPage):
    """Other provinces' sites, 2005 to 2012; date and section have no class or id."""

    rules = RULES
    layout = "provinces"

    MARK = TITLE = "#Title"
    BODY = "#Content, #Zoom"
    STAMP = re.compile(r"\d{4}[-年]\d{1,2}[-月]\d{1,2}日?(?: \d\d:\d\d(?::\d\d)?)?")
    STEPS = "td > a, h2 > a, span > a, div > a"
    PLACE = re.compile(r"[您当當].?前?位置[：:]")

    @property
    def published_raw(self) -> str | None:
        """The first date below the headline."""
        text = " ".join(self.root.text_lexbor().split())
        stamp = self.STAMP.search(text, text.find(self.title))
        return stamp[0] if stamp else None

    @property
    def category(self) -> Label | None:
        """The section: the last link of the breadcrumbs."""
        parents = (step.parent for step in self.root.css(self.STEPS))
        ways = (way for way in parents if way and self.PLACE.match(way.text(deep=False).strip()))
        name = next((one_line(way.css("a")[-1]) for way in ways), None)
        return Label(name) if name else None


class XinhuaChongqingPage(XinhuaProvincePage):
    """The site of Chongqing in 2012."""

    layout = "chongqing"

    MARK = TITLE = "div.N_left > div.a1"
    BODY = "span#zoom"


class XinhuaHubeiPage(XinhuaProvincePage):
    """The site of Hubei in 2012."""

    layout = "hubei"

    MARK = BODY = "div.wzlb_left_wz"
    SKIP = "h1, h6"
    TITLE = "div.wzlb_left_wz > h1"


LAYOUTS: tuple[type[ArticlePage], ...] = (
    XinhuaPage,
    XinhuaOldPage,
    XinhuaBanyuetanPage,
    XinhuaTablePage,
    Xinhua2011Page,
    XinhuaProvincePage,
    XinhuaChongqingPage,
    XinhuaHubeiPage,
)

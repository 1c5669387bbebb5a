"""China News Service: its rules, and one class for each layout of its pages."""

import re

from crawler.extract.news_page import NewsPage
from crawler.extract.page import ArticlePage
from crawler.model.article import Label
from crawler.model.rules import AddressRules, AgencyRules, BylineRules, TextRules, TimestampRules
from pages.xinhua import CHINESE_DATES, PAGER, SIGNATURE

_CHANNELS = ("finance", "sports", "ent", "it", "life", "stock", "auto", "house")
_HOSTS = ("www.chinanews.com", "chinanews.com", "www.chinanews.com.cn", "chinanews.com.cn")
_DATED = r"(?P<path>(?!/tp/)(?:/[\w-]+)+/\d{4}/\d\d-\d\d"

RULES = AgencyRules(
    name="chinanews",
    editions={"zh": "zh"},
    address=AddressRules(
        site="https://www.chinanews.com",
        hosts=frozenset({*_HOSTS, *(f"{name}.chinanews.com" for name in _CHANNELS)}),
        # All channels share one sequence of numbers; but videos have their own, and so does each
        # picture of a gallery, below /tp/.
        articles=(re.compile(rf"{_DATED}/(?P<id>(?:news)?\d+)\.s?html?)"),),
        canonical="/{}",
        apart={f"{name}.chinanews.com": "" for name in _CHANNELS},
    ),
    timestamp=TimestampRules(zone="Asia/Shanghai", shapes=CHINESE_DATES),
    byline=BylineRules(
        agency=("中新社", "中新网", "中国新闻网", "中国新闻社", "chinanews"), lead=("中新社记者",)
    ),
    text=TextRules(
        datelines=(
            re.compile(
                r"中新[社网]\S{1,20}?电 ?题[：:][^\n]*\n+"
                r"(?:中新社)?记者 ?(?P<names>[^\n。，]{1,60})$",
                re.MULTILINE,
            ),
            re.compile(
                r"中新[社网]\S{1,20}?电 ?(?:[（(](?:记者 ?)?(?P<names>[^（）()]{2,40})[）)])?"
            ),
        ),
        signatures=(SIGNATURE,),
        boilerplate=(PAGER,),
        ends=(re.compile(r"【编辑[:：]"),),
    ),
    charset="gb18030",
)


class Chinanews2011Page(NewsPage):
    """The site until the end of 2011."""

    rules = RULES
    layout = "2011"

    MARK = "div.left_bt"
    BODY = "div.left_zw"
    SKIP = 'table[align="left"]'  # an advertisement
    TITLE = "div.left_bt h1"
    DATE = "div.left_time"
    SECTION = "a#nextpage ~ a:last-of-type"


class Chinanews2012Page(NewsPage):
    """The site since January 2012: a picture is above the text, its caption below it."""

    rules = RULES
    layout = "2012"

    MARK = "div.left-t"
    BODY = "div.left_zw"
    SKIP = 'table[align="left"]'
    TITLE = "div.content > h1"
    DATE = "div.left-t"
    PICTURES = "div.left_ph img"
    CAPTION = "div.left_pt"
    CHANNEL = "div.channel a"
    CHANNEL_NAME = re.compile(r"进入(\S(?:.*\S)??)(?:频道|新闻)")

    @property
    def category(self) -> Label | None:
        """The section, named in a link to more of it; its code is in a hidden field."""
        names = (self.CHANNEL_NAME.search(text) for text in self._texts(self.CHANNEL))
        name = next((name[1].replace(" ", "") for name in names if name), None)
        code = self.document.tree.css_first('input[name="newstype"]')
        return Label(name, code.attributes.get("value") if code else None) if name else None


class ChinanewsVideoPage(NewsPage):
    """A video of 2012, with a text; a script makes its player."""

    rules = RULES
    layout = "video"

    BODY = "div.zw_content"
    TITLE = "div.zw_title"
    DATE = "div.zw_title + div"
    SECTION = "div.dqwz a:nth-of-type(2)"


class ChinanewsPage(Chinanews2012Page):
    """The site since 2021; known only from other programs that read it."""

    layout = "current"

    MARK = "div.content_left_time"
    SKIP = "div.pictext, div.adInContent"
    TITLE = "h1.content_left_title"
    DATE = "#pubtime_baidu, div.content_left_time"


LAYOUTS: tuple[type[ArticlePage], ...] = (
    ChinanewsPage,
    Chinanews2012Page,
    Chinanews2011Page,
    ChinanewsVideoPage,
)

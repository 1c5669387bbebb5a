"""KhabarOnline: its rules, and the layout it shares with IRNA, ISNA and Mehr (CMS: Nastooh)."""

import re

from crawler.extract.news_page import NewsPage
from crawler.extract.page import ArticlePage
from crawler.model.rules import AddressRules, AgencyRules, BylineRules, TextRules, TimestampRules

# Visible dates are Solar Hijri: ۲۹ بهمن ۱۳۹۸ - ۰۶:۵۵
NASTOOH_TIMES = TimestampRules(
    zone="Asia/Tehran",
    shapes=(
        re.compile(
            r"(?:[^\d]{3,12}[ ،,/]+)?(?P<day>\d{1,2}) (?P<month>[^\W\d]+) (?P<year>\d{4})"
            r"(?:[ ،,/–-]+(?P<hour>\d{1,2}):(?P<minute>\d\d))?"
        ),
    ),
    calendar="solar hijri",
)
NASTOOH_TEXT = TextRules(
    boilerplate=(
        re.compile(r"[\d/ ]{2,12}|/?انتهای پیام/?|کد خبر:? ?\d+"),
    ),  # a desk's number, end marks
)
NASTOOH_ARTICLES = (
    re.compile(r"/(?:news|photo)/(?P<id>[1-9]\d*)(?:/[^/]*)?"),
    re.compile(r"/x?(?P<id>[0-9]{5,}|[0-9a-zA-Z]{5})"),  # short addresses for sharing
)

RULES = AgencyRules(
    name="khabaronline",
    editions={"fa": "fa"},
    address=AddressRules(
        site="https://www.khabaronline.ir",
        hosts=frozenset({"www.khabaronline.ir", "khabaronline.ir"}),
        articles=NASTOOH_ARTICLES[:1],
        canonical="/news/{id}",
    ),
    timestamp=NASTOOH_TIMES,
    byline=BylineRules(agency=("خبرآنلاین", "KhabarOnline", "Khabaronline News Agency")),
    text=NASTOOH_TEXT,
)


class NastoohPage(NewsPage):
    """The template of all sites with this CMS."""

    ROOT = "article#item"
    BODY = "div.item-text"
    LEAD = "p.introtext, h3.introtext, div.item-summary p.summary"
    TITLE = "div.item-title h1, h1.title"
    DATE = "div.item-date > span, div.item-date"
    AUTHORS = "div.item-header .item-author, div.item-source .author"
    TAGS = "section.tags li a"
    SKIP = "div.gallery, div.item-code, div.item-boxes, section.tags, div.item-related"


class KhabaronlinePage(NastoohPage):
    """The present site."""

    rules = RULES
    layout = "current"


LAYOUTS: tuple[type[ArticlePage], ...] = (KhabaronlinePage,)

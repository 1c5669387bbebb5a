"""RIA Novosti: its rules, and one class for each layout of its pages."""

import re

from crawler.extract.news_page import NewsPage
from crawler.extract.page import ArticlePage
from crawler.model.rules import AddressRules, AgencyRules, BylineRules, TextRules, TimestampRules

# OpenGraph writes 20220611T0924, at the newer sites with a zone; here Moscow's is meant.
SHORT_ISO = re.compile(
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)T(?P<hour>\d\d)(?P<minute>\d\d)"
    r"(?P<second>\d\d)?(?P<zone>Z|[+-]\d{4})?"
)

SECTIONS = ("crimea.ria.ru", "realty.ria.ru", "rsport.ria.ru", "sn.ria.ru", "radiosputnik.ria.ru")

RULES = AgencyRules(
    name="ria",
    editions={"ru": "ru", "en": "en"},
    address=AddressRules(
        site="https://ria.ru",
        hosts=frozenset({"ria.ru", "www.ria.ru", "en.rian.ru", *SECTIONS}),
        articles=(re.compile(r"(?P<path>(?:/[\w-]+)*/\d{8}/(?:[\w-]*-)?(?P<id>\d{6,})\.html)"),),
        canonical="/{}",
        apart={"en.rian.ru": "en", **dict.fromkeys(SECTIONS, "")},
    ),
    timestamp=TimestampRules(
        zone="Europe/Moscow",
        shapes=(
            SHORT_ISO,
            re.compile(
                r"(?P<hour>\d\d):(?P<minute>\d\d) (?P<day>\d\d)[./](?P<month>\d\d)[./]"
                r"(?P<year>\d{4}).*"
            ),
        ),
    ),
    byline=BylineRules(agency=("РИА Новости", "RIA Novosti", "МИА Россия сегодня")),
    text=TextRules(datelines=(re.compile(r"[А-ЯЁ -]+, \d+ \w+\.? [-—] РИА Новости\."),)),
)


class RossiyaSegodnyaPage(NewsPage):
    """The template that all sites of the publisher share; with endless scroll, of several articles.

    The ``h1`` may be a second title, which stands below the headline.
    """

    ROOT = "div.article"
    BODY = (
        'div.article__text, div.article__quote-text, div.article__block[data-type^="h"],'
        'div.article__block[data-type="list"], div.article__block[data-type="table"]'
    )
    TITLE = "div.article__title, h1.article__title"
    LEAD = "div.article__announce-text"
    DATE = "div.article__info-date > a"
    AUTHORS = "div.article__author-name"
    TAGS = "a.article__tags-item, a.tag__text"


class RiaPage(RossiyaSegodnyaPage):
    """The site as it is."""

    rules = RULES
    layout = "current"


class RiaOldPage(NewsPage):
    """The English site of 2011, without structured data."""

    rules = RULES
    layout = "2011"

    ROOT = "div.article-content"
    BODY = "div#article div.body"
    SKIP = "div"
    TITLE = "h1.bigtitle"
    DATE = "div.data"
    SECTION = "h4.rubric-header"


LAYOUTS: tuple[type[ArticlePage], ...] = (RiaPage, RiaOldPage)

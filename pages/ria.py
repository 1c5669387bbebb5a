"""RIA Novosti: its rules, and one class for each layout of its pages."""

import re

from crawler.extract.news_page import NewsPage
from crawler.extract.page import ArticlePage
from crawler.model.rules import AddressRules, AgencyRules, BylineRules, TextRules, TimestampRules

# OpenGraph has 20220611T0924, on the newer sites with a zone; without one, it is Moscow's. In 2013
# it had 20120105T1603+0400Z, where the Z has no meaning.
SHORT_ISO = re.compile(
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)T(?P<hour>\d\d)(?P<minute>\d\d)"
    r"(?P<second>\d\d)?(?P<zone>Z|[+-]\d{4})?Z?"
)

SECTIONS = ("crimea.ria.ru", "realty.ria.ru", "rsport.ria.ru", "sn.ria.ru", "radiosputnik.ria.ru")
# Earlier hosts of the site: an article has the same number at all of them.
_OLD_HOSTS = ("eco.ria.ru", "rian.ru", "www.rian.ru")

RULES = AgencyRules(
    name="ria",
    editions={"ru": "ru", "en": "en"},
    address=AddressRules(
        site="https://ria.ru",
        hosts=frozenset({"ria.ru", "www.ria.ru", "en.rian.ru", *SECTIONS, *_OLD_HOSTS}),
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
    text=TextRules(
        datelines=(
            re.compile(
                r"[А-ЯЁ/ -]+, \d+ \w+\.? [-—–] РИА Новости"
                r"(?:, (?P<names>(?:[^.\n]|(?<=\b[А-ЯЁ])\.){3,80}))?\."
            ),
        ),
    ),
    charset="windows-1251",
)


class RossiyaSegodnyaPage(NewsPage):
    """The template of all sites of the publisher; a page with endless scroll has several articles.

    The ``h1`` may be a second title, below the headline.
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
    """The present site."""

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


class Ria2012Page(RiaOldPage):
    """The Russian site until 2012."""

    layout = "2012"

    ROOT = "div#content"
    MARK = "div#article div.dt"
    SKIP = "div.injects, div.photo, div.inject"
    TITLE = "div#content > h1"
    DATE = "div#article div.dt"
    SECTION = "h3.rubric-header"


class Ria2013Page(NewsPage):
    """The Russian site of 2013; its lead was made from the text's first sentence."""

    rules = RULES
    layout = "2013"

    ROOT = "div.article"
    BODY = "div.article_full_text"
    SKIP = (
        "div.media_copyright, div.articles_playlist, div.article_assessment,"
        "div.article_assessment_success"
    )
    TITLE = "h1.article_header_title"
    DATE = "time.article_header_date"
    SECTION = "div.article_header_rubric h2"


LAYOUTS: tuple[type[ArticlePage], ...] = (RiaPage, Ria2013Page, Ria2012Page, RiaOldPage)

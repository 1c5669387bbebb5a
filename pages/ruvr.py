"""The Voice of Russia, closed in 2014: its rules, and the layout of its pages."""

import re

from crawler.extract.news_page import NewsPage
from crawler.extract.page import ArticlePage
from crawler.model.rules import AddressRules, AgencyRules, BylineRules, TimestampRules

HOSTS = {"rus.ruvr.ru": "ru", "english.ruvr.ru": "en"}

RULES = AgencyRules(
    name="ruvr",
    editions={edition: edition for edition in HOSTS.values()},
    address=AddressRules(
        site="http://rus.ruvr.ru",
        hosts=frozenset(HOSTS),
        articles=(re.compile(r"(?P<path>/\d{4}/\d\d/\d\d/(?P<id>[1-9]\d*))(?:\.html)?"),),
        canonical="/{}",
        apart=HOSTS,
    ),
    timestamp=TimestampRules(
        zone="Europe/Moscow",
        shapes=(
            re.compile(
                r"(?P<day>\d{1,2}) (?P<month>[^\W\d]+),? (?P<year>\d{4}),? "
                r"(?P<hour>\d\d):(?P<minute>\d\d)"
            ),
        ),
    ),
    byline=BylineRules(agency=("Голос России", "The Voice of Russia", "Voice of Russia")),
    charset="windows-1251",
)


class RuvrPage(NewsPage):
    """The sites of 2012 and 2013."""

    rules = RULES
    layout = "2013"

    ROOT = "article.article"
    BODY = "div.article-text"
    SKIP = (
        "a.article-commented-link, a.article-timeline-link, p.asvor-media-player,"
        'a[href*="/download/"], div.author_fio, div.article-tags, div.article-comments'
    )
    TITLE = "div.article-header h1"
    LEAD = "div.article-caption h2"
    DATE = "time.article-time"
    AUTHORS = "div.author_fio a"
    TAGS = 'a.tag-link[href*="/tag_"]'
    SECTION = 'a.tag-link:not([href*="/tag_"])'
    PICTURES = "div.article-media img"
    CAPTION = "div.article-media .img-caption"


LAYOUTS: tuple[type[ArticlePage], ...] = (RuvrPage,)

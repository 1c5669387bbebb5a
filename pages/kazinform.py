"""Kazinform, Kazakhstan's news agency: its rules, and one class for each layout of its pages."""

import re

from crawler.extract.news_page import NewsPage
from crawler.extract.page import ArticlePage
from crawler.model.rules import AddressRules, AgencyRules, BylineRules, TextRules, TimestampRules

_PREFIX = r"(?:/(?:ru|kz|en|qz|cn|ar|uz|ky))?"
_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)"
_DAY = r"(?P<day>\d{1,2}) (?P<month>[^\W\d]+),? (?P<year>\d{4})"

RULES = AgencyRules(
    name="kazinform",
    editions={"ru": "ru", "kz": "kk", "en": "en"},
    address=AddressRules(
        site="https://www.inform.kz",
        hosts=frozenset(
            {"inform.kz", "www.inform.kz", "lenta.inform.kz", "qazinform.com", "www.qazinform.com"}
        ),
        articles=(
            re.compile(rf"(?P<path>{_PREFIX}(?:/news)?/[^/]+_a(?P<id>[1-9]\d*))"),
            re.compile(rf"(?P<path>{_PREFIX}/article/(?P<id>[1-9]\d*))"),
            re.compile(rf"(?P<path>{_PREFIX}(?:/news)?/(?P<slug>[^/]+-[0-9a-f]{{6}}))"),
            re.compile(rf"(?P<path>{_PREFIX}/news/(?P<slug>[^/]+))"),
        ),
        canonical="/{}",
        apart={"qazinform.com": "", "www.qazinform.com": ""},  # the present English site
    ),
    # Almaty was at UTC+6 until 29 February 2024, and has been at UTC+5 since.
    timestamp=TimestampRules(
        zone="Asia/Almaty",
        shapes=(re.compile(rf"{_TIME},? {_DAY}"), re.compile(rf"{_DAY},? {_TIME}")),
    ),
    byline=BylineRules(agency=("Kazinform", "Казинформ", "Қазақпарат", "INFORM.KZ", "Qazinform")),
    text=TextRules(
        boilerplate=(
            re.compile(r"(?:Новости по теме|Читайте также|Подписывайтесь на наш канал).*"),
        )
    ),
)


class KazinformPage(NewsPage):
    """The site since 2023; known only from other programs that read it."""

    rules = RULES
    layout = "current"

    BODY = ".article__body-text"
    SKIP = ".article__related, .frame_news_article"
    TITLE = ".allNewsCard_title"
    LEAD = ".article__description"
    DATE = ".allNewsCard_time"
    AUTHORS = ".article__author, .allNewsCard_author"


class KazinformOldPage(NewsPage):
    """The site until 2023: in JSON-LD the agency is the author, the reporter is below the text."""

    rules = RULES
    layout = "2020"

    BODY = "div.article_news_body"
    SKIP = "div.frame_news_article, div.soc_art_block"
    DATE = "div.date_public_art"
    AUTHORS = "p.name_p"


LAYOUTS: tuple[type[ArticlePage], ...] = (KazinformPage, KazinformOldPage)

"""Anadolu, Türkiye's news agency: its rules, and one class for each layout of its pages."""

import re

from crawler.extract.news_page import NewsPage
from crawler.extract.page import ArticlePage
from crawler.model.rules import AddressRules, AgencyRules, BylineRules, TextRules, TimestampRules

_EDITIONS = {
    **{"tr": "tr", "en": "en", "ru": "ru", "ar": "ar", "fr": "fr", "es": "es", "fa": "fa"},
    **{"id": "id", "kk": "kk", "ba": "bs", "sq": "sq", "mk": "mk", "ku": "ku"},
}

RULES = AgencyRules(
    name="anadolu",
    editions=_EDITIONS,
    address=AddressRules(
        site="https://www.aa.com.tr",
        hosts=frozenset({"aa.com.tr", "www.aa.com.tr"}),
        articles=(re.compile(r"(?P<path>(?:/[^/]+){2,4}/(?P<id>[1-9]\d{3,9}))"),),
        canonical="/{}",
    ),
    # Times without a zone are in Istanbul's; the old layout writes 03.04.2025, day first.
    timestamp=TimestampRules(
        zone="Europe/Istanbul",
        shapes=(
            re.compile(
                r"(?P<day>\d{1,2})[. ](?P<month>\d\d|[^\W\d]+)[. ](?P<year>\d{4})"
                r"(?: (?P<hour>\d\d):(?P<minute>\d\d))?(?:\W.*)?"
            ),
        ),
    ),
    byline=BylineRules(agency=("Anadolu", "Anadolu Ajansı", "Anadolu Agency", "AA")),
    text=TextRules(boilerplate=(re.compile(r"Anadolu Ajansı web sitesinde, AA Haber Akış .*"),)),
)


class AnadoluPage(NewsPage):
    """The site since 2026."""

    rules = RULES
    layout = "current"

    BODY = "div[dir].prose, div[dir].embed-responsive"
    SKIP = "div"
    LEAD = "h1 + span.text-descriptionColor, h1 ~ span.text-descriptionColor"


class AnadoluOldPage(NewsPage):
    """The site until 2025: no JSON-LD, and a day without an hour."""

    rules = RULES
    layout = "2025"

    BODY = "div.detay-icerik > div:not(.detay-paylas)"
    SKIP = ".detay-foto-editor"
    TITLE = "div.detay-spot-category h1"
    LEAD = "div.detay-spot-category h4"
    DATE = "span.tarih"
    AUTHORS = "div.detay-spot-category div.row > span:not(.tarih)"
    TAGS = "div.detay-paylas > div > a.btn"
    SECTION = "span.detay-news-category"


LAYOUTS: tuple[type[ArticlePage], ...] = (AnadoluPage, AnadoluOldPage)

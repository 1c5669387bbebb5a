"""Ukrinform, Ukraine's news agency: its rules, and the layout of its pages."""

import re

from crawler.extract.news_page import NewsPage
from crawler.extract.page import ArticlePage
from crawler.model.rules import AddressRules, AgencyRules, BylineRules, TextRules, TimestampRules

HOSTS = {
    f"www.ukrinform.{end}": edition
    for end, edition in {
        **{"ua": "uk", "net": "en", "ru": "ru", "de": "de", "es": "es", "fr": "fr"},
        **{"jp": "ja", "pl": "pl"},
    }.items()
}

RULES = AgencyRules(
    name="ukrinform",
    editions={edition: edition for edition in HOSTS.values()},
    address=AddressRules(
        site="https://www.ukrinform.ua",
        hosts=frozenset({*HOSTS, *(host.removeprefix("www.") for host in HOSTS)}),
        articles=(re.compile(r"(?P<path>/rubric-[\w-]+/(?P<id>[1-9]\d*)(?:-[^/]*)?\.html)"),),
        canonical="/{}",
        apart={**HOSTS, **{host.removeprefix("www."): code for host, code in HOSTS.items()}},
    ),
    timestamp=TimestampRules(
        zone="Europe/Kyiv",
        shapes=(
            re.compile(
                r"(?P<day>\d\d)\.(?P<month>\d\d)\.(?P<year>\d{4}) (?P<hour>\d\d):(?P<minute>\d\d)"
            ),
        ),
    ),
    byline=BylineRules(agency=("Ukrinform", "Укринформ", "Укрінформ")),
    text=TextRules(boilerplate=(re.compile(r"(?:Читайте также|Читайте також|Read also):.*"),)),
)


class UkrinformPage(NewsPage):
    """The sites since 2019; the lead stands in the text's element, but not in its text."""

    rules = RULES
    layout = "current"

    BODY = "div.newsText"
    SKIP = "div.newsHeading, section.read"
    TITLE = "h1.newsTitle"
    LEAD = "div.newsHeading"
    DATE = "div.newsDate"
    TAGS = "aside.tags a.tag, aside.tags a"


LAYOUTS: tuple[type[ArticlePage], ...] = (UkrinformPage,)

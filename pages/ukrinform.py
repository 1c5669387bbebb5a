"""Ukrinform, Ukraine's news agency: its rules, and the layouts of its pages."""

import re
from urllib.parse import urlsplit

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

# The path's first part, from when all editions were at one host.
_PATHS = {"ukr": "uk", "rus": "ru", "eng": "en", "deu": "de", "esp": "es", "fra": "fr"}

RULES = AgencyRules(
    name="ukrinform",
    editions={edition: edition for edition in HOSTS.values()},
    address=AddressRules(
        site="https://www.ukrinform.ua",
        hosts=frozenset({*HOSTS, *(host.removeprefix("www.") for host in HOSTS)}),
        articles=(
            re.compile(r"(?P<path>/rubric-[\w-]+/(?P<id>[1-9]\d*)(?:-[^/]*)?\.html)"),
            re.compile(rf"(?P<path>/(?:{'|'.join(_PATHS)})/news/(?P<slug>\w+_[1-9]\d*))"),
        ),
        canonical="/{}",
        apart={**HOSTS, **{host.removeprefix("www."): code for host, code in HOSTS.items()}},
    ),
    timestamp=TimestampRules(
        zone="Europe/Kyiv",
        shapes=(
            re.compile(
                r"(?P<day>\d\d)\.(?P<month>\d\d)\.(?P<year>\d{4}) (?P<hour>\d\d):(?P<minute>\d\d)"
            ),
            re.compile(
                r"(?P<hour>\d\d):(?P<minute>\d\d) (?P<day>\d\d)\.(?P<month>\d\d)\.(?P<year>\d{4})"
            ),
        ),
    ),
    byline=BylineRules(agency=("Ukrinform", "Укринформ", "Укрінформ")),
    text=TextRules(boilerplate=(re.compile(r"(?:Читайте также|Читайте також|Read also):.*"),)),
    charset="windows-1251",
)


class UkrinformPage(NewsPage):
    """The sites since 2019; the lead is in the text's element, but not part of the text."""

    rules = RULES
    layout = "current"

    BODY = "div.newsText"
    SKIP = "div.newsHeading, section.read"
    TITLE = "h1.newsTitle"
    LEAD = "div.newsHeading"
    DATE = "div.newsDate"
    TAGS = "aside.tags a.tag, aside.tags a"


class Ukrinform2012Page(NewsPage):
    """The site of 2011 to 2013, without structured data and with all editions at one host."""

    rules = RULES
    layout = "2012"

    MARK = "div.article_info"
    BODY = "div.left_colum > p"
    TITLE = "div.left_colum > h1"
    DATE = "div.article_info div.date"

    @property
    def edition(self) -> str | None:
        """The edition, by the path's first part."""
        path = urlsplit(self.document.url).path
        return _PATHS.get(path.strip("/").partition("/")[0])


LAYOUTS: tuple[type[ArticlePage], ...] = (UkrinformPage, Ukrinform2012Page)

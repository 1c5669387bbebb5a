"""ANSA, Italy's news agency: its rules, and one class for each layout of its pages."""

import re

from crawler.extract.news_page import NewsPage
from crawler.extract.page import ArticlePage
from crawler.model.rules import AddressRules, AgencyRules, BylineRules, TextRules, TimestampRules

RULES = AgencyRules(
    name="ansa",
    editions={"it": "it"},
    address=AddressRules(
        site="https://www.ansa.it",
        hosts=frozenset({"www.ansa.it", "ansa.it"}),
        articles=(
            re.compile(
                r"(?P<path>(?:/[\w-]+)+/[^/]*_(?P<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.html)"
            ),
        ),
        canonical="/{}",
    ),
    timestamp=TimestampRules(
        zone="Europe/Rome",
        shapes=(
            re.compile(
                r"(?P<day>\d{1,2}) (?P<month>[a-z]+) (?P<year>\d{4})[, -]*"
                r"(?P<hour>\d\d)[:.](?P<minute>\d\d)"
            ),
        ),
    ),
    byline=BylineRules(
        agency=("ANSA", "Agenzia ANSA", "Redazione ANSA"), lead=("di",), joiners=("e",)
    ),
    text=TextRules(
        datelines=(re.compile(r"\(ANSA(?:-AFP)?\) - [A-Z' ]+, \d+ [A-Z]{3} - "),),
        ends=(re.compile(r"RIPRODUZIONE RISERVATA|Riproduzione riservata ©"),),
    ),
)


class AnsaPage(NewsPage):
    """The site until 2022, read by its microdata; as far as we know, it still has the same."""

    rules = RULES
    layout = "2020"

    BODY = '[itemprop="articleBody"], div.post-single-text'
    TITLE = "h1.news-title, h1.post-single-title"
    AUTHORS = "span.news-author"


LAYOUTS: tuple[type[ArticlePage], ...] = (AnsaPage,)

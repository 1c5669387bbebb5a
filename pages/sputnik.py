"""Sputnik, which has a site for each language: its rules, and one class for each layout."""

import re

from crawler.extract.news_page import NewsPage
from crawler.extract.page import ArticlePage
from crawler.model.rules import AddressRules, AgencyRules, BylineRules, TextRules, TimestampRules
from pages.ria import SHORT_ISO, RossiyaSegodnyaPage

HOSTS = {
    "sputniknews.com": "en",
    "sputnikglobe.com": "en",
    "arabic.sputniknews.com": "ar",
    "sputnikarabic.ae": "ar",
    "sputnik.kg": "kg",
    "ru.sputnik.kg": "ru",
    "tj.sputniknews.ru": "tj",
    "uz.sputniknews.ru": "uzru",
    "sputniknews.uz": "uz",
    "oz.sputniknews.uz": "oz",
    "sputniknews.kz": "kk",
}

# Sites that are closed, or have no known feed: their pages are in archives.
PAST_HOSTS = {
    **{"mundo.sputniknews.com": "es", "fr.sputniknews.com": "fr", "de.sputniknews.com": "de"},
    **{"it.sputniknews.com": "it", "br.sputniknews.com": "pt", "tr.sputniknews.com": "tr"},
    **{"jp.sputniknews.com": "ja", "sputniknews.cn": "zh", "ir.sputniknews.com": "fa"},
    **{"vn.sputniknews.com": "vi", "rs.sputniknews.com": "sr", "pl.sputniknews.com": "pl"},
    **{"cz.sputniknews.com": "cs", "sputniknews.gr": "el"},
    **{"sputniknews-uz.com": "uz", "oz.sputniknews-uz.com": "oz"},
    **{"az.sputniknews.ru": "az", "ru.sputniknews.kz": "kzru", "sputnik.by": "by"},
    **{"sputnik-georgia.ru": "geru", "sputnik-georgia.com": "ge", "ru.sputnik.md": "mdru"},
    **{"ru.armeniasputnik.am": "amru", "armeniasputnik.am": "am", "ru.sputnik-tj.com": "tjru"},
}

RULES = AgencyRules(
    name="sputnik",
    editions={
        **{"en": "en", "ar": "ar", "kg": "ky", "ru": "ru"},
        **{"tj": "tg", "uz": "uz-Cyrl", "oz": "uz-Latn", "uzru": "ru", "kk": "kk"},
    },
    address=AddressRules(
        site="https://sputniknews.com",
        hosts=frozenset({*HOSTS, *PAST_HOSTS}),
        articles=(
            re.compile(r"(?P<path>(?:/[\w-]+)*/\d{8}(?P<id>\d{8,12})(?:-[^/]*)?)"),
            re.compile(r"(?P<path>(?:/[\w-]+)*/\d{8}/(?:[^/]*-)?(?P<id>\d{6,12})\.html)"),
        ),
        canonical="/{}",
        apart={**HOSTS, **PAST_HOSTS},
    ),
    timestamp=TimestampRules(
        zone="Europe/Moscow",
        unzoned="UTC",  # pages say GMT
        shapes=(SHORT_ISO,),
    ),
    byline=BylineRules(agency=("Sputnik", "Sputnik International", "سبوتنيك", "Спутник")),
    text=TextRules(),
)


class SputnikPage(RossiyaSegodnyaPage):
    """The sites since 2021, in the publisher's template; confirmed only on another site of it."""

    rules = RULES
    layout = "current"


class SputnikOldPage(NewsPage):
    """The sites until 2021: microdata, with times in UTC."""

    rules = RULES
    layout = "2020"

    BODY = "div.b-article__text"
    SKIP = "div.b-inject, div.b-article__inject"
    TITLE = "div.b-article__header-title h1"
    LEAD = "div.b-article__lead"
    AUTHORS = "div.b-article__refs-author"


LAYOUTS: tuple[type[ArticlePage], ...] = (SputnikPage, SputnikOldPage)
